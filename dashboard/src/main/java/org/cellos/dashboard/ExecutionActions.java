package org.cellos.dashboard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.deck.DeckException;
import org.cellos.deck.RobotShare;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Priority;
import org.cellos.domain.Profile;
import org.cellos.domain.Question;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.cellos.protocol.NearestName;
import org.cellos.protocol.ProtocolException;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.protocol.RobotsFile;
import org.cellos.store.ExecutionDetails;
import org.cellos.worker.ConfiguredRobots;
import org.cellos.worker.ExecutionDesk;
import org.cellos.worker.Rerun;
import org.jspecify.annotations.Nullable;

/**
 * What people and programs may ask for, checked and passed on; the pages and the REST interface
 * both ask here. Returns once it is recorded. Thread-safe; everything but a start or a rerun
 * without an id of the caller's own may be repeated.
 *
 * <p>Its methods throw {@link RequestException} for what is wrong with the request, and what {@link
 * ExecutionDesk} throws.
 */
final class ExecutionActions {
  private static final int LONGEST_NOTE = 10_000;
  private static final String OR_A_PERSON =
      " Choose a robot, or none: a person does it then. Nothing was started.";

  private final MirrorReader mirror;
  private final ExecutionDesk desk;
  private final ProtocolResolver resolver;

  ExecutionActions(MirrorReader mirror, ExecutionDesk desk, ProtocolResolver resolver) {
    this.mirror = mirror;
    this.desk = desk;
    this.resolver = resolver;
  }

  /**
   * What would be performed.
   *
   * @param protocol with the steps as they would be
   * @param share what of it a robot would do; null where none does
   */
  record Plan(ResolvedProtocol protocol, @Nullable RobotShare share) {
    String fingerprint() {
      return Json.sha256(protocol.steps());
    }
  }

  /**
   * What is real must be what was looked at: the deck may have been written down anew meanwhile.
   *
   * @param seen of the preview; empty where there was none
   * @throws ExecutionRefusedException if something else would be performed
   */
  void requireSeen(StartRequest request, String seen) {
    boolean isReal =
        !request.isDryRun() && instruments(request.instruments()) == Instruments.HARDWARE;
    if (isReal && !seen.isEmpty() && !seen.equals(plan(request).fingerprint())) {
      throw new ExecutionRefusedException(
          "What would be performed is not what the preview shows any more. Nothing was started: look"
              + " at the preview again, then start it.");
    }
  }

  /** Fills every quantity in, and parts the steps among a robot and a person; starts nothing. */
  Plan plan(StartRequest request) {
    Instruments instruments = instruments(request.instruments());
    ResolvedProtocol protocol = resolve(request);
    String robot = request.robot() == null || request.robot().isBlank() ? null : request.robot();
    if (instruments != Instruments.HARDWARE) {
      if (robot != null) {
        throw RequestException.badRequest("robot", "A robot goes with hardware only.");
      }
      return new Plan(protocol, null);
    }
    try {
      return RobotShare.choose(protocol, robots(), robot)
          .map(share -> new Plan(share.protocol(), share))
          .orElseGet(() -> new Plan(protocol, null));
    } catch (DeckException e) {
      throw RequestException.badRequest("robot", e.getMessage() + OR_A_PERSON);
    }
  }

  /**
   * The robots beside the history.
   *
   * @throws RequestException if their file is wrong
   */
  RobotsFile robots() {
    try {
      return RobotsFile.read(ConfiguredRobots.fileBeside(mirror.file()));
    } catch (ProtocolException e) {
      throw RequestException.badRequest("robot", String.valueOf(e.getMessage()));
    }
  }

  private ResolvedProtocol resolve(StartRequest request) {
    if (request.protocol() != null) {
      if (request.operation() != null) {
        throw RequestException.badRequest(
            "operation", "Give either 'operation' or 'protocol', not both.");
      }
      return resolver.resolveText(
          Optional.ofNullable(request.protocolName()).orElse("protocol"),
          request.protocol(),
          Optional.ofNullable(request.cellLine()),
          Optional.ofNullable(request.vessel()));
    }
    return resolver.resolve(
        required("operation", request.operation()),
        required("cell_line", request.cellLine()),
        required("vessel", request.vessel()),
        word("profile", request.profile(), Profile.ORIGINAL, Profile::ofWireValue));
  }

  /** Starts an execution; it is in the history when this returns. */
  ExecutionRecord start(StartRequest request) {
    ResolvedProtocol protocol = plan(request).protocol();
    Instruments instruments = instruments(request.instruments());
    if (request.isBegun()) {
      requireConfirmed(request.isDryRun(), instruments, request.isConfirmed());
    }
    return desk.start(
        checked(
            () ->
                ExecutionInputs.ofResolved(
                    Optional.ofNullable(request.executionId())
                        .orElseGet(ExecutionInputs::newExecutionId),
                    protocol,
                    metadata(request),
                    instruments,
                    ExecutionInputs.speedUp(
                        protocol, instruments, request.speedUp(), request.override() != null),
                    request.isBegun() ? new Begin(request.isDryRun()) : null)));
  }

  private static Parameters metadata(StartRequest request) {
    Map<String, Object> metadata =
        new LinkedHashMap<>(request.metadata() == null ? Map.of() : request.metadata());
    if (request.override() != null) {
      metadata.put(ExecutionInputs.OVERRIDE, required("override", request.override()).strip());
    }
    if (request.priority() != null) {
      metadata.put(
          Priority.KEY,
          word("priority", request.priority(), null, Priority::ofWireValue).wireValue());
    }
    return Parameters.of(metadata);
  }

  /**
   * Lets a created execution begin.
   *
   * @param isConfirmed a second yes, which everything that is not simulated needs
   */
  void begin(String executionId, boolean dryRun, boolean isConfirmed) {
    ExecutionInput input = input(executionId);
    requireConfirmed(dryRun, input.instruments(), isConfirmed);
    desk.begin(executionId, dryRun);
  }

  /**
   * @param atOnce interrupt the step under way as well
   */
  void pause(String executionId, boolean atOnce, Person person) {
    control(executionId, new Control.Pause(atOnce), person);
  }

  void resume(String executionId, Person person) {
    control(executionId, new Control.Resume(), person);
  }

  /**
   * @param stepIndex from 0
   */
  void skip(String executionId, int stepIndex, Person person) {
    requireStep(executionId, stepIndex);
    control(executionId, new Control.Skip(stepIndex), person);
  }

  /** Takes a failed execution up again, with the step that failed. */
  void retry(String executionId, Person person) {
    ExecutionRecord record = find(executionId);
    if (record.status() != ExecutionStatus.FAILED) {
      throw new ExecutionRefusedException(
          "The execution is " + record.status() + ": only a failed one is retried.");
    }
    int failed =
        mirror.read(
            history ->
                history.queries().steps(executionId).stream()
                    .filter(step -> step.status() == StepStatus.FAILED)
                    .map(StepRecord::stepIndex)
                    .findFirst()
                    .orElse(0));
    control(executionId, new Control.Retry(failed), person);
  }

  /**
   * Changes parameters of a step that has not begun.
   *
   * @param changes new values of parameters that it has; texts where the parameter is a number are
   *     read as numbers
   */
  void edit(String executionId, int stepIndex, Map<String, ?> changes, Person person) {
    Parameters known = requireStep(executionId, stepIndex).parameters();
    if (changes.isEmpty()) {
      throw RequestException.badRequest("changes", "Give at least one new value.");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    changes.forEach((key, value) -> values.put(key, newValue(known, key, value)));
    control(executionId, new Control.Edit(stepIndex, new Parameters(values)), person);
  }

  /** Asks for an end; the instruments are stopped before the execution is cancelled. */
  void cancel(String executionId, Person person) {
    requireOpen(find(executionId));
    desk.cancel(executionId, person.byAndWhy());
  }

  /**
   * @param stepIndex which step it is about, from 0; null for the execution as a whole
   */
  void note(String executionId, @Nullable Integer stepIndex, String text, Person person) {
    find(executionId);
    if (stepIndex != null) {
      requireStep(executionId, stepIndex);
    }
    if (text.isBlank() || text.length() > LONGEST_NOTE) {
      throw RequestException.badRequest("text", "A note has 1 to " + LONGEST_NOTE + " characters.");
    }
    desk.note(executionId, stepIndex, person.by(), text.strip());
  }

  /**
   * Answers the open question of an execution; a confirmation is an answer too.
   *
   * @param stepIndex refuse unless it is this step that is asked about; null for whichever it is
   * @param choice the answer's word
   * @param amountMillilitres how much was moved; null where nobody says
   */
  void answer(
      String executionId,
      @Nullable Integer stepIndex,
      String choice,
      @Nullable Double amountMillilitres,
      Person person) {
    find(executionId);
    Question question =
        mirror
            .read(history -> history.openQuestion(executionId))
            .map(DecisionRecord::question)
            .orElseThrow(
                () -> new ExecutionRefusedException("The execution asks nothing any more."));
    if (stepIndex != null && stepIndex != question.stepIndex()) {
      throw new ExecutionRefusedException(
          "The question has changed meanwhile. Nothing was recorded. " + question.text());
    }
    Answer answer =
        new Answer(
            person.requestId(),
            question.stepIndex(),
            question.epoch(),
            question.action(),
            word("choice", choice, null, Choice::ofWireValue),
            amountMillilitres,
            person.by(),
            person.reason());
    checked(
        () -> {
          answer.verifyAgainst(question);
          return answer;
        });
    desk.answer(executionId, answer);
  }

  /**
   * Does an ended execution once more, as a new one that says so.
   *
   * @param newId null for a new one
   * @param fromStep the first step to do again, from 0
   * @param wells {@code rest} or {@code all}, where a robot was stopped in the middle of a plate;
   *     null where nobody has said
   */
  ExecutionRecord rerun(
      String executionId,
      @Nullable String newId,
      int fromStep,
      @Nullable String wells,
      boolean dryRun,
      boolean isConfirmed) {
    ExecutionRecord former = find(executionId);
    if (!former.status().isTerminal()) {
      throw new ExecutionRefusedException(
          "The execution has not ended: it is " + former.status() + ". Let it end or cancel it.");
    }
    requireStep(executionId, fromStep);
    ExecutionInput input = input(executionId);
    requireConfirmed(dryRun, input.instruments(), isConfirmed);
    Rerun.@Nullable Wells which =
        wells == null ? null : word("wells", wells, null, Rerun.Wells::ofWireValue);
    return desk.start(
        checked(
            () ->
                mirror.read(
                    history ->
                        Rerun.of(
                            mirror.file(),
                            history,
                            Optional.ofNullable(newId).orElseGet(ExecutionInputs::newExecutionId),
                            input,
                            fromStep,
                            new Begin(dryRun),
                            which))));
  }

  /**
   * @throws RequestException 404 if there is no such execution
   */
  ExecutionRecord find(String executionId) {
    return find(mirror, executionId);
  }

  static ExecutionRecord find(MirrorReader mirror, String executionId) {
    try {
      return mirror
          .read(history -> history.queries().find(executionId))
          .orElseThrow(() -> RequestException.noSuchExecution(executionId));
    } catch (NoHistoryException e) {
      throw RequestException.noSuchExecution(executionId);
    }
  }

  private void control(String executionId, Control control, Person person) {
    ExecutionRecord record = find(executionId);
    input(executionId);
    boolean isForEnded = control instanceof Control.Retry || control instanceof Control.Skip;
    if (!isForEnded) {
      requireOpen(record);
    }
    desk.control(
        executionId, new ControlRequest(person.requestId(), person.by(), person.reason(), control));
  }

  private static void requireOpen(ExecutionRecord record) {
    if (record.status().isTerminal()) {
      throw new ExecutionRefusedException(
          "The execution has ended already: it is " + record.status() + ".");
    }
  }

  private ExecutionInput input(String executionId) {
    find(executionId);
    return mirror
        .read(history -> history.queries().details(executionId))
        .map(ExecutionDetails::input)
        .orElseThrow(
            () ->
                new ExecutionRefusedException(
                    "The execution was written by another program: nothing can be asked of it."));
  }

  private StepRecord requireStep(String executionId, int stepIndex) {
    find(executionId);
    List<StepRecord> steps = mirror.read(history -> history.queries().steps(executionId));
    return steps.stream()
        .filter(step -> step.stepIndex() == stepIndex)
        .findFirst()
        .orElseThrow(
            () ->
                RequestException.badRequest(
                    "step_index",
                    "There is no step with the index "
                        + stepIndex
                        + ": they go from 0 to "
                        + (steps.size() - 1)
                        + "."));
  }

  private static Object newValue(Parameters known, String key, @Nullable Object value) {
    Object former = known.values().get(key);
    if (former == null) {
      throw RequestException.badRequest(
          "changes",
          "The step has no parameter '"
              + key
              + "'."
              + NearestName.of(key, known.values().keySet())
                  .map(name -> " Did you mean '" + name + "'?")
                  .orElse(" It has " + String.join(", ", known.values().keySet()) + "."));
    }
    if (former instanceof Number && value instanceof String text) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException e) {
        throw RequestException.badRequest(
            "changes", key + " is a number (now " + former + "), not '" + text + "'.");
      }
    }
    if (former instanceof Boolean && value instanceof String text) {
      return Boolean.valueOf(text);
    }
    if (value == null) {
      throw RequestException.badRequest("changes", key + " must have a value.");
    }
    return value;
  }

  private static void requireConfirmed(
      boolean dryRun, Instruments instruments, boolean isConfirmed) {
    if (!dryRun && instruments != Instruments.VIRTUAL && !isConfirmed) {
      throw RequestException.badRequest(
          "confirmed",
          "This is not simulated: cells and reagents will be used. Say so a second time, with"
              + " 'confirmed'.");
    }
  }

  private static Instruments instruments(@Nullable String word) {
    return word("instruments", word, Instruments.VIRTUAL, Instruments::ofWireValue);
  }

  private static String required(String field, @Nullable String value) {
    if (value == null || value.isBlank()) {
      throw RequestException.badRequest(field, "'" + field + "' is missing.");
    }
    return value;
  }

  private interface Words<T> {
    T ofWireValue(String word);
  }

  private static <T> T word(
      String field, @Nullable String word, @Nullable T otherwise, Words<T> words) {
    if (word == null && otherwise != null) {
      return otherwise;
    }
    try {
      return words.ofWireValue(required(field, word));
    } catch (IllegalArgumentException e) {
      throw RequestException.badRequest(field, field + ": " + e.getMessage() + ".");
    }
  }

  private interface Making<T> {
    T make();
  }

  /** What a domain object refuses is wrong with the request. */
  private static <T> T checked(Making<T> making) {
    try {
      return making.make();
    } catch (IllegalArgumentException e) {
      throw RequestException.badRequest(null, String.valueOf(e.getMessage()));
    }
  }
}

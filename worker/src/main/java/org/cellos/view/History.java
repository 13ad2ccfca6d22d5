package org.cellos.view;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cellos.deck.PlateStep;
import org.cellos.domain.Begin;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Lease;
import org.cellos.domain.Priority;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.engine.EngineLocks;
import org.cellos.ot2.RunRecord;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.MirrorDatabase;

/**
 * What a command reads: the mirror, and whether the processes that its executions are in still
 * live.
 */
public record History(ExecutionQueries queries, EngineLocks locks, Path robotRuns) {
  /** Beside the file of the mirror: what robots have said of their runs. */
  public static final String ROBOT_RUNS = "robot-runs";

  private static final String NOTHING_MORE = " Nothing more happens by itself.";

  public static History of(MirrorDatabase mirror) {
    Path file = mirror.file().toAbsolutePath();
    return new History(
        mirror.queries(), EngineLocks.beside(mirror.file()), file.resolveSibling(ROBOT_RUNS));
  }

  /** What the robot of a step that is under way does, in a sentence; empty if none is at it. */
  public Optional<String> robotSays(String executionId, StepRecord step) {
    return step.status() == StepStatus.RUNNING
        ? RunRecord.latest(robotRuns, executionId, step.stepIndex())
            .map(said -> said.text() + " (" + Texts.localTime(said.at()) + ")")
        : Optional.empty();
  }

  /**
   * An execution as it is to be shown: one in which a fake robot has moved, or is at it, is not
   * real, though no completed step says so yet.
   */
  public ExecutionRecord undisguised(ExecutionRecord record) {
    return Boolean.FALSE.equals(record.simulated())
            && RunRecord.isOfFake(robotRuns, record.executionId())
        ? record.partlySimulated()
        : record;
  }

  /**
   * Whether an execution looks as if it went on, but no process of this host performs it. One that
   * waits for a person, or for its begin, is not abandoned.
   */
  public boolean isAbandoned(ExecutionRecord record) {
    return isUnderWay(record) && engine(record).filter(engine -> !isPerformed(engine)).isPresent();
  }

  private boolean isPerformed(EngineIdentity engine) {
    return engine.kind() == EngineIdentity.Kind.IN_MEMORY
        ? locks.isHeld(engine.id())
        : locks.hasWorker(engine.id(), null);
  }

  private Optional<EngineIdentity> engine(ExecutionRecord record) {
    return queries.details(record.executionId()).map(ExecutionDetails::engine);
  }

  /** What keeps an execution from going on, if anything does; a sentence or two each. */
  public List<String> obstacles(ExecutionRecord record) {
    return Stream.concat(abandonment(record).stream(), trouble(record).stream()).toList();
  }

  /**
   * What an ended execution has left standing open before a robot, as far as anybody has said; a
   * sentence for each.
   */
  public List<String> leftStanding(ExecutionRecord record) {
    if (!record.status().isTerminal() || !Boolean.FALSE.equals(record.dryRun())) {
      return List.of();
    }
    List<Step> planned =
        queries
            .details(record.executionId())
            .map(details -> details.input().steps())
            .orElse(List.of());
    Map<String, StepRecord> byPath =
        queries.steps(record.executionId()).stream()
            .filter(step -> step.stepIndex() < planned.size())
            .collect(Collectors.toMap(step -> planned.get(step.stepIndex()).path(), step -> step));
    return byPath.entrySet().stream()
        .filter(entry -> entry.getKey().endsWith(PlateStep.ON))
        .filter(entry -> entry.getValue().status() == StepStatus.COMPLETED)
        .map(entry -> byPath.get(entry.getKey().replace(PlateStep.ON, PlateStep.OFF)))
        .filter(off -> off != null && off.status() != StepStatus.COMPLETED)
        .map(off -> "Nobody has said that this was done: " + off.name() + ".")
        .sorted()
        .toList();
  }

  private Optional<String> abandonment(ExecutionRecord record) {
    return Optional.of(record)
        .filter(this::isAbandoned)
        .flatMap(this::engine)
        .map(
            engine ->
                record.executionId()
                    + " is not going on: "
                    + (engine.kind() == EngineIdentity.Kind.IN_MEMORY
                        ? "the process that performed it has ended. "
                        : "no worker of this history lives on this machine"
                            + queries
                                .workerSeen(engine.id())
                                .map(seen -> ", the last one was seen " + Texts.localTime(seen))
                                .orElse("")
                            + ". ")
                    + howToGoOn(record.executionId()));
  }

  /** What Temporal says keeps an open execution from going on. */
  public Optional<String> trouble(ExecutionRecord record) {
    return record.status().isTerminal() ? Optional.empty() : queries.trouble(record.executionId());
  }

  /**
   * For how long nothing was heard of a worker that lives and should have recorded something.
   *
   * @param most the silence that is usual
   */
  public Optional<Duration> silence(Duration most) {
    return queries.unfinished().stream()
        .map(open -> open.engine().id())
        .distinct()
        .filter(engine -> locks.hasWorker(engine, null))
        .flatMap(engine -> queries.workerSeen(engine).stream())
        .map(seen -> Duration.between(seen, Instant.now()))
        .filter(silent -> silent.compareTo(most) > 0)
        .max(Comparator.naturalOrder());
  }

  /** What is the matter with the vessels of an execution that nobody performs. */
  public String whatIsLeft(String executionId) {
    return queries.steps(executionId).stream()
        .filter(step -> step.status() == StepStatus.RUNNING)
        .findFirst()
        .map(
            step ->
                waiting(executionId, step)
                    .map(waiting -> waiting.sentence() + " It stays there." + NOTHING_MORE)
                    .or(
                        () ->
                            robotSays(executionId, step)
                                .map(
                                    said ->
                                        said
                                            + ". The robot goes on by itself, and nobody follows"
                                            + " it."))
                    .orElse(step.name() + " is under way." + NOTHING_MORE))
        .orElse("No step is under way." + NOTHING_MORE);
  }

  /**
   * A step that mostly waits, and was begun.
   *
   * @param path its place in the protocol
   * @param name one line for people
   * @param since when it was begun
   * @param due when its time is over
   */
  public record Waiting(String path, String name, Instant since, Instant due) {
    public String sentence() {
      Duration left = Duration.between(Instant.now(), due);
      return "Step "
          + path
          + " ("
          + name
          + ") was begun at "
          + Texts.localTime(since)
          + " and is "
          + (left.isNegative()
              ? "overdue by " + Texts.duration(left.negated())
              : "due at " + Texts.localTime(due) + ", in " + Texts.duration(left))
          + ".";
    }
  }

  /** Since when and until when a step waits; empty unless it does. */
  public Optional<Waiting> waiting(String executionId, StepRecord step) {
    if (!step.parameters().has("minutes") || step.status() != StepStatus.RUNNING) {
      return Optional.empty();
    }
    return startOf(executionId, step.stepIndex())
        .flatMap(
            since ->
                queries
                    .details(executionId)
                    .map(
                        details -> {
                          ExecutionInput input = details.input();
                          long millis =
                              Math.round(
                                  step.parameters().minutes("minutes").toMillis()
                                      / input.speedUp());
                          return new Waiting(
                              input.steps().get(step.stepIndex()).path(),
                              step.name(),
                              since,
                              since.plusMillis(millis));
                        }));
  }

  /** When an instrument or a person has begun it. */
  private Optional<Instant> startOf(String executionId, int stepIndex) {
    Stream<Instant> byInstrument =
        queries.attempts(executionId).stream()
            .filter(attempt -> attempt.stepIndex() == stepIndex)
            .filter(attempt -> attempt.action() == StepAction.START)
            .filter(attempt -> attempt.outcome() == StepStatus.COMPLETED)
            .map(StepAttemptRecord::endedAt);
    Stream<Instant> byPerson =
        queries.decisions(executionId).stream()
            .filter(asked -> asked.question().stepIndex() == stepIndex)
            .filter(asked -> asked.question().action() == StepAction.START)
            .filter(asked -> Choice.DONE.wireValue().equals(asked.choice()))
            .map(DecisionRecord::decidedAt);
    // A resumed start is an attempt as well, but the first one counts.
    return Stream.concat(byInstrument, byPerson)
        .filter(Objects::nonNull)
        .min(Comparator.naturalOrder());
  }

  /** What an execution waits for that others have; a sentence for each. */
  public List<String> equipmentWaits(String executionId) {
    List<Lease> all = queries.leases();
    return all.stream()
        .filter(lease -> lease.executionId().equals(executionId) && !lease.isGranted())
        .map(lease -> equipmentWait(lease, all))
        .toList();
  }

  private static String equipmentWait(Lease mine, List<Lease> all) {
    List<Lease> same = all.stream().filter(lease -> lease.need().equals(mine.need())).toList();
    List<Lease> queue = same.stream().filter(lease -> !lease.isGranted()).toList();
    String users =
        same.stream()
            .filter(Lease::isGranted)
            .map(Lease::executionId)
            .collect(Collectors.joining(", "));
    return "Waits for "
        + Texts.equipment(mine.need())
        + " since "
        + Texts.localTime(mine.askedAt())
        + ": number "
        + (queue.indexOf(mine) + 1)
        + " of "
        + queue.size()
        + " in the queue"
        + (mine.priority() == Priority.NORMAL ? "" : " (" + mine.priority().wireValue() + ")")
        + (users.isEmpty() ? "." : "; in use by " + users + ".");
  }

  /** The command that takes an execution up where it is. */
  public String howToGoOn(String executionId) {
    boolean dryRun = begin(executionId).map(Begin::dryRun).orElse(true);
    return "Go on with: cellos execute " + executionId + (dryRun ? "" : " --execute");
  }

  /** The question that a person has to answer, if there is one. */
  public Optional<DecisionRecord> openQuestion(String executionId) {
    return queries.decisions(executionId).stream().filter(DecisionRecord::isOpen).findFirst();
  }

  /** Why an instrument holds an execution until a person goes there; empty if none does. */
  public Optional<String> hold(ExecutionRecord record) {
    return record.status() == ExecutionStatus.PAUSED
        ? queries.hold(record.executionId())
        : Optional.empty();
  }

  private boolean isUnderWay(ExecutionRecord record) {
    return record.status() == ExecutionStatus.RUNNING
        || hold(record).isPresent()
        || (record.status() == ExecutionStatus.PENDING && begin(record.executionId()).isPresent());
  }

  private Optional<Begin> begin(String executionId) {
    return queries.state(executionId).map(ExecutionState::begin);
  }
}

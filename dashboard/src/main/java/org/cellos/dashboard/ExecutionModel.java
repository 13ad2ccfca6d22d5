package org.cellos.dashboard;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.Question;
import org.cellos.domain.RerunOf;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.store.ExecutionDetails;
import org.cellos.view.History;
import org.cellos.view.Texts;
import org.cellos.view.WebUi;
import org.jspecify.annotations.Nullable;

/**
 * One execution as its page shows it.
 *
 * @param execution the row
 * @param active what it waits for; null once it has ended
 * @param facts times, costs, metadata
 * @param steps by index; only those with an error if that was asked for
 * @param failed the step at which it failed; null for none
 * @param decision what a person is asked now; null for nothing
 * @param decided what was asked before
 * @param timeline null while nothing has begun
 * @param warnings those of the protocol
 * @param audit who did what, in that order
 * @param formerLink the execution that this one does once more; empty for none
 * @param reruns those that did this one once more
 * @param temporalUi its place in the Temporal Web UI; empty where there is none
 * @param controls what may be asked of it now
 * @param errorsOnly whether only steps with an error are shown
 */
public record ExecutionModel(
    ExecutionSummary execution,
    @Nullable ActiveExecution active,
    List<StepModel.Fact> facts,
    List<StepModel.Fact> metadata,
    List<StepModel> steps,
    @Nullable StepModel failed,
    @Nullable Decision decision,
    List<Decided> decided,
    @Nullable Timeline timeline,
    List<Warning> warnings,
    List<Audited> audit,
    String formerLink,
    List<String> reruns,
    String temporalUi,
    ControlsModel controls,
    boolean errorsOnly) {

  /** A choice in plain words. */
  public record Answerable(String word, String meaning) {}

  /**
   * @param confirmation whether a person does the step
   * @param mostMillilitres the step's volume; null where it has none
   */
  public record Decision(
      int stepIndex,
      String stepPath,
      String text,
      String evidence,
      String since,
      boolean confirmation,
      List<Answerable> choices,
      @Nullable Double mostMillilitres,
      String requestId) {}

  public record Decided(String text, String choice, String by, String reason, String at) {}

  public record Warning(String severity, String code, String step, String message, String fix) {}

  public record Audited(String at, String who, String what, String step, String reason) {}

  /**
   * What may be asked; a control that cannot be followed is not shown.
   *
   * @param pending steps that have not begun
   * @param needsConfirmation whether doing it means that something real moves
   * @param requestId for one request: sent twice, it has one effect
   */
  public record ControlsModel(
      boolean ours,
      boolean canBegin,
      boolean canPause,
      boolean canResume,
      boolean canCancel,
      boolean canRetry,
      boolean canRerun,
      List<StepModel> pending,
      boolean needsConfirmation,
      String requestId) {}

  static ExecutionModel of(
      History history, ExecutionRecord stored, boolean errorsOnly, Instant now) {
    ExecutionRecord record = history.undisguised(stored);
    String id = record.executionId();
    Optional<ExecutionDetails> details = history.queries().details(id);
    Optional<ExecutionInput> input = details.map(ExecutionDetails::input);
    Optional<ExecutionState> state = history.queries().state(id);
    List<DecisionRecord> decisions = history.queries().decisions(id);
    List<StepRecord> records = history.queries().steps(id);
    List<StepModel> steps = steps(history, record, records, input, decisions);
    return new ExecutionModel(
        ExecutionSummary.of(history, record),
        record.status().isTerminal() ? null : ActiveExecution.of(history, record, now),
        facts(record, input, now),
        StepModel.Fact.of(record.metadata()),
        errorsOnly ? steps.stream().filter(step -> !step.error().isEmpty()).toList() : steps,
        steps.stream().filter(step -> step.status().equals("failed")).findFirst().orElse(null),
        decisions.stream()
            .filter(DecisionRecord::isOpen)
            .findFirst()
            .map(asked -> decision(asked, input))
            .orElse(null),
        decisions.stream().filter(asked -> !asked.isOpen()).map(ExecutionModel::decided).toList(),
        Timeline.of(records, now).orElse(null),
        input.map(known -> warnings(known)).orElse(List.of()),
        history.queries().audit(id).stream().map(entry -> audited(entry, input)).toList(),
        input.map(ExecutionInput::rerunOf).map(RerunOf::executionId).orElse(""),
        history.queries().reruns(id),
        details.flatMap(known -> WebUi.link(System.getenv(), id, known)).orElse(""),
        controls(record, input, state, steps),
        errorsOnly);
  }

  private static List<StepModel> steps(
      History history,
      ExecutionRecord record,
      List<StepRecord> records,
      Optional<ExecutionInput> input,
      List<DecisionRecord> decisions) {
    List<StepAttemptRecord> attempts = history.queries().attempts(record.executionId());
    Set<Integer> inDoubt =
        decisions.stream()
            .filter(DecisionRecord::isOpen)
            .map(DecisionRecord::question)
            .filter(question -> question.kind() == Question.Kind.OUTCOME)
            .map(Question::stepIndex)
            .collect(Collectors.toSet());
    return records.stream()
        .map(
            step ->
                StepModel.of(
                    step,
                    input,
                    attempts,
                    inDoubt.contains(step.stepIndex()) && step.status() == StepStatus.FAILED,
                    !record.status().isTerminal()))
        .toList();
  }

  private static List<StepModel.Fact> facts(
      ExecutionRecord record, Optional<ExecutionInput> input, Instant now) {
    java.util.ArrayList<StepModel.Fact> facts = new java.util.ArrayList<>();
    facts.add(new StepModel.Fact("Cell line", orUnknown(record.cellLine())));
    facts.add(new StepModel.Fact("Vessel", orUnknown(record.vesselId())));
    facts.add(new StepModel.Fact("Operation", orUnknown(record.operationType())));
    facts.add(new StepModel.Fact("Created", Texts.localTime(record.createdAt())));
    Optional.ofNullable(record.startedAt())
        .ifPresent(at -> facts.add(new StepModel.Fact("Begun", Texts.localTime(at))));
    Optional.ofNullable(record.completedAt())
        .ifPresent(at -> facts.add(new StepModel.Fact("Ended", Texts.localTime(at))));
    if (record.startedAt() != null) {
      facts.add(
          new StepModel.Fact(
              record.completedAt() == null ? "Since" : "Took",
              Texts.between(
                  record.startedAt(), Optional.ofNullable(record.completedAt()).orElse(now))));
    }
    input.ifPresent(
        known -> {
          facts.add(new StepModel.Fact("Instruments", known.instruments().wireValue()));
          if (known.instruments() == Instruments.VIRTUAL) {
            facts.add(
                new StepModel.Fact("Speed", Texts.number(known.speedUp()) + " times real time"));
          }
          facts.add(new StepModel.Fact("Planned time", Texts.minutes(known.durationMinutes())));
          facts.add(
              new StepModel.Fact(
                  "Planned cost",
                  "material "
                      + known.materialCostUsd()
                      + ", instrument time "
                      + known.instrumentCostUsd()));
        });
    facts.add(
        new StepModel.Fact(
            "Performed",
            record.dryRun() == null
                ? (input.isEmpty() ? "unknown: written by another program" : "not begun")
                : record.dryRun()
                    ? "dry run: nothing was moved"
                    : record.simulated() == null
                        ? "partly simulated"
                        : record.simulated() ? "simulated: nothing real was moved" : "for real"));
    return facts;
  }

  private static String orUnknown(@Nullable String text) {
    return text == null ? "not recorded" : text;
  }

  private static Decision decision(DecisionRecord asked, Optional<ExecutionInput> input) {
    Question question = asked.question();
    return new Decision(
        question.stepIndex(),
        StepModel.path(input, question.stepIndex()),
        question.text(),
        question.evidence(),
        Texts.localTime(asked.openedAt()),
        question.kind() == Question.Kind.CONFIRMATION,
        question.choices().stream()
            .map(
                choice ->
                    new Answerable(
                        choice.wireValue(), choice.meaning().replace(" (--amount ML)", "")))
            .toList(),
        question.mostMillilitres(),
        UUID.randomUUID().toString());
  }

  private static Decided decided(DecisionRecord answered) {
    return new Decided(
        answered.question().text(),
        String.valueOf(answered.choice())
            + (answered.amountMillilitres() == null
                ? ""
                : ", " + answered.amountMillilitres() + " mL"),
        Optional.ofNullable(answered.decidedBy()).orElse(""),
        Optional.ofNullable(answered.reason()).orElse(""),
        Optional.ofNullable(answered.decidedAt()).map(Texts::localTime).orElse(""));
  }

  private static List<Warning> warnings(ExecutionInput input) {
    return input.warnings().stream().map(warning -> warning(warning, Optional.of(input))).toList();
  }

  static Warning warning(ProtocolWarning warning, Optional<ExecutionInput> input) {
    return new Warning(
        warning.severity().wireValue(),
        warning.code().toString(),
        warning.stepIndex() == null ? "" : StepModel.path(input, warning.stepIndex()),
        warning.message(),
        warning.fix());
  }

  private static Audited audited(AuditEntry entry, Optional<ExecutionInput> input) {
    return new Audited(
        Texts.localTime(entry.at()),
        entry.who(),
        entry.what(),
        entry.stepIndex() == null ? "" : StepModel.path(input, entry.stepIndex()),
        Optional.ofNullable(entry.reason()).orElse(""));
  }

  private static ControlsModel controls(
      ExecutionRecord record,
      Optional<ExecutionInput> input,
      Optional<ExecutionState> state,
      List<StepModel> steps) {
    boolean isOurs = input.isPresent();
    boolean isOpen = isOurs && !record.status().isTerminal();
    boolean isBegun = state.map(ExecutionState::begin).isPresent();
    boolean isPaused = state.filter(known -> known.steering().isPauseAsked()).isPresent();
    return new ControlsModel(
        isOurs,
        isOpen && !isBegun && record.status() == ExecutionStatus.PENDING,
        isOpen && isBegun && !isPaused,
        isOpen && isPaused,
        isOpen,
        isOurs && record.status() == ExecutionStatus.FAILED,
        isOurs && record.status().isTerminal(),
        steps.stream().filter(StepModel::editable).toList(),
        input.filter(known -> known.instruments() != Instruments.VIRTUAL).isPresent(),
        UUID.randomUUID().toString());
  }
}

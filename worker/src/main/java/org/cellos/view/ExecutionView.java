package org.cellos.view;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.json.Timestamps;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of an execution: the documented columns as keys, and what else is known of it; {@code
 * abandoned} when it looks as if it went on and nothing performs it; {@code trouble} when Temporal
 * says that something keeps it from going on; {@code exposure} while a step has a time to keep;
 * {@code waits_for} while others have the equipment that it needs.
 */
public record ExecutionView(
    String executionId,
    String workflowName,
    @Nullable String cellLine,
    @Nullable String vesselId,
    @Nullable String operationType,
    ExecutionStatus status,
    String createdAt,
    @Nullable String startedAt,
    @Nullable String completedAt,
    @Nullable String errorMessage,
    Parameters metadata,
    @Nullable Boolean dryRun,
    @Nullable Boolean simulated,
    int stepCount,
    int completedStepCount,
    boolean abandoned,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trouble,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String temporalWebUi,
    @JsonInclude(JsonInclude.Include.NON_NULL) Countdown.@Nullable DueView exposure,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) @Nullable List<String> waitsFor,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<DecisionView> decisions,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<AuditEntry> audit,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<StepView> steps) {

  public static ExecutionView withoutSteps(History history, ExecutionRecord record) {
    return of(history, record, null, null);
  }

  public static ExecutionView of(
      History history,
      ExecutionRecord record,
      @Nullable List<StepRecord> steps,
      @Nullable String temporalWebUi) {
    return new ExecutionView(
        record.executionId(),
        record.workflowName(),
        record.cellLine(),
        record.vesselId(),
        record.operationType(),
        record.status(),
        Timestamps.format(record.createdAt()),
        format(record.startedAt()),
        format(record.completedAt()),
        record.errorMessage(),
        record.metadata(),
        record.dryRun(),
        history.undisguised(record).simulated(),
        record.stepCount(),
        record.completedStepCount(),
        history.isAbandoned(record),
        history.trouble(record).orElse(null),
        temporalWebUi,
        steps == null
            ? null
            : Countdown.of(history.queries(), record.executionId())
                .due()
                .map(Countdown.DueView::of)
                .orElse(null),
        steps == null ? null : history.equipmentWaits(record.executionId()),
        steps == null
            ? null
            : history.queries().decisions(record.executionId()).stream()
                .map(DecisionView::of)
                .toList(),
        steps == null ? null : history.queries().audit(record.executionId()),
        steps == null ? null : steps.stream().map(StepView::of).toList());
  }

  private static @Nullable String format(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.format(instant);
  }

  /** A question to a person; without {@code choice} while it is open. */
  public record DecisionView(
      int stepIndex,
      StepAction action,
      int epoch,
      Question.Kind kind,
      String question,
      String evidence,
      List<Choice> choices,
      String openedAt,
      @Nullable String choice,
      @Nullable Double amountMl,
      @Nullable String decidedBy,
      @Nullable String reason,
      @Nullable String decidedAt) {

    public static DecisionView of(DecisionRecord decision) {
      Question question = decision.question();
      return new DecisionView(
          question.stepIndex(),
          question.action(),
          question.epoch(),
          question.kind(),
          question.text(),
          question.evidence(),
          question.choices(),
          Timestamps.format(decision.openedAt()),
          decision.choice(),
          decision.amountMillilitres(),
          decision.decidedBy(),
          decision.reason(),
          format(decision.decidedAt()));
    }
  }

  /** A step: the documented columns as keys, how it was done, and how many attempts it took. */
  public record StepView(
      String stepId,
      String executionId,
      int stepIndex,
      String name,
      @Nullable String operationType,
      Parameters parameters,
      StepStatus status,
      @Nullable String startTime,
      @Nullable String endTime,
      @Nullable String errorMessage,
      @Nullable Parameters result,
      @Nullable String mode,
      int attempts) {

    public static StepView of(StepRecord step) {
      return new StepView(
          step.stepId(),
          step.executionId(),
          step.stepIndex(),
          step.name(),
          step.operationType(),
          step.parameters(),
          step.status(),
          format(step.startTime()),
          format(step.endTime()),
          step.errorMessage(),
          step.result(),
          ExecutionView.mode(step).orElse(null),
          step.attempts());
    }
  }

  /** How a step was done, where its result says it. */
  public static Optional<String> mode(StepRecord step) {
    return Optional.ofNullable(step.result())
        .flatMap(
            result -> result.has("dry_run") ? Optional.of("dry") : result.optionalText("mode"));
  }
}

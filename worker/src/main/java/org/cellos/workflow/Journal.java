package org.cellos.workflow;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowLock;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.cellos.activity.BegunExecution;
import org.cellos.activity.RecordActivities;
import org.cellos.activity.RecordActivities.BeginExecutionRequest;
import org.cellos.activity.RecordActivities.CloseDecisionRequest;
import org.cellos.activity.RecordActivities.OpenDecisionRequest;
import org.cellos.activity.RecordActivities.OpenExecutionRequest;
import org.cellos.activity.RecordActivities.RecordCancellingRequest;
import org.cellos.activity.RecordActivities.RecordControlRequest;
import org.cellos.activity.RecordActivities.RecordDetourRequest;
import org.cellos.activity.RecordActivities.RecordExecutionRequest;
import org.cellos.activity.RecordActivities.RecordPausedRequest;
import org.cellos.activity.RecordActivities.RecordStepRequest;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.Choice;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.Controls;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Question;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepTimes;
import org.jspecify.annotations.Nullable;

/**
 * How far the execution is, and the records that say so: one after another, whatever is cancelled
 * meanwhile.
 */
final class Journal {
  private final ExecutionInput input;
  private final RecordActivities records =
      Workflow.newLocalActivityStub(RecordActivities.class, ActivityPolicies.records());
  private final WorkflowLock oneAtATime = Workflow.newWorkflowLock();
  private final @Nullable Integer resumedStep;
  private final Set<Integer> marks;
  private ExecutionState state;
  private @Nullable CancellationScope execution;
  private boolean opened;
  private boolean ended;

  /**
   * @param resumed null for a new execution
   */
  Journal(ExecutionInput input, @Nullable ExecutionState resumed) {
    this.input = input;
    this.state =
        resumed == null ? ExecutionState.initial(input.begin()).atStep(input.firstStep()) : resumed;
    // An execution continues as new between two steps only.
    boolean isContinued = Workflow.getInfo().getContinuedExecutionRunId().isPresent();
    this.marks =
        input.steps().stream()
            .map(Step::window)
            .filter(Objects::nonNull)
            .map(ExposureWindow::sinceStep)
            .collect(toUnmodifiableSet());
    this.resumedStep = resumed == null || isContinued ? null : (Integer) resumed.nextStep();
  }

  ExecutionState state() {
    return state;
  }

  /** Whether a former engine may have begun this step. */
  boolean mayHaveBegun(int stepIndex) {
    return resumedStep != null && resumedStep == stepIndex;
  }

  /** What an effect of the next step is called now. */
  EffectKey effect(StepAction action) {
    return new EffectKey(input.executionId(), state.nextStep(), state.epoch(action), action);
  }

  /** What a part of a step is called if it is performed from now on. */
  EffectKey effect(Step step, StepAction action) {
    return new EffectKey(
        input.executionId(), step.stepIndex(), state.epochToCome(step, action), action);
  }

  /** Whether the ledger knows that a step has begun, or may have. */
  boolean hasBegun(Step step) {
    return !(ledger(effect(step, StepAction.PERFORM)) instanceof LedgerEntry.Absent)
        || !(ledger(effect(step, StepAction.START)) instanceof LedgerEntry.Absent);
  }

  /** Whether a cancel was asked for; in every scope, a detached one too. */
  boolean isCancelRequested() {
    return execution != null && execution.isCancelRequested();
  }

  /** Whether what is under way is to be stopped; what leaves a safe state behind never is. */
  boolean isToStop() {
    return isCancelRequested() && !state.isSafeStateUnderWay();
  }

  /** Whether the execution ends because of a cancel, and not for what failed before it. */
  boolean isEndedByCancel() {
    return isCancelRequested() && !(state.isSafeStateUnderWay() && state.failure() != null);
  }

  String cancelReason() {
    String reason = execution == null ? null : execution.getCancellationReason();
    return reason == null ? "" : reason;
  }

  /** Whether the end of the execution is being recorded, or has been. */
  boolean hasEnded() {
    return ended;
  }

  /** Must be called in the scope of the whole execution. */
  void open() {
    execution = CancellationScope.current();
    detached(() -> records.openExecution(new OpenExecutionRequest(input, state)));
    ControlRequest unrecorded = state.unrecorded();
    if (unrecorded != null) {
      write(ExecutionState::withAllRecorded, now -> record(now, unrecorded));
    }
    opened = true;
  }

  /** Whether the mirror has the execution. */
  boolean isOpen() {
    return opened;
  }

  /** Notes at once what is asked of the execution, since it decides about what is asked next. */
  void steered(Controls controls, ControlRequest request) {
    state = state.steered(controls);
    write(same -> same, now -> record(now, request));
  }

  private boolean record(ExecutionState now, ControlRequest request) {
    records.recordControl(new RecordControlRequest(input.executionId(), now, request));
    return true;
  }

  void paused(ControlRequest pause) {
    write(
        same -> same,
        now -> {
          records.recordPaused(new RecordPausedRequest(input.executionId(), now, pause));
          return true;
        });
  }

  /** Notes the begin; it is recorded with what it leads to. */
  void beginAs(Begin begin) {
    state = state.begunAs(begin);
  }

  void begin(boolean dryRun) {
    BegunExecution begun =
        write(
            same -> same,
            now -> records.beginExecution(new BeginExecutionRequest(input, now, dryRun)));
    state = begun.applyTo(state);
  }

  /**
   * @param at when it ended, where the ledger says so; null for now
   * @param failure null unless it ends the execution: a resumed one must not go on after it
   */
  void stepEnded(
      int stepIndex, StepOutcome outcome, @Nullable Instant at, @Nullable StepFailure failure) {
    boolean isMark = marks.contains(stepIndex) && outcome instanceof StepOutcome.Completed;
    write(
        now -> {
          ExecutionState next = now.atStep(stepIndex + 1);
          ExecutionState marked = isMark ? next.marked(stepIndex, notLater(at)) : next;
          return failure == null ? marked : marked.failing(failure);
        },
        now -> recordStep(now, stepIndex, outcome));
  }

  private static Instant notLater(@Nullable Instant at) {
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    return at == null || at.isAfter(now) ? now : at;
  }

  /**
   * @param notReached null if it has done its part for the safe state
   * @param next the step after it, as far as there is to be one
   */
  void safeStepEnded(int stepIndex, StepOutcome outcome, @Nullable String notReached, int next) {
    write(
        now ->
            notReached == null ? now.atStep(next) : now.atStep(next).missingSafeState(notReached),
        now -> recordStep(now, stepIndex, outcome));
  }

  /** Goes back to the rescue steps of a step that comes too late. */
  void rescue(int firstStep, Step late, String why) {
    write(
        now -> now.rescuing(firstStep, late.stepIndex()),
        now -> recordDetour(now, late.stepIndex() - 1, why));
  }

  /** Goes on to the safe state. A cancel that leads there is kept with it. */
  void compensate(int firstStep, String why) {
    write(
        now -> {
          ExecutionState known =
              isCancelRequested() && now.failure() == null && now.cancelReason() == null
                  ? now.cancelling(cancelReason())
                  : now;
          return known.compensating(firstStep);
        },
        now -> recordDetour(now, input.steps().size() - 1, why));
  }

  private boolean recordDetour(ExecutionState now, int lastStep, String why) {
    records.recordDetour(new RecordDetourRequest(input.executionId(), now, lastStep, why));
    return true;
  }

  private StepTimes recordStep(ExecutionState now, int stepIndex, StepOutcome outcome) {
    return Workflow.newLocalActivityStub(
            RecordActivities.class, ActivityPolicies.records(summary(stepIndex, outcome)))
        .recordStep(new RecordStepRequest(input.executionId(), now, stepIndex, outcome));
  }

  /** What the Temporal Web UI shows beside the record: {@code 1.5 completed}. */
  private String summary(int stepIndex, StepOutcome outcome) {
    return input.steps().get(stepIndex).path()
        + (outcome instanceof StepOutcome.Completed
            ? " completed"
            : outcome instanceof StepOutcome.Skipped ? " skipped" : " failed");
  }

  void asked(Question question) {
    write(
        now -> now.asking(question),
        now -> {
          records.openDecision(new OpenDecisionRequest(input.executionId(), now, question));
          return true;
        });
  }

  /**
   * @return since when the answer counts
   */
  Instant answered(Question question, Answer answer, StepOutcome outcome) {
    return write(
        now -> {
          ExecutionState known =
              now.asking(null).steered(now.steering().handling(answer.requestId()));
          return answer.choice() == Choice.AGAIN ? known.again(question.action()) : known;
        },
        now ->
            records.closeDecision(
                new CloseDecisionRequest(input.executionId(), now, question, answer, outcome)));
  }

  void cancelling() {
    write(
        now -> now.cancelling(cancelReason()),
        now -> {
          // The end may have been written while this waited for its turn.
          if (!ended) {
            records.recordCancelling(
                new RecordCancellingRequest(input.executionId(), now, cancelReason()));
          }
          return true;
        });
  }

  void ended(ExecutionOutcome outcome) {
    ended = true;
    write(
        same -> same,
        now ->
            records.recordExecution(new RecordExecutionRequest(input.executionId(), now, outcome)));
  }

  LedgerEntry ledger(EffectKey key) {
    return detached(() -> records.readLedger(key));
  }

  private <T> T write(UnaryOperator<ExecutionState> change, Function<ExecutionState, T> record) {
    return detached(
        () -> {
          // The mirror ignores a record that comes after a newer one.
          oneAtATime.lock();
          try {
            state = change.apply(state).next();
            return record.apply(state);
          } finally {
            oneAtATime.unlock();
          }
        });
  }

  /** A cancel must not keep what has happened from being written down. */
  static <T> T detached(Supplier<T> work) {
    CompletablePromise<T> done = Workflow.newPromise();
    Workflow.newDetachedCancellationScope(() -> done.complete(work.get())).run();
    return done.get();
  }
}

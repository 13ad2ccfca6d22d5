package org.cellos.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.function.Supplier;
import org.cellos.activity.BegunExecution;
import org.cellos.activity.RecordActivities;
import org.cellos.activity.RecordActivities.BeginExecutionRequest;
import org.cellos.activity.RecordActivities.RecordExecutionRequest;
import org.cellos.activity.RecordActivities.RecordStepRequest;
import org.cellos.activity.StepActivities;
import org.cellos.activity.StepFailures;
import org.cellos.domain.Begin;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.Minutes;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.jspecify.annotations.Nullable;

/** The story of one execution: open, wait for the begin, step after step, close. */
public final class ProtocolExecutionImpl implements ProtocolExecution {
  private static final int FIRST_EPOCH = 1;

  /** A dry run ends its workflow task after so many steps, so that updates get in. */
  private static final int DRY_RUN_CHUNK = 25;

  private static final Duration CANCEL_GRACE = Duration.ofSeconds(1);

  private static final Duration NOT_STARTED_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final ExecutionInput input;
  private final RecordActivities records =
      Workflow.newLocalActivityStub(RecordActivities.class, ActivityPolicies.records());
  private @Nullable Begin begin;
  private long sequence;

  @WorkflowInit
  public ProtocolExecutionImpl(ExecutionInput input) {
    this.input = input;
    this.begin = input.begin();
  }

  @Override
  public ExecutionOutcome perform(ExecutionInput sameInput) {
    record(() -> records.openExecution(input));
    ExecutionEnd end = performToTheEnd();
    record(
        () ->
            records.recordExecution(
                new RecordExecutionRequest(input.executionId(), ++sequence, end.outcome())));
    // Temporal's own status must say the same as the record.
    return switch (end.outcome().status()) {
      case CANCELLED -> throw new CanceledFailure(String.valueOf(end.outcome().errorMessage()));
      case FAILED ->
          throw ApplicationFailure.newNonRetryableFailure(
              end.outcome().errorMessage(), end.code().wireValue());
      case COMPLETED, PENDING, RUNNING, PAUSED -> end.outcome();
    };
  }

  @Override
  public void begin(Begin newBegin) {
    if (begin == null) {
      begin = newBegin;
    }
  }

  @Override
  public void mayBegin(Begin newBegin) {
    if (begin != null && !begin.equals(newBegin)) {
      throw new IllegalStateException(
          "The execution has begun already, as a " + (begin.dryRun() ? "dry" : "real") + " run.");
    }
  }

  /** How the execution ended, and for a failed one the category of its failure. */
  private record ExecutionEnd(ExecutionOutcome outcome, ErrorCode code) {
    static ExecutionEnd failed(StepFailure failure) {
      return new ExecutionEnd(ExecutionOutcome.failed(failure.message()), failure.code());
    }

    static ExecutionEnd cancelled() {
      String reason = CancellationScope.current().getCancellationReason();
      return new ExecutionEnd(
          ExecutionOutcome.cancelled(
              reason == null || reason.isBlank() ? "Cancelled." : "Cancelled: " + reason),
          ErrorCode.CANCELLED);
    }
  }

  private ExecutionEnd performToTheEnd() {
    try {
      Workflow.await(() -> begin != null);
    } catch (CanceledFailure e) {
      return ExecutionEnd.cancelled();
    }
    boolean dryRun = begin != null && begin.dryRun();
    BegunExecution begun =
        record(() -> records.beginExecution(new BeginExecutionRequest(input, ++sequence, dryRun)));
    if (!begun.problems().isEmpty()) {
      return ExecutionEnd.failed(
          new StepFailure(ErrorCode.BAD_PARAMETERS, String.join(" ", begun.problems())));
    }
    for (Step step : input.steps()) {
      if (CancellationScope.current().isCancelRequested()) {
        return ExecutionEnd.cancelled();
      }
      StepOutcome outcome = perform(step, begun.routes().get(step.stepIndex()));
      record(
          () ->
              records.recordStep(
                  new RecordStepRequest(
                      input.executionId(), ++sequence, step.stepIndex(), outcome)));
      if (outcome instanceof StepOutcome.Failed failed
          && !CancellationScope.current().isCancelRequested()) {
        return ExecutionEnd.failed(failed.failure());
      }
    }
    // A cancel in the last step comes too late for the step, but Temporal closes as cancelled.
    return CancellationScope.current().isCancelRequested()
        ? ExecutionEnd.cancelled()
        : new ExecutionEnd(ExecutionOutcome.completed(), ErrorCode.INTERNAL);
  }

  private StepOutcome perform(Step step, Route route) {
    try {
      StepResult result =
          route.timed() ? performTimed(step, route) : call(step, route, StepAction.PERFORM);
      return new StepOutcome.Completed(result.values());
    } catch (ActivityFailure e) {
      return new StepOutcome.Failed(StepFailures.of(e));
    } catch (CanceledFailure e) {
      return new StepOutcome.Failed(
          new StepFailure(ErrorCode.CANCELLED, "Cancelled before the step had ended."));
    }
  }

  private StepResult performTimed(Step step, Route route) {
    // Read before the start: what fails after it would leave the instrument running.
    Duration realTime = step.unitOp().parameters().minutes("minutes");
    long millis = Math.max(1, Math.round(realTime.toMillis() / input.speedUp()));
    call(step, route, StepAction.START);
    try {
      sleep(Duration.ofMillis(millis), summary(step, "wait"));
    } catch (CanceledFailure e) {
      Workflow.newDetachedCancellationScope(() -> call(step, route, StepAction.STOP)).run();
      throw e;
    }
    return call(step, route, StepAction.STOP);
  }

  private StepResult call(Step step, Route route, StepAction action) {
    Duration pause = NOT_STARTED_PAUSE;
    while (true) {
      try {
        return callOnce(step, route, action);
      } catch (ActivityFailure e) {
        if (StepFailures.of(e).code() != ErrorCode.NOT_STARTED) {
          throw e;
        }
        // Nothing was moved: the mirror could not be written before the attempt. Wait until it can,
        // ever longer, since history has an end.
        sleep(pause, summary(step, "not started yet"));
        pause = pause.multipliedBy(2);
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
          pause = LONGEST_PAUSE;
        }
      }
    }
  }

  private static void sleep(Duration duration, String summary) {
    Workflow.newTimer(duration, TimerOptions.newBuilder().setSummary(summary).build()).get();
  }

  private StepResult callOnce(Step step, Route route, StepAction action) {
    StepRequest request = request(step, action);
    if (route.kind() == RouteKind.DRY_RUN) {
      return dryRunStub(step).dryRun(request);
    }
    String summary =
        action == StepAction.PERFORM ? summary(step) : summary(step, action.wireValue());
    Duration expected =
        action == StepAction.PERFORM
            ? Minutes.toDuration(step.unitOp().durationMinutes())
            : Duration.ZERO;
    StepActivities activities =
        Workflow.newActivityStub(
            StepActivities.class, ActivityPolicies.step(route.effectClass(), expected, summary));
    return finishing(
        () ->
            route.kind() == RouteKind.GENERIC
                ? Async.function(activities::generic, request)
                : Async.function(activities::handler, request));
  }

  /**
   * Waits for an activity. When the execution is cancelled meanwhile, one that is about to end may
   * do so, since its outcome is known then; after that it is cancelled.
   */
  private static StepResult finishing(Supplier<Promise<StepResult>> activity) {
    CompletablePromise<StepResult> result = Workflow.newPromise();
    CancellationScope scope =
        Workflow.newDetachedCancellationScope(() -> result.completeFrom(activity.get()));
    scope.run();
    Promise.anyOf(result, CancellationScope.current().getCancellationRequest()).get();
    if (!result.isCompleted()) {
      Workflow.newDetachedCancellationScope(
              () -> Promise.anyOf(result, Workflow.newTimer(CANCEL_GRACE)).get())
          .run();
    }
    if (!result.isCompleted()) {
      scope.cancel("The execution was cancelled.");
    }
    return result.get();
  }

  /** Local activities, since they cost no round trip; every 25th a regular one. */
  private static StepActivities dryRunStub(Step step) {
    String summary = summary(step);
    return (step.stepIndex() + 1) % DRY_RUN_CHUNK == 0
        ? Workflow.newActivityStub(
            StepActivities.class, ActivityPolicies.dryRunBetweenChunks(summary))
        : Workflow.newLocalActivityStub(StepActivities.class, ActivityPolicies.dryRun(summary));
  }

  private StepRequest request(Step step, StepAction action) {
    return new StepRequest(
        input.executionId(),
        step.stepId(input.executionId()),
        step.stepIndex(),
        FIRST_EPOCH,
        action,
        step.name(),
        step.operationType(),
        step.unitOp().parameters(),
        input.cellLine(),
        input.vesselId(),
        input.instruments(),
        input.speedUp());
  }

  /** A cancel must not keep what has happened from being written down. */
  private static <T> T record(Supplier<T> write) {
    CompletablePromise<T> written = Workflow.newPromise();
    Workflow.newDetachedCancellationScope(() -> written.complete(write.get())).run();
    return written.get();
  }

  /** What the Temporal Web UI shows beside an event: {@code 5 · Dispense 10.0 mL …}. */
  private static String summary(Step step) {
    return step.path() + " · " + step.name();
  }

  private static String summary(Step step, String part) {
    return summary(step) + " (" + part + ")";
  }
}

package org.cellos.mirror;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import java.util.function.Function;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.store.AttemptKey;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the beginning and the end of every attempt of every step. Thread-safe. */
public final class MirrorInterceptor extends WorkerInterceptorBase {
  private static final Logger log = LoggerFactory.getLogger(MirrorInterceptor.class);

  private final ExecutionRecorder recorder;
  private final String worker;
  private final Function<Throwable, StepFailure> failureOf;

  /**
   * @param worker who performs the attempts, for people
   * @param failureOf reads what an activity threw
   */
  public MirrorInterceptor(
      ExecutionRecorder recorder, String worker, Function<Throwable, StepFailure> failureOf) {
    this.recorder = recorder;
    this.worker = worker;
    this.failureOf = failureOf;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Attempts(next);
  }

  private final class Attempts extends ActivityInboundCallsInterceptorBase {
    private @Nullable ActivityInfo info;

    Attempts(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      info = context.getInfo();
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      Object[] arguments = input.getArguments();
      if (info == null || arguments.length == 0 || !(arguments[0] instanceof StepRequest step)) {
        return super.execute(input);
      }
      AttemptKey attempt =
          new AttemptKey(
              EffectKey.of(step), info.getWorkflowRunId(), info.getActivityId(), info.getAttempt());
      begin(attempt);
      ActivityOutput output;
      try {
        output = super.execute(input);
      } catch (RuntimeException | Error e) {
        end(attempt, new StepOutcome.Failed(failureOf.apply(e)));
        throw e;
      }
      if (output.getResult() instanceof StepResult result) {
        end(attempt, new StepOutcome.Completed(result.values()));
      }
      return output;
    }
  }

  private void begin(AttemptKey attempt) {
    try {
      recorder.attemptStarted(attempt, worker);
    } catch (StoreException e) {
      // An attempt that nobody could see must not move anything.
      log.warn("A step waits until the history can be written: {}", e.getMessage());
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          e.getMessage(), ErrorCode.NOT_STARTED.wireValue(), e);
    }
  }

  private void end(AttemptKey attempt, StepOutcome outcome) {
    try {
      recorder.attemptEnded(attempt, outcome);
    } catch (StoreException e) {
      // The effect has happened: the result must reach Temporal, and the workflow records it again.
      log.warn("The end of {} could not be mirrored yet", attempt, e);
    }
  }
}

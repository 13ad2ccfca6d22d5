package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.function.Supplier;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.StepTimes;
import org.cellos.handler.HandlerRegistry;
import org.cellos.json.Fingerprint;
import org.cellos.store.ExecutionIdInUseException;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.RecordOrder;
import org.cellos.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the workflow's records on to the recorder. Thread-safe. */
public final class RecordActivitiesImpl implements RecordActivities {
  private static final Logger log = LoggerFactory.getLogger(RecordActivitiesImpl.class);

  private final ExecutionRecorder recorder;
  private final HandlerRegistry handlers;
  private final EngineIdentity engine;

  public RecordActivitiesImpl(
      ExecutionRecorder recorder, HandlerRegistry handlers, EngineIdentity engine) {
    this.recorder = recorder;
    this.handlers = handlers;
    this.engine = engine;
  }

  @Override
  public Instant openExecution(ExecutionInput input) {
    return recorded(() -> recorder.open(input, Fingerprint.of(input), engine, temporalRunId()));
  }

  @Override
  public BegunExecution beginExecution(BeginExecutionRequest request) {
    ExecutionInput input = request.input();
    RoutePlan plan = RoutePlan.of(input.steps(), request.dryRun(), handlers);
    Instant startedAt =
        recorded(
            () -> recorder.begin(input.executionId(), order(request.sequence()), request.dryRun()));
    return new BegunExecution(startedAt, plan.routes(), plan.problems());
  }

  @Override
  public StepTimes recordStep(RecordStepRequest request) {
    return recorded(
        () ->
            recorder.recordStep(
                request.executionId(),
                order(request.sequence()),
                request.stepIndex(),
                request.outcome()));
  }

  @Override
  public Instant recordExecution(RecordExecutionRequest request) {
    return recorded(
        () ->
            recorder.recordExecution(
                request.executionId(), order(request.sequence()), request.outcome()));
  }

  /** What cannot be written now is written later: the workflow repeats it, and people are told. */
  private static <T> T recorded(Supplier<T> write) {
    try {
      return write.get();
    } catch (ExecutionIdInUseException e) {
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          e.getMessage(), ErrorCode.ID_IN_USE.wireValue(), e);
    } catch (StoreException e) {
      log.warn("The history cannot be written, and is tried again: {}", e.getMessage());
      throw e;
    }
  }

  private static RecordOrder order(long sequence) {
    return new RecordOrder(temporalRunId(), sequence);
  }

  private static String temporalRunId() {
    return Activity.getExecutionContext().getInfo().getWorkflowRunId();
  }
}

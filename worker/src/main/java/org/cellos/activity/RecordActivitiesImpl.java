package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.StepTimes;
import org.cellos.handler.HandlerRegistry;
import org.cellos.json.Fingerprint;
import org.cellos.store.ExecutionIdInUseException;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.RecordOrder;

/** Passes the workflow's records on to the recorder. Thread-safe. */
public final class RecordActivitiesImpl implements RecordActivities {
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
    try {
      return recorder.open(input, Fingerprint.of(input), engine, temporalRunId());
    } catch (ExecutionIdInUseException e) {
      throw ApplicationFailure.newNonRetryableFailureWithCause(
          e.getMessage(), ErrorCode.ID_IN_USE.wireValue(), e);
    }
  }

  @Override
  public BegunExecution beginExecution(BeginExecutionRequest request) {
    ExecutionInput input = request.input();
    RoutePlan plan = RoutePlan.of(input.steps(), request.dryRun(), handlers);
    Instant startedAt =
        recorder.begin(input.executionId(), order(request.sequence()), request.dryRun());
    return new BegunExecution(startedAt, plan.routes(), plan.problems());
  }

  @Override
  public StepTimes recordStep(RecordStepRequest request) {
    return recorder.recordStep(
        request.executionId(), order(request.sequence()), request.stepIndex(), request.outcome());
  }

  @Override
  public Instant recordExecution(RecordExecutionRequest request) {
    return recorder.recordExecution(
        request.executionId(), order(request.sequence()), request.outcome());
  }

  private static RecordOrder order(long sequence) {
    return new RecordOrder(temporalRunId(), sequence);
  }

  private static String temporalRunId() {
    return Activity.getExecutionContext().getInfo().getWorkflowRunId();
  }
}

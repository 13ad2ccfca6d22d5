package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.function.Supplier;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepTimes;
import org.cellos.handler.HandlerRegistry;
import org.cellos.json.Fingerprint;
import org.cellos.store.EffectLedger;
import org.cellos.store.ExecutionIdInUseException;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.Snapshot;
import org.cellos.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the workflow's records on to the recorder. Thread-safe. */
public final class RecordActivitiesImpl implements RecordActivities {
  private static final Logger log = LoggerFactory.getLogger(RecordActivitiesImpl.class);

  private final ExecutionRecorder recorder;
  private final EffectLedger ledger;
  private final HandlerRegistry handlers;
  private final EngineIdentity engine;

  public RecordActivitiesImpl(
      ExecutionRecorder recorder,
      EffectLedger ledger,
      HandlerRegistry handlers,
      EngineIdentity engine) {
    this.recorder = recorder;
    this.ledger = ledger;
    this.handlers = handlers;
    this.engine = engine;
  }

  @Override
  public Instant openExecution(OpenExecutionRequest request) {
    ExecutionInput input = request.input();
    return recorded(
        () -> recorder.open(input, Fingerprint.of(input), engine, snapshot(request.state())));
  }

  @Override
  public BegunExecution beginExecution(BeginExecutionRequest request) {
    ExecutionInput input = request.input();
    RoutePlan plan = RoutePlan.of(input, request.dryRun(), handlers);
    ExecutionState begun =
        new BegunExecution(Instant.EPOCH, plan.routes(), plan.problems()).applyTo(request.state());
    Instant startedAt =
        recorded(() -> recorder.begin(input.executionId(), snapshot(begun), request.dryRun()));
    return new BegunExecution(startedAt, plan.routes(), plan.problems());
  }

  @Override
  public StepTimes recordStep(RecordStepRequest request) {
    return recorded(
        () ->
            recorder.recordStep(
                request.executionId(),
                snapshot(request.state()),
                request.stepIndex(),
                request.outcome()));
  }

  @Override
  public LedgerEntry readLedger(EffectKey key) {
    return recorded(() -> ledger.read(key, engine.id()));
  }

  @Override
  public void openDecision(OpenDecisionRequest request) {
    recorded(
        () -> {
          recorder.openDecision(
              request.executionId(), snapshot(request.state()), request.question());
          return true;
        });
  }

  @Override
  public Instant closeDecision(CloseDecisionRequest request) {
    return recorded(
        () ->
            recorder.closeDecision(
                request.executionId(),
                snapshot(request.state()),
                request.question(),
                request.answer(),
                request.outcome()));
  }

  @Override
  public void recordControl(RecordControlRequest request) {
    recorded(
        () -> {
          recorder.recordControl(
              request.executionId(), snapshot(request.state()), request.request());
          return true;
        });
  }

  @Override
  public void recordPaused(RecordPausedRequest request) {
    recorded(
        () -> {
          recorder.recordPaused(request.executionId(), snapshot(request.state()), request.pause());
          return true;
        });
  }

  @Override
  public void recordDetour(RecordDetourRequest request) {
    recorded(
        () -> {
          recorder.recordDetour(
              request.executionId(), snapshot(request.state()), request.lastStep(), request.why());
          return true;
        });
  }

  @Override
  public void recordCancelling(RecordCancellingRequest request) {
    recorded(
        () -> {
          recorder.recordCancelling(
              request.executionId(), snapshot(request.state()), request.reason());
          return true;
        });
  }

  @Override
  public Instant recordExecution(RecordExecutionRequest request) {
    return recorded(
        () ->
            recorder.recordExecution(
                request.executionId(), snapshot(request.state()), request.outcome()));
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

  private static Snapshot snapshot(ExecutionState state) {
    return new Snapshot(temporalRunId(), state);
  }

  private static String temporalRunId() {
    return Activity.getExecutionContext().getInfo().getWorkflowRunId();
  }
}

package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cellos.activity.EffectGate.NotWantedException;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.Instruments;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.Progress;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.NothingMovedException;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.RegisteredHandler;
import org.cellos.handler.StepContext;
import org.cellos.handler.StoppedStepException;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.WorkerEndsException;
import org.cellos.json.Json;
import org.cellos.store.AttemptKey;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.cellos.store.ExecutionRecorder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs steps with what is registered on this worker. Thread-safe; an attempt may be a repeated
 * one, within what the handler's effect class allows.
 */
public final class StepActivitiesImpl implements StepActivities {
  private static final Logger log = LoggerFactory.getLogger(StepActivitiesImpl.class);

  /**
   * Temporal refuses payloads above 2 MB, after the activity has returned; this leaves a margin.
   */
  private static final int MOST_RESULT_BYTES = 1_500_000;

  /**
   * Of a step that is found again there may be many more attempts, since dead workers cost one
   * each: what fails by itself is not tried that often.
   */
  private static final int MOST_FAILURES = 5;

  private final HandlerRegistry handlers;
  private final LivenessBeat livenessBeat;

  private final EffectGate gate;
  private final ExecutionRecorder recorder;
  private final String engineId;

  /**
   * @param recorder for what instruments say while a step is under way
   * @param engineId the engine whose steps these are
   */
  public StepActivitiesImpl(
      HandlerRegistry handlers,
      LivenessBeat livenessBeat,
      EffectLedger ledger,
      ExecutionRecorder recorder,
      String engineId) {
    this.handlers = handlers;
    this.livenessBeat = livenessBeat;
    this.gate = new EffectGate(ledger);
    this.recorder = recorder;
    this.engineId = engineId;
  }

  @Override
  public StepResult dryRun(StepRequest request) {
    return new StepResult(Parameters.of(Map.of("dry_run", true)));
  }

  @Override
  public StepResult generic(StepRequest request) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "success");
    result.put("mode", request.instruments().wireValue());
    if (request.instruments() == Instruments.VIRTUAL) {
      result.put("simulated", true);
    }
    result.put("generic", true);
    result.put(
        "note",
        "No handler is registered for '" + request.operationType() + "': nothing was done.");
    return new StepResult(new Parameters(result));
  }

  @Override
  public StepResult handler(StepRequest request) {
    RegisteredHandler handler =
        handlers
            .find(request.operationType())
            .orElseThrow(
                () ->
                    ApplicationFailure.newNonRetryableFailure(
                        "This worker has no handler for '"
                            + request.operationType()
                            + "', which the execution began with. Nothing was moved. Start a worker"
                            + " that has it.",
                        ErrorCode.HANDLER_MISSING.wireValue()));
    ActivityExecutionContext context = Activity.getExecutionContext();
    EffectClass effectClass =
        Optional.ofNullable(request.effectClass()).orElse(handler.effectClass());
    LivenessBeat.Beat beat =
        livenessBeat.during(
            context,
            effectClass == EffectClass.REATTACHABLE
                && request.instruments() != Instruments.VIRTUAL);
    try {
      return gate.perform(
          EffectKey.of(request),
          effectClass,
          claimant(context),
          beat::requireWanted,
          () -> perform(request, handler, context, beat));
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw failure(e, request, beat, context);
    } finally {
      beat.close();
      // The thread goes back to the SDK, which could not report the outcome if it were interrupted.
      boolean interrupted = Thread.interrupted();
      if (interrupted) {
        log.debug("Step {} was interrupted", request.stepId());
      }
    }
  }

  /** With what a handler throws already told apart, since the ledger keeps it. */
  private StepResult perform(
      StepRequest request,
      RegisteredHandler handler,
      ActivityExecutionContext context,
      LivenessBeat.Beat beat) {
    try {
      return checked(
          request,
          call(
              handler,
              new AttemptContext(
                  request,
                  context,
                  beat,
                  lastLook(request, context, beat),
                  hold(request, context))));
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw failure(e, request, beat, context);
    }
  }

  private InstrumentHold hold(StepRequest request, ActivityExecutionContext context) {
    ActivityInfo info = context.getInfo();
    return new InstrumentHold(
        recorder,
        new AttemptKey(
            EffectKey.of(request),
            info.getWorkflowRunId(),
            info.getActivityId(),
            info.getAttempt()),
        context.getWorkflowClient().getOptions().getIdentity());
  }

  private LastLook lastLook(
      StepRequest request, ActivityExecutionContext context, LivenessBeat.Beat beat) {
    return () ->
        gate.requireStanding(EffectKey.of(request), claimant(context), beat::requireWanted);
  }

  private Claimant claimant(ActivityExecutionContext context) {
    ActivityInfo info = context.getInfo();
    return new Claimant(
        engineId,
        info.getWorkflowRunId() + "/" + info.getActivityId() + "/" + info.getAttempt(),
        context.getWorkflowClient().getOptions().getIdentity());
  }

  private static RuntimeException failure(
      Throwable thrown,
      StepRequest request,
      LivenessBeat.Beat beat,
      ActivityExecutionContext context) {
    if (thrown instanceof ApplicationFailure || thrown instanceof ActivityCanceledException) {
      return (RuntimeException) thrown;
    }
    if (thrown instanceof StoppedStepException) {
      return permanent(StepFailures.messageOf(thrown), ErrorCode.CANCELLED, thrown);
    }
    if (thrown instanceof NothingMovedException) {
      return permanent(StepFailures.messageOf(thrown), ErrorCode.NOT_STARTED, thrown);
    }
    if (thrown instanceof UnknownOutcomeException) {
      return permanent(StepFailures.messageOf(thrown), ErrorCode.OUTCOME_UNKNOWN, thrown);
    }
    boolean isCancelled = beat.want() == LivenessBeat.Want.CANCELLED;
    if (isCancelled
        && request.effectClass() == EffectClass.ONCE
        && !(thrown instanceof NotWantedException)) {
      return permanent(
          "The handler was interrupted by the cancel and did not say that its instrument has stopped"
              + " ("
              + StepFailures.messageOf(thrown)
              + ").",
          ErrorCode.OUTCOME_UNKNOWN,
          thrown);
    }
    if (isCancelled || thrown instanceof NotWantedException) {
      // The one exception that the SDK reports as a cancel.
      return new ActivityCanceledException(context.getInfo());
    }
    if (beat.want() == LivenessBeat.Want.GIVEN_UP) {
      return permanent(
          "Temporal had not heard of the worker for too long and gave the attempt up while it was"
              + " under way.",
          ErrorCode.OUTCOME_UNKNOWN,
          thrown);
    }
    String message = StepFailures.messageOf(thrown);
    if (thrown instanceof ParameterException) {
      return permanent(message, ErrorCode.BAD_PARAMETERS, thrown);
    }
    if (thrown instanceof PermanentStepException) {
      return permanent(message, ErrorCode.STEP_FAILED, thrown);
    }
    if (thrown instanceof InterruptedException) {
      return permanent(
          "The worker was stopped while the step was under way: nobody knows how it ended.",
          ErrorCode.OUTCOME_UNKNOWN,
          thrown);
    }
    boolean isHopeless =
        request.effectClass() == EffectClass.REATTACHABLE
            && !(thrown instanceof WorkerEndsException)
            && context.getInfo().getAttempt() >= MOST_FAILURES;
    return isHopeless
        ? permanent(message, ErrorCode.STEP_FAILED, thrown)
        : ApplicationFailure.newFailureWithCause(
            message, ErrorCode.STEP_FAILED.wireValue(), StepFailures.kept(thrown));
  }

  private static Map<String, ?> call(RegisteredHandler handler, StepContext step) throws Exception {
    if (handler instanceof RegisteredHandler.Timed timed) {
      return switch (step.request().action()) {
        case START -> timed.handler().start(step);
        case STOP -> timed.handler().stop(step);
        case BEGIN, PERFORM ->
            throw new PermanentStepException(
                "The handler for '"
                    + step.request().operationType()
                    + "' is now a timed one, and the execution began with one that is not.");
      };
    }
    return ((RegisteredHandler.Single) handler).handler().perform(step);
  }

  /**
   * The handler has returned, so the step was done: whatever is wrong now is wrong with the result.
   */
  private static StepResult checked(StepRequest request, @Nullable Map<String, ?> returned) {
    if (returned == null) {
      throw unusable("it is null", null);
    }
    if (Objects.equals(returned.get("status"), "error")) {
      throw ApplicationFailure.newFailure(errorText(returned), ErrorCode.STEP_FAILED.wireValue());
    }
    Map<String, Object> values = new LinkedHashMap<>(returned);
    // What a handler does in a virtual execution is virtual, unless it says otherwise itself.
    values.putIfAbsent("mode", request.instruments().wireValue());
    Parameters result;
    try {
      result = new Parameters(values);
    } catch (ParameterException e) {
      throw unusable(StepFailures.messageOf(e), e);
    }
    int bytes = Json.write(result).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_RESULT_BYTES) {
      throw unusable(
          bytes
              + " bytes are more than the "
              + MOST_RESULT_BYTES
              + " that fit. Let the handler store the data and return where it is",
          null);
    }
    return new StepResult(result);
  }

  private static ApplicationFailure unusable(String why, @Nullable Throwable cause) {
    return permanent(
        "The step was done, but its result cannot be kept: " + why + ".",
        ErrorCode.STEP_FAILED,
        cause);
  }

  private static String errorText(Map<String, ?> values) {
    return Optional.<Object>ofNullable(values.get("error"))
        .or(() -> Optional.ofNullable(values.get("message")))
        .map(Object::toString)
        .map(StepFailures::shortened)
        .orElse("The handler returned the status 'error' without a reason.");
  }

  private static ApplicationFailure permanent(
      @Nullable String message, ErrorCode code, @Nullable Throwable cause) {
    return ApplicationFailure.newNonRetryableFailureWithCause(
        message, code.wireValue(), StepFailures.kept(cause));
  }

  /** Whether an attempt still counts. */
  private interface LastLook {
    void requireWanted() throws NotWantedException;
  }

  private record AttemptContext(
      StepRequest request,
      ActivityExecutionContext activity,
      LivenessBeat.Beat beat,
      LastLook lastLook,
      InstrumentHold hold)
      implements StepContext {
    @Override
    public int attempt() {
      return activity.getInfo().getAttempt();
    }

    @Override
    public void heartbeat(String progress, Map<String, ?> details) {
      if (details.isEmpty()) {
        beat.report(progress);
      } else {
        Map<String, Object> all = new LinkedHashMap<>(details);
        all.put(Progress.TEXT, progress);
        beat.report(all);
      }
    }

    @Override
    public void heldByInstrument(String reason) {
      hold.says(Optional.of(reason));
    }

    @Override
    public void goesOn() {
      hold.says(Optional.empty());
    }

    @Override
    public void requireWanted() throws NotWantedException, NothingMovedException {
      if (Boolean.TRUE.equals(request.onlyStops())) {
        throw new NothingMovedException("It was not begun, since the execution is cancelled.");
      }
      lastLook.requireWanted();
    }

    @Override
    public boolean isCancelled() {
      return beat.want() == LivenessBeat.Want.CANCELLED;
    }
  }
}

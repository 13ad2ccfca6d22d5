package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ApplicationFailure;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.RegisteredHandler;
import org.cellos.handler.StepContext;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Performs steps with what is registered on this worker. Thread-safe; an attempt may be a repeated
 * one, within what the handler's effect class allows.
 */
public final class StepActivitiesImpl implements StepActivities {
  /**
   * Temporal refuses payloads above 2 MB, after the activity has returned; this leaves a margin.
   */
  private static final int MOST_RESULT_BYTES = 1_500_000;

  private final HandlerRegistry handlers;
  private final LivenessBeat livenessBeat;

  public StepActivitiesImpl(HandlerRegistry handlers, LivenessBeat livenessBeat) {
    this.handlers = handlers;
    this.livenessBeat = livenessBeat;
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
    try (LivenessBeat.Beat beat = livenessBeat.during(context)) {
      return checked(request, call(handler, new AttemptContext(request, context, beat)));
    } catch (ApplicationFailure | ActivityCompletionException e) {
      throw e;
    } catch (ParameterException e) {
      throw permanent(e.getMessage(), ErrorCode.BAD_PARAMETERS, e);
    } catch (PermanentStepException e) {
      throw permanent(StepFailures.messageOf(e), ErrorCode.STEP_FAILED, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw permanent(
          "The worker was stopped while the step was under way.", ErrorCode.OUTCOME_UNKNOWN, e);
    } catch (Exception e) {
      throw ApplicationFailure.newFailureWithCause(
          StepFailures.messageOf(e), ErrorCode.STEP_FAILED.wireValue(), e);
    }
  }

  private static Map<String, ?> call(RegisteredHandler handler, StepContext step) throws Exception {
    if (handler instanceof RegisteredHandler.Timed timed) {
      return switch (step.request().action()) {
        case START -> timed.handler().start(step);
        case STOP -> timed.handler().stop(step);
        case PERFORM ->
            throw new PermanentStepException(
                "The handler for '"
                    + step.request().operationType()
                    + "' is now a timed one, and the execution began with one that is not.");
      };
    }
    return ((RegisteredHandler.Single) handler).handler().perform(step);
  }

  private static StepResult checked(StepRequest request, Map<String, ?> returned) {
    Map<String, Object> values =
        new LinkedHashMap<>(
            Objects.requireNonNull(returned, "the handler returned null instead of a result"));
    if (Objects.equals(values.get("status"), "error")) {
      throw ApplicationFailure.newFailure(errorText(values), ErrorCode.STEP_FAILED.wireValue());
    }
    // What a handler does in a virtual execution is virtual, unless it says otherwise itself.
    values.putIfAbsent("mode", request.instruments().wireValue());
    Parameters result = new Parameters(values);
    int bytes = Json.write(result).getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_RESULT_BYTES) {
      throw permanent(
          "The step was done, but its result of "
              + bytes
              + " bytes is more than the "
              + MOST_RESULT_BYTES
              + " that can be kept. Let the handler store the data and return where it is.",
          ErrorCode.STEP_FAILED,
          null);
    }
    return new StepResult(result);
  }

  private static String errorText(Map<String, ?> values) {
    return Optional.<Object>ofNullable(values.get("error"))
        .or(() -> Optional.ofNullable(values.get("message")))
        .map(Object::toString)
        .orElse("The handler returned the status 'error' without a reason.");
  }

  private static ApplicationFailure permanent(
      @Nullable String message, ErrorCode code, @Nullable Throwable cause) {
    return ApplicationFailure.newNonRetryableFailureWithCause(message, code.wireValue(), cause);
  }

  private record AttemptContext(
      StepRequest request, ActivityExecutionContext activity, LivenessBeat.Beat beat)
      implements StepContext {
    @Override
    public int attempt() {
      return activity.getInfo().getAttempt();
    }

    @Override
    public void heartbeat(String progress) {
      beat.report(progress);
    }
  }
}

package org.cellos.activity;

import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Arrays;
import java.util.Optional;
import org.cellos.domain.AttemptEnd;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.StepFailure;
import org.jspecify.annotations.Nullable;

/** Reads what Temporal says about a failed attempt into the project's own words. Pure. */
public final class StepFailures {
  /** Temporal takes no failure of megabytes, and people read none. */
  private static final int MOST_CHARACTERS = 10_000;

  private StepFailures() {}

  /**
   * @param thrown what an activity threw
   */
  public static StepFailure of(Throwable thrown) {
    if (thrown instanceof ApplicationFailure application) {
      return new StepFailure(code(application.getType()), application.getOriginalMessage());
    }
    if (thrown instanceof CanceledFailure || thrown instanceof ActivityCompletionException) {
      return new StepFailure(ErrorCode.CANCELLED, "Cancelled while the step was under way.");
    }
    if (thrown instanceof TemporalFailure failure) {
      return new StepFailure(ErrorCode.OUTCOME_UNKNOWN, messageOf(failure));
    }
    return new StepFailure(ErrorCode.STEP_FAILED, messageOf(thrown));
  }

  /**
   * @param thrown what the workflow caught instead of an activity's result
   */
  public static AttemptEnd endOf(ActivityFailure thrown) {
    Throwable cause = thrown.getCause();
    if (cause instanceof CanceledFailure) {
      return new AttemptEnd.Cancelled();
    }
    if (cause instanceof ApplicationFailure application) {
      return new AttemptEnd.Threw(of(application));
    }
    if (cause instanceof TimeoutFailure timeout) {
      return new AttemptEnd.Lost(
          "the worker was not heard of again (" + timeout.getTimeoutType() + ")");
    }
    return new AttemptEnd.Lost(messageOf(cause == null ? thrown : cause));
  }

  /** The exception's message, or its name where it has none; without an end that is too long. */
  public static String messageOf(Throwable thrown) {
    return shortened(
        Optional.ofNullable(thrown.getMessage()).orElseGet(() -> thrown.getClass().getName()));
  }

  static String shortened(String message) {
    return message.length() <= MOST_CHARACTERS
        ? message
        : message.substring(0, MOST_CHARACTERS) + "… (" + message.length() + " characters)";
  }

  /** What a failure may carry with it: nothing that history cannot hold. */
  static @Nullable Throwable kept(@Nullable Throwable cause) {
    for (Throwable thrown = cause; thrown != null; thrown = thrown.getCause()) {
      String message = thrown.getMessage();
      if (message != null && message.length() > MOST_CHARACTERS) {
        return null;
      }
    }
    return cause;
  }

  private static ErrorCode code(String type) {
    // Handlers in other languages throw failures with types of their own.
    return Arrays.stream(ErrorCode.values())
        .filter(code -> code.wireValue().equals(type))
        .findFirst()
        .orElse(ErrorCode.STEP_FAILED);
  }
}

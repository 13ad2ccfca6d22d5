package org.cellos.dashboard;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.cellos.json.Timestamps;
import org.cellos.view.ExecutionView;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A step as its execution's page shows it.
 *
 * @param index from 0
 * @param path its place in the protocol; of other programs' rows its number, from 1
 * @param operation empty if none was recorded
 * @param status the word; {@code unknown} where a person is asked how it ended
 * @param mode dry, virtual, manual, hardware; {@code unknown} where a completed one does not say
 * @param began local time; empty while it has not
 * @param beganUtc the same, in UTC
 * @param took in words; empty while it has not ended
 * @param error empty for none
 * @param parameters its quantities
 * @param result what came out
 * @param attempts each try, in order
 * @param editable whether its parameters may still change
 */
public record StepModel(
    int index,
    String path,
    String name,
    String operation,
    String status,
    String icon,
    String mode,
    String began,
    String beganUtc,
    String took,
    String error,
    List<Fact> parameters,
    List<Fact> result,
    List<Attempt> attempts,
    boolean editable) {

  /** A name and a value, as text. */
  public record Fact(String name, String value) {
    static List<Fact> of(@Nullable Parameters parameters) {
      return parameters == null
          ? List.of()
          : parameters.values().entrySet().stream().map(Fact::of).toList();
    }

    private static Fact of(Map.Entry<String, Object> entry) {
      Object value = entry.getValue();
      return new Fact(
          entry.getKey(),
          value instanceof String || value instanceof Number || value instanceof Boolean
              ? value.toString()
              : Json.write(value));
    }
  }

  /**
   * @param what which part of the step; empty where it has only one
   * @param outcome {@code completed}, {@code failed} or {@code not known yet}
   */
  public record Attempt(
      String what,
      int number,
      String worker,
      String began,
      String took,
      String outcome,
      String error) {
    static Attempt of(StepAttemptRecord attempt) {
      return new Attempt(
          attempt.action() == StepAction.PERFORM
              ? ""
              : attempt.action().name().toLowerCase(java.util.Locale.ROOT),
          attempt.attempt(),
          attempt.worker(),
          Texts.localTime(attempt.startedAt()),
          Texts.between(attempt.startedAt(), attempt.endedAt()),
          Optional.ofNullable(attempt.outcome()).map(StepStatus::wireValue).orElse("not known yet"),
          Optional.ofNullable(attempt.errorMessage()).orElse(""));
    }
  }

  static StepModel of(
      StepRecord step,
      Optional<ExecutionInput> input,
      List<StepAttemptRecord> attempts,
      boolean isInDoubt,
      boolean isOpen) {
    Optional<Instant> start = Optional.ofNullable(step.startTime());
    String status = isInDoubt ? "unknown" : step.status().wireValue();
    return new StepModel(
        step.stepIndex(),
        path(input, step.stepIndex()),
        step.name(),
        Optional.ofNullable(step.operationType()).orElse(""),
        status,
        isInDoubt ? "?" : icon(step.status()),
        ExecutionView.mode(step).orElse(step.status() == StepStatus.COMPLETED ? "unknown" : ""),
        start.map(Texts::localTime).orElse(""),
        start.map(Timestamps::format).orElse(""),
        Texts.between(step.startTime(), step.endTime()),
        Optional.ofNullable(step.errorMessage()).orElse(""),
        Fact.of(step.parameters()),
        Fact.of(step.result()),
        attempts.stream()
            .filter(attempt -> attempt.stepIndex() == step.stepIndex())
            .map(Attempt::of)
            .toList(),
        isOpen && input.isPresent() && step.status() == StepStatus.PENDING);
  }

  static String path(Optional<ExecutionInput> input, int stepIndex) {
    return input
        .filter(known -> stepIndex < known.steps().size())
        .map(known -> known.steps().get(stepIndex).path())
        .orElseGet(() -> Integer.toString(stepIndex + 1));
  }

  static String icon(StepStatus status) {
    return switch (status) {
      case PENDING -> "○";
      case RUNNING -> "▶";
      case COMPLETED -> "✔";
      case FAILED -> "✖";
      case SKIPPED -> "↷";
    };
  }
}

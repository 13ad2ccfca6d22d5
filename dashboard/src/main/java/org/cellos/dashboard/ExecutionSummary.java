package org.cellos.dashboard;

import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.json.Timestamps;
import org.cellos.view.History;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/**
 * An execution in a list.
 *
 * @param id the whole id
 * @param shortId the beginning of it, enough for people
 * @param link its page
 * @param name the protocol's
 * @param cellLine empty if none was recorded
 * @param vessel empty if none was recorded
 * @param operation empty if none was recorded
 * @param status the word
 * @param icon tells the status without colour
 * @param mark {@code DRY RUN}, {@code SIMULATED}, {@code PARTLY SIMULATED} or empty
 * @param created local time
 * @param createdUtc the same, in UTC
 * @param took in words; empty while it has not ended
 * @param error the first line; empty for none
 * @param steps how many
 * @param stepsDone how many of them are completed
 * @param abandoned whether it looks as if it went on, and nobody performs it
 */
public record ExecutionSummary(
    String id,
    String shortId,
    String link,
    String name,
    String cellLine,
    String vessel,
    String operation,
    String status,
    String icon,
    String mark,
    String created,
    String createdUtc,
    String took,
    String error,
    int steps,
    int stepsDone,
    boolean abandoned) {
  private static final int SHORT = 8;

  static ExecutionSummary of(History history, ExecutionRecord record) {
    String id = record.executionId();
    return new ExecutionSummary(
        id,
        id.length() <= SHORT ? id : id.substring(0, SHORT),
        "/executions/" + PathSegments.encode(id),
        record.workflowName(),
        orEmpty(record.cellLine()),
        orEmpty(record.vesselId()),
        orEmpty(record.operationType()),
        record.status().wireValue(),
        icon(record.status()),
        mark(history.undisguised(record)),
        Texts.localTime(record.createdAt()),
        Timestamps.format(record.createdAt()),
        Texts.between(record.startedAt(), record.completedAt()),
        record.error().flatMap(error -> error.lines().findFirst()).orElse(""),
        record.stepCount(),
        record.completedStepCount(),
        history.isAbandoned(record));
  }

  static String icon(ExecutionStatus status) {
    return switch (status) {
      case PENDING -> "○";
      case RUNNING -> "▶";
      case PAUSED -> "‖";
      case COMPLETED -> "✔";
      case FAILED -> "✖";
      case CANCELLED -> "⊘";
    };
  }

  /** What tells a fake from the real thing. */
  static String mark(ExecutionRecord record) {
    if (Boolean.TRUE.equals(record.dryRun())) {
      return "DRY RUN";
    }
    if (record.simulated() == null) {
      return record.dryRun() == null ? "" : "PARTLY SIMULATED";
    }
    return record.simulated() ? "SIMULATED" : "";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}

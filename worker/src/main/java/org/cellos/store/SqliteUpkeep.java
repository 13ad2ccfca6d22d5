package org.cellos.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.ExecutionStatus;
import org.jspecify.annotations.Nullable;

/** The upkeep of the mirror's file. Thread-safe. */
final class SqliteUpkeep implements ExecutionUpkeep {
  /** Longer than anybody asks for. */
  private static final Duration KEPT = Duration.ofDays(90);

  private final WriteConnection writer;
  private final Path file;
  private final Clock clock;

  SqliteUpkeep(WriteConnection writer, Path file, Clock clock) {
    this.writer = writer;
    this.file = file;
    this.clock = clock;
  }

  @Override
  public void seen(String worker, String engineId) {
    Instant now = clock.instant();
    writer.transaction(
        sql -> {
          sql.update("DELETE FROM workers WHERE seen_at < ?", StoredTime.write(now.minus(KEPT)));
          return sql.update(
              """
              INSERT INTO workers (worker, engine_id, since, seen_at) VALUES (?1, ?2, ?3, ?3)
              ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at""",
              worker,
              engineId,
              StoredTime.write(now));
        });
  }

  @Override
  public void trouble(String executionId, @Nullable String message) {
    writer.transaction(
        sql ->
            message == null
                ? sql.update("DELETE FROM execution_troubles WHERE execution_id = ?", executionId)
                : sql.update(
                    """
                    INSERT INTO execution_troubles (execution_id, since, message)
                    VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET message = excluded.message""",
                    executionId,
                    StoredTime.write(clock.instant()),
                    message));
  }

  @Override
  public boolean lost(String executionId, String message) {
    return writer.transaction(
        sql -> {
          // Nobody follows its instrument any more.
          Holds.forget(sql, executionId);
          boolean isNew =
              sql.update(
                      """
                      UPDATE executions SET status = ?1, error_message = ?2
                      WHERE execution_id = ?3 AND completed_at IS NULL
                        AND error_message IS NOT ?2""",
                      ExecutionStatus.PAUSED.wireValue(),
                      message,
                      executionId)
                  == 1;
          if (isNew) {
            AuditLog.add(sql, clock.instant(), executionId, null, "reconciler", message, null);
          }
          return isNew;
        });
  }

  @Override
  public boolean note(
      String executionId, @Nullable Integer stepIndex, String by, String text, String requestId) {
    requireText("who writes a note", by);
    requireText("a note", text);
    requireText("the request id of a note", requestId);
    return writer.transaction(
        sql -> {
          requireExecution(sql, executionId);
          Optional<AuditRow> earlier = AuditLog.find(sql, executionId, requestId);
          if (earlier.isPresent()) {
            requireSame(earlier.get(), stepIndex, by, text);
            return false;
          }
          if (stepIndex != null) {
            requireStep(sql, executionId, stepIndex);
          }
          AuditLog.add(
              sql, clock.instant(), executionId, stepIndex, by, AuditEntry.NOTE, text, requestId);
          return true;
        });
  }

  private static void requireText(String what, String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException(what + " must not be empty");
    }
  }

  private void requireExecution(Sql sql, String executionId) throws SQLException {
    if (sql.number("SELECT count(*) FROM executions WHERE execution_id = ?", executionId) == 0) {
      throw new StoreException("There is no execution " + executionId + " in " + file + ".");
    }
  }

  private static void requireStep(Sql sql, String executionId, int stepIndex) throws SQLException {
    if (sql.number(
            "SELECT count(*) FROM execution_steps WHERE execution_id = ? AND step_index = ?",
            executionId,
            stepIndex)
        == 0) {
      throw new StoreException(
          "The execution " + executionId + " has no step with the index " + stepIndex + ".");
    }
  }

  private static void requireSame(
      AuditRow earlier, @Nullable Integer stepIndex, String by, String text) {
    boolean isSame =
        Objects.equals(earlier.stepIndex(), stepIndex == null ? null : stepIndex.toString())
            && earlier.who().equals(by)
            && text.equals(earlier.reason());
    if (!isSame) {
      throw new StoreException(
          "The request "
              + earlier.requestId()
              + " about the execution "
              + earlier.executionId()
              + " was another one, of "
              + earlier.at()
              + ". Nothing was noted: give the note a request id of its own.");
    }
  }
}

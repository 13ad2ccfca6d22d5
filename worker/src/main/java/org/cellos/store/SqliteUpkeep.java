package org.cellos.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.cellos.domain.ExecutionStatus;
import org.jspecify.annotations.Nullable;

/** The upkeep of the mirror's file. Thread-safe. */
final class SqliteUpkeep implements ExecutionUpkeep {
  /** Longer than anybody asks for. */
  private static final Duration KEPT = Duration.ofDays(90);

  private final WriteConnection writer;
  private final Clock clock;

  SqliteUpkeep(WriteConnection writer, Clock clock) {
    this.writer = writer;
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
}

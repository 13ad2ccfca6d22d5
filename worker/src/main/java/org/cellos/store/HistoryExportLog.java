package org.cellos.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which histories of closed executions have been exported. Thread-safe. */
public final class HistoryExportLog {
  private final ReadConnection reader;
  private final WriteConnection writer;

  HistoryExportLog(ReadConnection reader, WriteConnection writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** One Temporal run of an execution. */
  public record Run(String executionId, String temporalRunId) {}

  /**
   * Runs of executions that have ended on this engine and that nobody has exported, oldest first.
   *
   * @param most at most so many
   */
  public List<Run> missing(String engineId, int most) {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT r.execution_id, r.temporal_run_id
                FROM executions e
                JOIN execution_details d ON d.execution_id = e.execution_id
                JOIN execution_runs r ON r.execution_id = e.execution_id
                WHERE e.completed_at IS NOT NULL AND d.engine_id = ? AND NOT EXISTS (
                  SELECT * FROM history_exports x
                  WHERE x.execution_id = r.execution_id
                    AND x.temporal_run_id = r.temporal_run_id)
                ORDER BY e.created_at, e.execution_id, r.ordinal LIMIT ?""",
                row -> new Run(row.getString(1), row.getString(2)),
                engineId,
                most));
  }

  /**
   * @param at null if there is nothing to export: the engine has forgotten it
   */
  public void exported(Run run, @Nullable Instant at) {
    writer.transaction(
        sql ->
            sql.update(
                """
                INSERT OR REPLACE INTO history_exports (execution_id, temporal_run_id, exported_at)
                VALUES (?, ?, ?)""",
                run.executionId(),
                run.temporalRunId(),
                at == null ? null : StoredTime.write(at)));
  }
}

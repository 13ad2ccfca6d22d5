package org.cellos.store;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Lease;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Priority;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.json.Json;

/**
 * Reads the mirror. Thread-safe, and repeatable at will.
 *
 * <p>Newest first is the order of {@code created_at} as text, so that the index gives it; times
 * that another program wrote without a zone stand among ours as if they were UTC.
 */
final class SqliteQueries implements ExecutionQueries {
  private static final int MOST = 1000;

  private final ReadConnection reader;
  private final Path file;

  SqliteQueries(ReadConnection reader, Path file) {
    this.reader = reader;
    this.file = file;
  }

  @Override
  public Optional<ExecutionRecord> find(String executionId) {
    return reader.read(
        sql ->
            sql.first(
                SqliteSearch.SELECT_EXECUTIONS + "WHERE e.execution_id = ?",
                StoredRows::execution,
                executionId));
  }

  @Override
  public List<ExecutionRecord> findByIdPrefix(String prefix, int limit) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("the beginning of an id needs at least one character");
    }
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit must be from 1 to " + MOST + ", not " + limit);
    }
    // A range, unlike LIKE, uses the primary key and has no wildcards.
    return reader.read(
        sql ->
            sql.list(
                SqliteSearch.SELECT_EXECUTIONS
                    + "WHERE e.execution_id >= ? AND e.execution_id < ? || char(0x10FFFF) "
                    + SqliteSearch.NEWEST_FIRST,
                StoredRows::execution,
                prefix,
                prefix,
                limit));
  }

  @Override
  public List<StepRecord> steps(String executionId) {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT s.*,
                  -- A timed step is started and stopped: those are no two attempts.
                  (SELECT coalesce(max(tries), 0) FROM (
                    SELECT count(*) AS tries FROM step_attempts a
                    WHERE a.execution_id = s.execution_id AND a.step_index = s.step_index
                    GROUP BY a.action)) AS attempts
                FROM execution_steps s WHERE s.execution_id = ? ORDER BY s.step_index""",
                StoredRows::step,
                executionId));
  }

  @Override
  public List<StepAttemptRecord> attempts(String executionId) {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT * FROM step_attempts WHERE execution_id = ?
                ORDER BY step_index, epoch, started_at, attempt_id""",
                StoredRows::attempt,
                executionId));
  }

  @Override
  public Optional<ExecutionDetails> details(String executionId) {
    return reader.read(
        sql ->
            sql.first(
                """
                SELECT d.*, r.temporal_run_id
                FROM execution_details d
                JOIN execution_runs r ON r.execution_id = d.execution_id
                WHERE d.execution_id = ? ORDER BY r.ordinal DESC LIMIT 1""",
                row ->
                    new ExecutionDetails(
                        readInput(executionId, row.getString("input")),
                        row.getString("fingerprint"),
                        engine(row),
                        row.getString("temporal_run_id")),
                executionId));
  }

  @Override
  public Optional<ExecutionState> state(String executionId) {
    return reader
        .read(
            sql ->
                sql.text("SELECT state FROM execution_states WHERE execution_id = ?", executionId))
        .map(state -> Json.read(state, ExecutionState.class));
  }

  @Override
  public List<String> reruns(String executionId) {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT execution_id FROM execution_details JOIN executions USING (execution_id)
                WHERE json_extract(input, '$.rerun_of.execution_id') = ?
                ORDER BY created_at, execution_id""",
                row -> row.getString(1),
                executionId));
  }

  @Override
  public Map<EffectKey, LedgerEntry> effects(String executionId, int stepIndex, String engineId) {
    return reader.read(sql -> SqliteLedger.newest(sql, executionId, stepIndex, engineId));
  }

  @Override
  public List<DecisionRecord> decisions(String executionId) {
    return reader.read(
        sql ->
            sql.list(
                "SELECT * FROM decisions WHERE execution_id = ? ORDER BY decision_id",
                StoredRows::decision,
                executionId));
  }

  @Override
  public List<AuditEntry> audit(String executionId) {
    return reader.read(
        sql ->
            sql.list(
                "SELECT * FROM audit_log WHERE execution_id = ? ORDER BY audit_id",
                StoredRows::audit,
                executionId));
  }

  @Override
  public List<Unfinished> unfinished() {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT execution_id, engine_kind, engine_id, engine_address, engine_namespace
                FROM executions JOIN execution_details USING (execution_id)
                WHERE status IN ('pending', 'running', 'paused')
                ORDER BY created_at, execution_id""",
                row -> new Unfinished(row.getString("execution_id"), engine(row))));
  }

  @Override
  public List<Lease> leases() {
    return reader.read(
        sql ->
            sql.list(
                """
                SELECT execution_id, need, priority, asked_at, granted_at, unit
                FROM leases JOIN executions USING (execution_id)
                WHERE status IN ('pending', 'running', 'paused')
                ORDER BY granted_at IS NULL, granted_at, ranked_at, execution_id""",
                SqliteQueries::lease));
  }

  private static Lease lease(ResultSet row) throws SQLException {
    String grantedAt = row.getString("granted_at");
    return new Lease(
        row.getString("execution_id"),
        row.getString("need"),
        Priority.ofWireValue(row.getString("priority")),
        StoredTime.read(row.getString("asked_at")),
        grantedAt == null ? null : StoredTime.read(grantedAt),
        row.getString("unit"));
  }

  @Override
  public Optional<StepAttemptRecord> underWay(String executionId) {
    return reader.read(
        sql ->
            sql.first(
                """
                SELECT a.* FROM executions e
                JOIN execution_steps s ON s.execution_id = e.execution_id
                JOIN step_attempts a ON a.attempt_id = (
                  SELECT max(attempt_id) FROM step_attempts t
                  WHERE t.execution_id = s.execution_id AND t.step_index = s.step_index)
                WHERE e.execution_id = ? AND e.status = 'running' AND s.status = 'running'
                ORDER BY s.step_index""",
                StoredRows::attempt,
                executionId));
  }

  @Override
  public Optional<Instant> workerSeen(String engineId) {
    return reader
        .read(sql -> sql.text("SELECT max(seen_at) FROM workers WHERE engine_id = ?", engineId))
        .map(StoredTime::read);
  }

  @Override
  public Optional<String> trouble(String executionId) {
    return reader.read(
        sql ->
            sql.text("SELECT message FROM execution_troubles WHERE execution_id = ?", executionId));
  }

  @Override
  public Optional<String> hold(String executionId) {
    return reader.read(sql -> Holds.reason(sql, executionId));
  }

  private static EngineIdentity engine(ResultSet row) throws SQLException {
    return new EngineIdentity(
        EngineIdentity.Kind.valueOf(row.getString("engine_kind").toUpperCase(Locale.ROOT)),
        row.getString("engine_id"),
        row.getString("engine_address"),
        row.getString("engine_namespace"));
  }

  @Override
  public List<ExecutionRecord> list(ExecutionFilter filter) {
    return reader.read(sql -> new SqliteSearch(sql, filter).list());
  }

  @Override
  public long count(ExecutionFilter filter) {
    return reader.read(sql -> new SqliteSearch(sql, filter).count());
  }

  @Override
  public ExecutionPage page(ExecutionFilter filter) {
    return reader.read(sql -> new SqliteSearch(sql, filter).page());
  }

  @Override
  public Map<ExecutionStatus, Long> countByStatus(ExecutionFilter filter) {
    return reader.read(sql -> new SqliteSearch(sql, filter.withoutStatuses()).countByStatus());
  }

  @Override
  public List<DecisionRecord> openDecisions(int limit) {
    return reader.read(
        sql ->
            sql.list(
                "SELECT * FROM decisions WHERE decided_at IS NULL ORDER BY decision_id LIMIT ?",
                StoredRows::decision,
                limit));
  }

  @Override
  public long changes() {
    return reader.changes();
  }

  private ExecutionInput readInput(String executionId, String json) {
    try {
      return Json.read(json, ExecutionInput.class);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "The input of the execution "
              + executionId
              + " in "
              + file
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }
}

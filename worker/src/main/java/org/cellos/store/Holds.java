package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionStatus;

/**
 * Instruments that have paused by themselves in the middle of a step, within the transaction of a
 * record. Temporal knows nothing of it: a step that waits at its instrument is under way.
 */
final class Holds {
  /** Those who follow what is said in the audit log find it by these words. */
  private static final String PAUSED = "the instrument paused";

  private static final String GOES_ON = "the instrument goes on";

  private Holds() {}

  /** The execution is paused for the instrument's reason, until {@link #end}. */
  static void begin(Sql sql, EffectKey effect, String worker, String reason, Instant now)
      throws SQLException {
    String executionId = effect.executionId();
    Optional<String> former = reason(sql, executionId);
    if (former.isEmpty() && hasQuestion(sql, executionId)) {
      // Whoever answers it decides what becomes of the step.
      return;
    }
    sql.update(
        """
        INSERT INTO step_holds (execution_id, step_index, since, reason) VALUES (?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET reason = excluded.reason, step_index = excluded.step_index""",
        executionId,
        effect.stepIndex(),
        StoredTime.write(now),
        reason);
    // What somebody has asked for meanwhile says more.
    sql.update(
        """
        UPDATE executions SET status = ?1, error_message = CASE
          WHEN error_message IS NULL OR error_message = ?2 THEN ?3 ELSE error_message END
        WHERE execution_id = ?4 AND completed_at IS NULL""",
        ExecutionStatus.PAUSED.wireValue(),
        former.orElse(null),
        reason,
        executionId);
    if (former.filter(reason::equals).isEmpty()) {
      AuditLog.add(sql, now, executionId, effect.stepIndex(), worker, PAUSED, reason);
    }
  }

  /** The instrument goes on, if it was held. */
  static void end(Sql sql, EffectKey effect, String worker, Instant now) throws SQLException {
    Optional<String> former = reason(sql, effect.executionId());
    if (former.isEmpty()) {
      return;
    }
    letGo(sql, effect.executionId());
    AuditLog.add(sql, now, effect.executionId(), effect.stepIndex(), worker, GOES_ON, null);
  }

  /** The attempt has ended, and its instrument does not hold the execution any more. */
  static void letGo(Sql sql, String executionId) throws SQLException {
    if (reason(sql, executionId).isEmpty()) {
      return;
    }
    if (!hasQuestion(sql, executionId)) {
      sql.update(
          "UPDATE executions SET status = ? WHERE execution_id = ? AND status = ?",
          ExecutionStatus.RUNNING.wireValue(),
          executionId,
          ExecutionStatus.PAUSED.wireValue());
    }
    forget(sql, executionId);
  }

  private static boolean hasQuestion(Sql sql, String executionId) throws SQLException {
    return sql.number(
            "SELECT count(*) FROM decisions WHERE execution_id = ? AND decided_at IS NULL",
            executionId)
        > 0;
  }

  /** What the instrument said last does not count any more. */
  static void forget(Sql sql, String executionId) throws SQLException {
    sql.update(
        """
        UPDATE executions SET error_message = NULL
        WHERE execution_id = ?1 AND error_message = (
          SELECT reason FROM step_holds WHERE execution_id = ?1)""",
        executionId);
    sql.update("DELETE FROM step_holds WHERE execution_id = ?", executionId);
  }

  /** Why the instrument holds an execution; empty if none does. */
  static Optional<String> reason(Sql sql, String executionId) throws SQLException {
    return sql.text("SELECT reason FROM step_holds WHERE execution_id = ?", executionId);
  }
}

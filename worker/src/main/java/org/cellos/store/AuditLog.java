package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Adds to the audit log, within the transaction of what it is about. */
final class AuditLog {
  private AuditLog() {}

  static void add(
      Sql sql,
      Instant at,
      String executionId,
      @Nullable Integer stepIndex,
      String who,
      String what,
      @Nullable String reason)
      throws SQLException {
    sql.update(
        """
        INSERT INTO audit_log (at, execution_id, step_index, who, what, reason)
        VALUES (?, ?, ?, ?, ?, ?)""",
        StoredTime.write(at),
        executionId,
        stepIndex,
        who,
        what,
        reason);
  }
}

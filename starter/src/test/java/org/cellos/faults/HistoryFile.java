package org.cellos.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;

/** Reads the history past the program, which is under test. */
record HistoryFile(Path file) {

  List<LedgerRow> ledger() throws SQLException {
    if (!exists("effect_ledger")) {
      return List.of();
    }
    return query(
        """
        SELECT l.execution_id, l.step_index, l.action, l.epoch, l.closed_at IS NULL,
          coalesce(l.outcome LIKE '%"completed"%', FALSE), d.opened_at IS NOT NULL,
          d.decided_at IS NOT NULL, EXISTS (
            SELECT * FROM audit_log a
            WHERE a.execution_id = l.execution_id AND a.step_index = l.step_index
              AND a.what = 'nobody knows how the step ended')
        FROM effect_ledger l LEFT JOIN decisions d USING (execution_id, step_index, action, epoch)
        ORDER BY l.rowid""",
        row ->
            new LedgerRow(
                row.getString(1),
                row.getInt(2),
                row.getString(3),
                row.getInt(4),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getBoolean(7),
                row.getBoolean(8),
                row.getBoolean(9)));
  }

  /** Whether there is a history with executions. */
  boolean exists() throws SQLException {
    return exists("executions");
  }

  /** The status of an execution; {@code absent} where there is none. */
  String status(String executionId) throws SQLException {
    if (!exists("executions")) {
      return "absent";
    }
    return texts("SELECT status FROM executions WHERE execution_id = '" + executionId + "'")
        .stream()
        .findFirst()
        .orElse("absent");
  }

  /** The first column. */
  List<String> texts(String sql) throws SQLException {
    return query(sql, row -> row.getString(1));
  }

  /** What must not fall into a transaction of anybody else. */
  interface Moment {
    void pass() throws Exception;
  }

  void betweenTransactions(Moment moment) throws Exception {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(10_000);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        moment.pass();
      } finally {
        statement.execute("ROLLBACK");
      }
    }
  }

  /** Brings all that was written into the file itself. */
  void emptyLog() throws SQLException {
    try (Connection connection = new SQLiteConfig().createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    }
  }

  private boolean exists(String table) throws SQLException {
    return Files.exists(file)
        && !texts("SELECT name FROM sqlite_master WHERE name = '" + table + "'").isEmpty();
  }

  private <T> List<T> query(String sql, Reading<T> reading) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(10_000);
    List<T> rows = new ArrayList<>();
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(reading.of(result));
      }
    }
    return rows;
  }

  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }
}

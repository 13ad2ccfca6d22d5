package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds to the audit log, within the transaction of what it is about. Nothing else adds to it, and
 * nothing changes it: its entries are a chain, so that {@link AuditTrail} sees what was changed,
 * removed or put in by other means.
 *
 * <p>Each row has the hash of the row before it ({@code previous_hash}; 64 zeros in the first) and
 * its own ({@code hash}): the SHA-256, in lower-case hex, of these columns in this order:
 *
 * <pre>{@code
 * previous_hash, audit_id, at, execution_id, step_index, who, what, reason, request_id
 * }</pre>
 *
 * <p>Each as the number of its bytes in UTF-8, a colon, and the bytes; numbers as their decimal
 * digits; NULL as a minus sign alone; nothing between them. So {@code 5:abort-} is the text {@code
 * abort} and then a NULL, and no two rows are written alike. The only row of {@code audit_head} has
 * the number of rows and the hash of the newest: without it nobody would miss those that are cut
 * off at the end.
 *
 * <p>Whoever may write to the file could write another chain. That shows to those who have kept a
 * head elsewhere, as every backup does.
 */
final class AuditLog {
  static final String TABLE = "audit_log";
  static final String HEAD_TABLE = "audit_head";

  /** What the first entry follows. */
  static final String BEGINNING = "0".repeat(64);

  private AuditLog() {}

  /** Where the chain goes on. */
  private record End(long entries, String hash, long nextId) {}

  static void add(
      Sql sql,
      Instant at,
      String executionId,
      @Nullable Integer stepIndex,
      String who,
      String what,
      @Nullable String reason)
      throws SQLException {
    add(sql, at, executionId, stepIndex, who, what, reason, null);
  }

  /**
   * @param requestId see {@link #find}; null for what nobody repeats
   */
  static void add(
      Sql sql,
      Instant at,
      String executionId,
      @Nullable Integer stepIndex,
      String who,
      String what,
      @Nullable String reason,
      @Nullable String requestId)
      throws SQLException {
    End end = end(sql);
    AuditRow row =
        new AuditRow(
            end.nextId(),
            StoredTime.write(at),
            executionId,
            stepIndex == null ? null : String.valueOf(stepIndex),
            who,
            what,
            reason,
            requestId);
    setHead(sql, end.entries() + 1, append(sql, row, end.hash()));
  }

  /** The entry that a request about an execution has made. */
  static Optional<AuditRow> find(Sql sql, String executionId, String requestId)
      throws SQLException {
    return sql.first(
        "SELECT * FROM audit_log WHERE execution_id = ? AND request_id = ?",
        AuditRow::read,
        executionId,
        requestId);
  }

  /**
   * The head says where it goes on, and not the newest row: it does not forget one that somebody
   * has removed. Where the head itself was removed, the chain begins anew, so that it shows.
   */
  private static End end(Sql sql) throws SQLException {
    return sql.first(
            """
            SELECT coalesce(max(entries), 0), coalesce(max(hash), ?),
              (SELECT coalesce(max(audit_id), 0) + 1 FROM audit_log)
            FROM audit_head""",
            row -> new End(row.getLong(1), row.getString(2), row.getLong(3)),
            BEGINNING)
        .orElseThrow();
  }

  /**
   * @return its hash
   */
  private static String append(Sql sql, AuditRow row, String previousHash) throws SQLException {
    String hash = row.hash(previousHash);
    sql.update(
        "INSERT INTO audit_log ("
            + AuditRow.COLUMNS
            + ", previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        row.auditId(),
        row.at(),
        row.executionId(),
        row.stepIndex(),
        row.who(),
        row.what(),
        row.reason(),
        row.requestId(),
        previousHash,
        hash);
    return hash;
  }

  /** Makes the head of a log without entries, unless it has one. */
  static void begin(Sql sql) throws SQLException {
    sql.update(
        "INSERT OR IGNORE INTO audit_head (head_id, entries, hash) VALUES (1, 0, ?)", BEGINNING);
  }

  private static void setHead(Sql sql, long entries, String hash) throws SQLException {
    sql.update(
        "INSERT OR REPLACE INTO audit_head (head_id, entries, hash) VALUES (1, ?, ?)",
        entries,
        hash);
  }

  /** Whether this file's rows have hashes, as they have since version 4 of the schema. */
  static boolean isChained(Sql sql) throws SQLException {
    return sql.number("SELECT count(*) FROM pragma_table_info('audit_log') WHERE name = 'hash'")
        > 0;
  }

  /** Copies the rows of another table, in their order, as the beginning of the chain. */
  static void chain(Sql sql, String unchained) throws SQLException {
    long[] entries = {0};
    String[] hash = {BEGINNING};
    sql.each(
        "SELECT " + AuditRow.COLUMNS + " FROM " + unchained + " ORDER BY audit_id",
        row -> {
          hash[0] = append(sql, AuditRow.read(row), hash[0]);
          entries[0]++;
        });
    setHead(sql, entries[0], hash[0]);
  }

  /**
   * Puts a row of another file's audit log here, as it is there and with its place in that chain.
   * One that is here already is left out.
   */
  static void carryOver(Sql sql, StoredRow row) throws SQLException {
    sql.update(
        "INSERT OR IGNORE INTO audit_log ("
            + AuditRow.COLUMNS
            + ", previous_hash, hash)"
            + """
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, coalesce(?9, ''), coalesce(?10, '')
            WHERE NOT EXISTS (SELECT * FROM audit_log WHERE audit_id = ?1)""",
        row.columns().get("audit_id"),
        row.columns().get("at"),
        row.columns().get("execution_id"),
        row.columns().get("step_index"),
        row.columns().get("who"),
        row.columns().get("what"),
        row.columns().get("reason"),
        row.columns().get("request_id"),
        row.columns().get("previous_hash"),
        row.columns().get("hash"));
  }

  static void carryOverHead(Sql sql, StoredRow row) throws SQLException {
    sql.update(
        "INSERT OR REPLACE INTO audit_head (head_id, entries, hash) VALUES (1, ?, ?)",
        row.columns().get("entries"),
        row.columns().get("hash"));
  }

  /** Forgets the head, before another file's is put here. */
  static void forgetHead(Sql sql) throws SQLException {
    sql.update("DELETE FROM audit_head");
  }
}

package org.cellos.store;

import java.sql.SQLException;
import java.util.List;

/**
 * Finds text in executions without reading them all: a full-text index of three-letter pieces.
 *
 * <p>Triggers note which rows of {@code executions} have changed, and the next transaction of this
 * program indexes them. So rows of other programs are found too, and the triggers are plain SQL
 * that any SQLite understands: a program with an older one, or one without full-text search, can
 * still write the documented tables.
 */
final class SearchIndex {
  static final List<String> COLUMNS =
      List.of(
          "execution_id",
          "workflow_name",
          "cell_line",
          "vessel_id",
          "operation_type",
          "error_message",
          "metadata");

  /** The index knows no shorter pieces of text. */
  static final int SHORTEST = 3;

  /** Few enough that a transaction stays short, when another program has written a lot. */
  static final int PORTION = 50;

  /** Rows of executions that the index does not know yet, by their rowid. */
  static final String CHANGES =
      """
      TABLE IF NOT EXISTS execution_search_changes (
        changed_row INTEGER PRIMARY KEY
      )""";

  private static final String LIST = String.join(", ", COLUMNS);

  /** Its rowids are those of executions; it keeps no text of its own. */
  private static final String INDEX =
      "CREATE VIRTUAL TABLE execution_search USING fts5("
          + LIST
          + ", content='', contentless_delete=1, tokenize='trigram')";

  private static final List<String> TRIGGERS =
      List.of(
          // INSERT OR REPLACE removes a row without telling a DELETE trigger.
          """
          CREATE TRIGGER execution_search_replaced BEFORE INSERT ON executions BEGIN
            INSERT OR IGNORE INTO execution_search_changes
            SELECT rowid FROM executions WHERE execution_id = NEW.execution_id;
          END""",
          """
          CREATE TRIGGER execution_search_inserted AFTER INSERT ON executions BEGIN
            INSERT OR IGNORE INTO execution_search_changes VALUES (NEW.rowid);
          END""",
          "CREATE TRIGGER execution_search_updated AFTER UPDATE OF "
              + LIST
              + " ON executions WHEN "
              + String.join(
                  " OR ",
                  COLUMNS.stream().map(name -> "OLD." + name + " IS NOT NEW." + name).toList())
              + """
               BEGIN
                INSERT OR IGNORE INTO execution_search_changes VALUES (OLD.rowid);
                INSERT OR IGNORE INTO execution_search_changes VALUES (NEW.rowid);
              END""",
          """
          CREATE TRIGGER execution_search_deleted AFTER DELETE ON executions BEGIN
            INSERT OR IGNORE INTO execution_search_changes VALUES (OLD.rowid);
          END""");

  private SearchIndex() {}

  /** Makes what is missing and indexes all rows. In a transaction of the caller. */
  static void create(Sql sql) throws SQLException {
    if (exists(sql)) {
      return;
    }
    sql.execute(INDEX);
    for (String trigger : TRIGGERS) {
      sql.execute(trigger);
    }
    rebuild(sql);
  }

  /** Indexes all rows anew. In a transaction of the caller. */
  static void rebuild(Sql sql) throws SQLException {
    sql.execute("INSERT INTO execution_search (execution_search) VALUES ('delete-all')");
    sql.execute("DELETE FROM execution_search_changes");
    sql.execute(
        "INSERT INTO execution_search (rowid, "
            + LIST
            + ") SELECT rowid, "
            + LIST
            + " FROM executions");
  }

  /** Indexes some of the rows that have changed. In a transaction of the caller. */
  static void refresh(Sql sql) throws SQLException {
    List<Long> changed =
        sql.list(
            "SELECT changed_row FROM execution_search_changes LIMIT ?",
            row -> row.getLong(1),
            PORTION);
    for (Long rowid : changed) {
      sql.update("DELETE FROM execution_search WHERE rowid = ?", rowid);
      sql.update(
          "INSERT INTO execution_search (rowid, "
              + LIST
              + ") SELECT rowid, "
              + LIST
              + " FROM executions WHERE rowid = ?",
          rowid);
      sql.update("DELETE FROM execution_search_changes WHERE changed_row = ?", rowid);
    }
  }

  /** Files that no writer of this version has opened have none. */
  static boolean exists(Sql sql) throws SQLException {
    return sql.number("SELECT count(*) FROM sqlite_master WHERE name = 'execution_search'") > 0;
  }

  static boolean isBehind(Sql sql) throws SQLException {
    return sql.number("SELECT EXISTS (SELECT * FROM execution_search_changes)") > 0;
  }

  /** The text as the index wants it: one phrase, nothing in it means anything else. */
  static String phrase(String text) {
    return "\"" + text.replace("\"", "\"\"") + "\"";
  }
}

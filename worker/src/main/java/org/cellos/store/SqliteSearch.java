package org.cellos.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.cellos.domain.ExecutionRecord;

/**
 * Lists and counts what a filter matches, by the way that is shortest: along the index of times
 * where nearly everything matches, through the {@link SearchIndex} where little does.
 */
final class SqliteSearch {
  static final String SELECT_EXECUTIONS =
      """
      SELECT e.execution_id, e.workflow_name, e.cell_line, e.vessel_id, e.operation_type, e.status,
        e.created_at, e.started_at, e.completed_at, e.error_message, e.metadata,
        d.instruments, d.dry_run,
        (SELECT count(*) FROM execution_steps s WHERE s.execution_id = e.execution_id)
          AS step_count,
        (SELECT count(*) FROM execution_steps s
          WHERE s.execution_id = e.execution_id AND s.status = 'completed') AS completed_step_count
      FROM executions e LEFT JOIN execution_details d ON d.execution_id = e.execution_id
      """;

  static final String NEWEST_FIRST = " ORDER BY e.created_at DESC, e.execution_id DESC LIMIT ?";

  /**
   * Sorting more than so many is slower than looking at the newest one by one until enough match.
   */
  private static final int MANY = 4000;

  /** All of a search text, whatever it is, in any of the columns. */
  private static final String LIKE =
      "("
          + String.join(
              " OR ",
              SearchIndex.COLUMNS.stream()
                  .map(name -> "e." + name + " LIKE ? ESCAPE '\\'")
                  .toList())
          + ")";

  /** Rows that have changed since are looked at one by one. */
  private static final String HITS =
      """
      SELECT rowid AS hit FROM execution_search WHERE execution_search MATCH ?
        AND rowid NOT IN (SELECT changed_row FROM execution_search_changes)
      UNION ALL SELECT changed_row FROM execution_search_changes""";

  private final Sql sql;
  private final ExecutionFilter filter;
  private final String search;

  SqliteSearch(Sql sql, ExecutionFilter filter) {
    this.sql = sql;
    this.filter = filter;
    this.search = filter.search().orElse("");
  }

  List<ExecutionRecord> list() throws SQLException {
    if (!isIndexed() || hitsUpTo(MANY) == MANY) {
      Condition condition = condition();
      return sql.list(
          SELECT_EXECUTIONS + condition.where() + NEWEST_FIRST,
          StoredRows::execution,
          condition.with(filter.limit()));
    }
    Condition condition = condition();
    List<Object> arguments = new ArrayList<>();
    arguments.add(SearchIndex.phrase(search));
    arguments.addAll(condition.arguments());
    arguments.add(filter.limit());
    arguments.add(filter.limit());
    // Sorted before anything more is read of them. CROSS: the index first, whatever SQLite thinks.
    return sql.list(
        SELECT_EXECUTIONS
            + "WHERE e.rowid IN (SELECT e.rowid FROM ("
            + HITS
            + ") CROSS JOIN executions e ON e.rowid = hit "
            + condition.where()
            + NEWEST_FIRST
            + ")"
            + NEWEST_FIRST,
        StoredRows::execution,
        arguments.toArray());
  }

  long count() throws SQLException {
    Condition condition = condition();
    if (!isIndexed()) {
      return sql.number(
          "SELECT count(*) FROM executions e " + condition.where(),
          condition.arguments().toArray());
    }
    String phrase = SearchIndex.phrase(search);
    if (isExact() && !SearchIndex.isBehind(sql)) {
      return filter.status().isEmpty()
          ? sql.number(
              "SELECT count(*) FROM execution_search WHERE execution_search MATCH ?", phrase)
          : sql.number(
              """
              SELECT count(*) FROM executions e WHERE e.status = ? AND e.rowid IN (
                SELECT rowid FROM execution_search WHERE execution_search MATCH ?)""",
              filter.status().get().wireValue(),
              phrase);
    }
    List<Object> arguments = new ArrayList<>();
    arguments.add(phrase);
    arguments.addAll(condition.arguments());
    return sql.number(
        "SELECT count(*) FROM ("
            + HITS
            + ") CROSS JOIN executions e ON e.rowid = hit "
            + condition.where(),
        arguments.toArray());
  }

  private boolean isIndexed() throws SQLException {
    return search.codePointCount(0, search.length()) >= SearchIndex.SHORTEST
        && SearchIndex.exists(sql);
  }

  /** Of other letters than ours the index knows more about upper and lower case than LIKE. */
  private boolean isExact() {
    return search.chars().allMatch(letter -> letter < 0x80);
  }

  private long hitsUpTo(int most) throws SQLException {
    return sql.number(
        "SELECT count(*) FROM (SELECT 1 FROM execution_search WHERE execution_search MATCH ?"
            + " LIMIT ?)",
        SearchIndex.phrase(search),
        most);
  }

  private Condition condition() {
    List<String> all = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    filter
        .status()
        .ifPresent(
            status -> {
              all.add("e.status = ?");
              arguments.add(status.wireValue());
            });
    if (filter.search().isPresent()) {
      all.add(LIKE);
      String pattern = "%" + escape(search) + "%";
      SearchIndex.COLUMNS.forEach(column -> arguments.add(pattern));
    }
    return new Condition(
        all.isEmpty() ? "" : "WHERE " + String.join(" AND ", all) + " ", arguments);
  }

  private static String escape(String search) {
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  /** The filter as SQL. */
  private record Condition(String where, List<Object> arguments) {
    Object[] with(int limit) {
      List<Object> all = new ArrayList<>(arguments);
      all.add(limit);
      return all.toArray();
    }
  }
}

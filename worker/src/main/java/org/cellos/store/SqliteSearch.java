package org.cellos.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.json.Timestamps;

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
        CASE WHEN d.instruments = 'hardware' THEN
          (SELECT group_concat(DISTINCT coalesce(json_extract(s.result, '$.simulated'), 0))
            FROM execution_steps s
            WHERE s.execution_id = e.execution_id AND s.status = 'completed'
              AND json_valid(s.result)) END AS steps_simulated,
        julianday(e.completed_at) - julianday(e.started_at) AS duration_days,
        (SELECT count(*) FROM execution_steps s WHERE s.execution_id = e.execution_id)
          AS step_count,
        (SELECT count(*) FROM execution_steps s
          WHERE s.execution_id = e.execution_id AND s.status = 'completed') AS completed_step_count
      FROM executions e LEFT JOIN execution_details d ON d.execution_id = e.execution_id
      """;

  static final String NEWEST_FIRST = " ORDER BY e.created_at DESC, e.execution_id DESC LIMIT ?";

  /** As the index has it, to the letter. */
  static final String DURATION = "(julianday(e.completed_at) - julianday(e.started_at))";

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
    return rows(filter.limit()).stream().map(Row::execution).toList();
  }

  ExecutionPage page() throws SQLException {
    List<Row> rows = rows(filter.limit() + 1);
    boolean isLast = rows.size() <= filter.limit();
    List<Row> shown = isLast ? rows : rows.subList(0, filter.limit());
    return new ExecutionPage(
        shown.stream().map(Row::execution).toList(),
        isLast ? Optional.empty() : Optional.of(shown.get(shown.size() - 1).place()));
  }

  private record Row(ExecutionRecord execution, ExecutionFilter.Place place) {}

  private List<Row> rows(int limit) throws SQLException {
    boolean isByIndex = isIndexed() && hitsUpTo(MANY) < MANY;
    Condition condition = condition(true, isByIndex);
    List<Object> arguments = new ArrayList<>();
    if (isByIndex) {
      arguments.add(SearchIndex.phrase(search));
    }
    arguments.addAll(condition.arguments());
    arguments.add(limit);
    arguments.add(limit);
    // Sorted before anything more is read of them. CROSS: the index first, whatever SQLite thinks.
    return sql.list(
        SELECT_EXECUTIONS
            + "WHERE e.rowid IN (SELECT e.rowid FROM "
            + (isByIndex
                ? "(" + HITS + ") CROSS JOIN executions e ON e.rowid = hit "
                : "executions e ")
            + condition.where()
            + order()
            + ")"
            + order(),
        this::row,
        arguments.toArray());
  }

  private Row row(ResultSet row) throws SQLException {
    return new Row(
        StoredRows.execution(row),
        new ExecutionFilter.Place(
            String.valueOf(row.getString(isByDuration() ? "duration_days" : "created_at")),
            row.getString("execution_id")));
  }

  private boolean isByDuration() {
    return switch (filter.order()) {
      case NEWEST, OLDEST -> false;
      case LONGEST, SHORTEST -> true;
    };
  }

  private String order() {
    String key = isByDuration() ? DURATION : "e.created_at";
    return switch (filter.order()) {
      case NEWEST, LONGEST -> " ORDER BY " + key + " DESC, e.execution_id DESC LIMIT ?";
      case OLDEST, SHORTEST -> " ORDER BY " + key + ", e.execution_id LIMIT ?";
    };
  }

  Map<ExecutionStatus, Long> countByStatus() throws SQLException {
    Condition condition = condition(false, isIndexed());
    List<Object> arguments = new ArrayList<>();
    String from = "executions e ";
    if (isIndexed()) {
      from = "(" + HITS + ") CROSS JOIN executions e ON e.rowid = hit ";
      arguments.add(SearchIndex.phrase(search));
    }
    arguments.addAll(condition.arguments());
    Map<ExecutionStatus, Long> counts = new EnumMap<>(ExecutionStatus.class);
    sql.each(
        "SELECT e.status, count(*) FROM " + from + condition.where() + "GROUP BY e.status",
        row -> {
          // Rows of other programs may have a status of their own; those are listed as failed.
          ExecutionStatus status = known(row.getString(1));
          counts.merge(status, row.getLong(2), Long::sum);
        },
        arguments.toArray());
    return counts;
  }

  private static ExecutionStatus known(String word) {
    try {
      return ExecutionStatus.ofWireValue(word);
    } catch (IllegalArgumentException e) {
      return ExecutionStatus.FAILED;
    }
  }

  long count() throws SQLException {
    Condition condition = condition(false, isIndexed());
    if (!isIndexed()) {
      return sql.number(
          "SELECT count(*) FROM executions e " + condition.where(),
          condition.arguments().toArray());
    }
    String phrase = SearchIndex.phrase(search);
    if (isSearchAlone() && isIndexExact()) {
      return sql.number(
          "SELECT count(*) FROM execution_search WHERE execution_search MATCH ?", phrase);
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

  private boolean isSearchAlone() {
    return filter.statuses().isEmpty()
        && filter.cellLine().isEmpty()
        && filter.vesselId().isEmpty()
        && filter.operationType().isEmpty()
        && filter.createdFrom().isEmpty()
        && filter.createdBefore().isEmpty()
        && !isByDuration();
  }

  private boolean isIndexed() throws SQLException {
    return search.codePointCount(0, search.length()) >= SearchIndex.SHORTEST
        && SearchIndex.exists(sql);
  }

  /** Of other letters than ours the index knows more about upper and lower case than LIKE. */
  private boolean isExact() {
    return search.chars().allMatch(letter -> letter < 0x80);
  }

  /** Whether what the index finds is all that matches, and nothing else. */
  private boolean isIndexExact() throws SQLException {
    return isExact() && !SearchIndex.isBehind(sql);
  }

  private long hitsUpTo(int most) throws SQLException {
    return sql.number(
        "SELECT count(*) FROM (SELECT 1 FROM execution_search WHERE execution_search MATCH ?"
            + " LIMIT ?)",
        SearchIndex.phrase(search),
        most);
  }

  /**
   * @param isFromPlace whether only what comes after the filter's place counts
   * @param isByIndex whether only rows that the index of texts has found are looked at
   */
  private Condition condition(boolean isFromPlace, boolean isByIndex) throws SQLException {
    List<String> all = new ArrayList<>();
    List<Object> arguments = new ArrayList<>();
    if (!filter.statuses().isEmpty()) {
      // Nearly all of a long history has ended. Finding that by status and sorting it takes far
      // longer than looking through the index that is in order; the plus keeps SQLite from it.
      boolean isRare = filter.statuses().stream().noneMatch(ExecutionStatus::isTerminal);
      all.add(
          (isRare ? "e.status IN (" : "+e.status IN (")
              + String.join(", ", Collections.nCopies(filter.statuses().size(), "?"))
              + ")");
      filter.statuses().stream().map(ExecutionStatus::wireValue).sorted().forEach(arguments::add);
    }
    equal("e.cell_line", filter.cellLine(), all, arguments);
    equal("e.vessel_id", filter.vesselId(), all, arguments);
    equal("e.operation_type", filter.operationType(), all, arguments);
    filter
        .createdFrom()
        .ifPresent(
            time -> {
              all.add("e.created_at >= ?");
              arguments.add(Timestamps.format(time));
            });
    filter
        .createdBefore()
        .ifPresent(
            time -> {
              all.add("e.created_at < ?");
              arguments.add(Timestamps.format(time));
            });
    if (isByDuration()) {
      all.add(DURATION + " IS NOT NULL");
    }
    if (isFromPlace && filter.after().isPresent()) {
      ExecutionFilter.Place place = filter.after().get();
      boolean isDown =
          filter.order() == ExecutionFilter.Order.NEWEST
              || filter.order() == ExecutionFilter.Order.LONGEST;
      all.add(
          "("
              + (isByDuration() ? DURATION : "e.created_at")
              + ", e.execution_id) "
              + (isDown ? "<" : ">")
              + " (?, ?)");
      arguments.add(isByDuration() ? (Object) Double.valueOf(place.key()) : place.key());
      arguments.add(place.executionId());
    }
    if (filter.search().isPresent() && !(isByIndex && isIndexExact())) {
      all.add(LIKE);
      String pattern = "%" + escape(search) + "%";
      SearchIndex.COLUMNS.forEach(column -> arguments.add(pattern));
    }
    return new Condition(
        all.isEmpty() ? "" : "WHERE " + String.join(" AND ", all) + " ", arguments);
  }

  private static void equal(
      String column, Optional<String> value, List<String> all, List<Object> arguments) {
    value.ifPresent(
        wanted -> {
          all.add(column + " = ? COLLATE NOCASE");
          arguments.add(wanted);
        });
  }

  private static String escape(String search) {
    return search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  /** The filter as SQL. */
  private record Condition(String where, List<Object> arguments) {}
}

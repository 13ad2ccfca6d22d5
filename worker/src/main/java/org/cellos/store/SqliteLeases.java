package org.cellos.store;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.cellos.domain.LeaseRequest;

/** The leases in the mirror's file. Thread-safe. */
final class SqliteLeases implements Leases {
  /** Longer than it takes until another worker asks on behalf of one whose worker has died. */
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** To be seen is a write to the disk: not with every look. */
  private static final Duration SEEN_FOR = Duration.ofSeconds(5);

  private final WriteConnection writer;
  private final Clock clock;

  SqliteLeases(WriteConnection writer, Clock clock) {
    this.writer = writer;
    this.clock = clock;
  }

  @Override
  public boolean ask(LeaseRequest request, Function<String, Map<String, Integer>> places) {
    Map<String, Map<String, Integer>> wanted = new HashMap<>();
    for (String need : request.needs()) {
      Map<String, Integer> there = places.apply(need);
      if (!there.isEmpty()) {
        wanted.put(need, there);
      }
    }
    return wanted.isEmpty() || writer.transaction(sql -> ask(sql, request, wanted));
  }

  private boolean ask(Sql sql, LeaseRequest request, Map<String, Map<String, Integer>> wanted)
      throws SQLException {
    forgetEnded(sql);
    Instant now = clock.instant();
    Map<String, String> units = new HashMap<>();
    boolean isTurn = true;
    for (Map.Entry<String, Map<String, Integer>> each : wanted.entrySet()) {
      String need = each.getKey();
      queue(sql, request, need, now);
      if (!isGranted(sql, request, need)) {
        Map<String, Integer> free = free(sql, need, each.getValue());
        int places = free.values().stream().mapToInt(Integer::intValue).sum();
        isTurn &= places > ahead(sql, request, need, now);
        units.put(need, mostFree(free));
      }
    }
    if (!isTurn && !request.isInUse()) {
      return false;
    }
    for (Map.Entry<String, String> each : units.entrySet()) {
      sql.update(
          "UPDATE leases SET granted_at = ?, unit = ? WHERE execution_id = ? AND need = ?",
          StoredTime.write(now),
          each.getValue(),
          request.executionId(),
          each.getKey());
    }
    return true;
  }

  private static void forgetEnded(Sql sql) throws SQLException {
    sql.update(
        """
        DELETE FROM leases WHERE execution_id NOT IN (
          SELECT execution_id FROM executions WHERE status IN ('pending', 'running', 'paused'))""");
  }

  private static void queue(Sql sql, LeaseRequest request, String need, Instant now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO leases (execution_id, need, priority, asked_at, ranked_at, seen_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET seen_at = excluded.seen_at WHERE seen_at < ?""",
        request.executionId(),
        need,
        request.priority().wireValue(),
        StoredTime.write(request.askedAt()),
        StoredTime.write(request.priority().rank(request.askedAt())),
        StoredTime.write(now),
        StoredTime.write(now.minus(SEEN_FOR)));
  }

  private static boolean isGranted(Sql sql, LeaseRequest request, String need) throws SQLException {
    return sql.number(
            """
            SELECT count(*) FROM leases
            WHERE execution_id = ? AND need = ? AND granted_at IS NOT NULL""",
            request.executionId(),
            need)
        > 0;
  }

  /** How many more can use each; fewer than none where the file has less than it had. */
  private static Map<String, Integer> free(Sql sql, String need, Map<String, Integer> places)
      throws SQLException {
    Map<String, Integer> free = new HashMap<>(places);
    List<String> used =
        sql.list(
            "SELECT unit FROM leases WHERE need = ? AND granted_at IS NOT NULL",
            row -> row.getString(1),
            need);
    used.forEach(unit -> free.merge(unit, -1, Integer::sum));
    // What is gone from the file is used by those who had it, and by nobody else.
    free.keySet().retainAll(places.keySet());
    return free;
  }

  private static String mostFree(Map<String, Integer> free) {
    return free.entrySet().stream()
        .max(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.<String, Integer>comparingByKey().reversed()))
        .orElseThrow()
        .getKey();
  }

  /** How many come before this one, who wait and are there to take their turn. */
  private static long ahead(Sql sql, LeaseRequest request, String need, Instant now)
      throws SQLException {
    return sql.number(
        """
        SELECT count(*)
        FROM leases l JOIN executions e USING (execution_id)
        JOIN leases mine ON mine.execution_id = ? AND mine.need = l.need
        WHERE l.need = ? AND l.granted_at IS NULL AND e.status <> 'paused' AND l.seen_at >= ?
          AND (l.ranked_at, l.execution_id) < (mine.ranked_at, mine.execution_id)""",
        request.executionId(),
        need,
        StoredTime.write(now.minus(SILENCE)));
  }

  @Override
  public void release(String executionId) {
    writer.transaction(sql -> sql.update("DELETE FROM leases WHERE execution_id = ?", executionId));
  }
}

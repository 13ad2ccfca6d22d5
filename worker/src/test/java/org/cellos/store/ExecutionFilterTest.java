package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.store.ExecutionFilter.Order;
import org.cellos.store.ExecutionFilter.Place;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters, orders and pages of the history. */
final class ExecutionFilterTest {
  private static final ExecutionFilter ALL = ExecutionFilter.all();

  @TempDir private Path folder;

  private Path file;
  private MirrorDatabase database;
  private ExecutionQueries queries;

  @BeforeEach
  void fill() throws Exception {
    file = folder.resolve("executions.db");
    database = MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"));
    queries = database.queries();
    for (int i = 0; i < 25; i++) {
      String id = String.format("x-%02d", i);
      database.recorder().open(input(id, 1), "print", ENGINE, order("run-" + id, 0));
    }
    script(
        file,
        """
        UPDATE executions SET
          created_at = '2026-03-' || substr('0' || (1 + rowid % 5), -2) || 'T10:00:00.000000+00:00',
          started_at = '2026-03-01T10:00:00.000000+00:00',
          completed_at = CASE WHEN rowid % 7 = 0 THEN NULL
            ELSE '2026-03-01T1' || (1 + rowid % 3) || ':00:00.000000+00:00' END,
          status = CASE WHEN rowid % 7 = 0 THEN 'running' WHEN rowid % 2 = 0 THEN 'failed'
            ELSE 'completed' END,
          cell_line = CASE WHEN rowid % 4 = 0 THEN 'HEK293' ELSE 'iPSC' END,
          vessel_id = CASE WHEN rowid % 3 = 0 THEN 'plate_6well' ELSE 'flask_t75' END,
          operation_type = CASE WHEN rowid % 2 = 0 THEN 'feed' ELSE 'thaw' END""");
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void pagesGiveEachExecutionOnceAndInOrder(Order order) {
    ExecutionFilter filter = with(ALL, order);

    List<String> paged = new ArrayList<>();
    Optional<Place> place = Optional.empty();
    do {
      ExecutionPage page =
          queries.page(filter.page(place.map(Place::encode).map(Place::decode), 4));
      assertThat(page.executions()).hasSizeLessThanOrEqualTo(4).isNotEmpty();
      paged.addAll(ids(page.executions()));
      place = page.next();
    } while (place.isPresent());

    assertThat(paged).isEqualTo(ids(queries.list(filter))).doesNotHaveDuplicates();
    boolean isByDuration = order == Order.LONGEST || order == Order.SHORTEST;
    assertThat(paged).hasSize(isByDuration ? 22 : 25);
    assertThat(queries.count(filter)).isEqualTo(paged.size());
  }

  @Test
  void ordersByTimeAndByDuration() {
    assertThat(queries.list(with(ALL, Order.OLDEST)).get(0).createdAt())
        .isEqualTo("2026-03-01T10:00:00Z");
    assertThat(queries.list(ALL).get(0).createdAt()).isEqualTo("2026-03-05T10:00:00Z");
    assertThat(queries.list(with(ALL, Order.LONGEST)).get(0).completedAt())
        .isEqualTo("2026-03-01T13:00:00Z");
    assertThat(queries.list(with(ALL, Order.SHORTEST)).get(0).completedAt())
        .isEqualTo("2026-03-01T11:00:00Z");
  }

  @Test
  void combinesWhatItFiltersBy() throws Exception {
    ExecutionFilter filter =
        new ExecutionFilter(
            Set.of(ExecutionStatus.FAILED, ExecutionStatus.RUNNING),
            Optional.of("ipsc"),
            Optional.of("FLASK_T75"),
            Optional.of("feed"),
            Optional.of(Instant.parse("2026-03-02T00:00:00Z")),
            Optional.of(Instant.parse("2026-03-04T10:00:00Z")),
            Optional.of("x-"),
            Order.OLDEST,
            Optional.empty(),
            100);

    List<String> expected =
        sql(
            file,
            """
            SELECT execution_id FROM executions WHERE status IN ('failed', 'running')
            AND cell_line = 'iPSC' AND vessel_id = 'flask_t75' AND operation_type = 'feed'
            AND created_at > '2026-03-02' AND created_at < '2026-03-04T10'
            ORDER BY created_at, execution_id""");
    assertThat(expected).isNotEmpty();
    assertThat(ids(queries.list(filter))).isEqualTo(expected);
    assertThat(queries.count(filter)).isEqualTo(expected.size());
  }

  @Test
  void countsByStatusWhateverStatusIsAskedFor() {
    Map<ExecutionStatus, Long> counts =
        queries.countByStatus(ExecutionFilter.withStatus(ExecutionStatus.RUNNING));

    assertThat(counts)
        .isEqualTo(
            Map.of(
                ExecutionStatus.RUNNING, 3L,
                ExecutionStatus.FAILED, 11L,
                ExecutionStatus.COMPLETED, 11L));
    assertThat(queries.countByStatus(new ExecutionFilter(Optional.empty(), Optional.of("x-0"), 1)))
        .isEqualTo(
            Map.of(
                ExecutionStatus.RUNNING, 1L,
                ExecutionStatus.FAILED, 5L,
                ExecutionStatus.COMPLETED, 4L));
  }

  @Test
  void aPlaceThatNoPageHasGivenIsRefused() {
    assertThatThrownBy(() -> Place.decode("rubbish")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                with(ALL, Order.LONGEST)
                    .page(Optional.of(new Place("2026-03-01T10:00:00", "x")), 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not the end of a page in this order");
  }

  @Test
  void anybodysCommitIsAChangeAndNothingElseIs() throws Exception {
    try (MirrorDatabase reading = MirrorDatabase.openReadOnly(file)) {
      long before = reading.queries().changes();
      reading.queries().list(ALL);
      assertThat(reading.queries().changes()).isEqualTo(before);

      script(file, "UPDATE executions SET error_message = 'lamp' WHERE execution_id = 'x-00'");

      assertThat(reading.queries().changes()).isNotEqualTo(before);
    }
    long own = queries.changes();
    database.note("x-00", null, "ada", "looked at it");
    assertThat(queries.changes()).as("of this process as well").isNotEqualTo(own);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT e.status, count(*) FROM executions e WHERE e.cell_line = 'iPSC' COLLATE NOCASE AND"
            + " e.created_at > '2026' GROUP BY e.status",
        "SELECT e.status, count(*) FROM executions e WHERE "
            + SqliteSearch.DURATION
            + " IS NOT NULL GROUP BY e.status",
        "SELECT e.rowid FROM executions e WHERE e.vessel_id = 'flask_t75' COLLATE NOCASE ORDER BY"
            + " e.created_at DESC, e.execution_id DESC LIMIT 50",
        "SELECT e.rowid FROM executions e WHERE +e.status IN ('completed', 'failed') ORDER BY"
            + " e.created_at DESC, e.execution_id DESC LIMIT 50",
        "SELECT e.rowid FROM executions e WHERE e.created_at > '2026' AND "
            + SqliteSearch.DURATION
            + " IS NOT NULL ORDER BY "
            + SqliteSearch.DURATION
            + ", e.execution_id LIMIT 50",
      })
  void whatFiltersAskForIsInAnIndexInTheRightOrder(String select) throws Exception {
    assertThat(sql(file, "EXPLAIN QUERY PLAN " + select))
        .singleElement()
        .asString()
        .contains("COVERING INDEX");
  }

  @Test
  void fewOfAStatusAreFoundByIt() throws Exception {
    assertThat(
            sql(
                file,
                "EXPLAIN QUERY PLAN SELECT e.rowid FROM executions e WHERE e.status IN ('running')"
                    + " ORDER BY e.created_at DESC, e.execution_id DESC LIMIT 100"))
        .anyMatch(plan -> plan.contains("idx_exec_count (status=?)"))
        .noneMatch(plan -> plan.contains("FOR ORDER BY"));
  }

  private static ExecutionFilter with(ExecutionFilter filter, Order order) {
    return new ExecutionFilter(
        filter.statuses(),
        filter.cellLine(),
        filter.vesselId(),
        filter.operationType(),
        filter.createdFrom(),
        filter.createdBefore(),
        filter.search(),
        order,
        filter.after(),
        filter.limit());
  }

  private static List<String> ids(List<ExecutionRecord> executions) {
    return executions.stream().map(ExecutionRecord::executionId).toList();
  }
}

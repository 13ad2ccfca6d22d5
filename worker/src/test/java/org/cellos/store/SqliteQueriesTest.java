package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.attempt;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteQueriesTest {
  @TempDir private Path folder;

  private Path file;
  private MirrorDatabase database;
  private ExecutionRecorder recorder;
  private ExecutionQueries queries;

  @BeforeEach
  void openDatabase() {
    file = folder.resolve("executions.db");
    database = MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"));
    recorder = database.recorder();
    queries = database.queries();
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  @Test
  void listsNewestFirstUpToTheLimit() {
    open("a", "b", "c");

    assertThat(ids(queries.list(ExecutionFilter.all()))).containsExactly("c", "b", "a");
    assertThat(ids(queries.list(new ExecutionFilter(Optional.empty(), Optional.empty(), 2))))
        .containsExactly("c", "b");
  }

  @Test
  void executionsOfTheSameMomentAreInTheOrderOfTheirIds() throws Exception {
    open("a", "c", "b");
    script(file, "UPDATE executions SET created_at = '2026-03-01T09:30:00.000000+00:00'");

    assertThat(ids(queries.list(ExecutionFilter.all()))).containsExactly("c", "b", "a");
  }

  @Test
  void listsAndCountsByStatus() {
    open("a", "b", "c");
    recorder.begin("b", order("run-b", 1), true);

    ExecutionFilter running = ExecutionFilter.withStatus(ExecutionStatus.RUNNING);
    ExecutionFilter pending =
        new ExecutionFilter(Optional.of(ExecutionStatus.PENDING), Optional.empty(), 1);

    assertThat(ids(queries.list(running))).containsExactly("b");
    assertThat(queries.count(running)).isEqualTo(1);
    assertThat(queries.list(pending)).hasSize(1);
    assertThat(queries.count(pending)).isEqualTo(2);
    assertThat(queries.count(ExecutionFilter.all())).isEqualTo(3);
  }

  @Test
  void searchesEveryColumnThatPeopleReadInUpperAndLowerCase() {
    open("a", "b");
    recorder.recordExecution("b", order("run-b", 1), ExecutionOutcome.failed("No tips left"));

    assertThat(search("no TIPS")).containsExactly("b");
    assertThat(search("hek")).containsExactly("b", "a");
    assertThat(search("T75")).containsExactly("b", "a");
    assertThat(search("PASSAGE")).containsExactly("b", "a");
    assertThat(search("ada")).containsExactly("b", "a");
    assertThat(search("nowhere")).isEmpty();
    assertThat(
            queries.count(
                new ExecutionFilter(
                    Optional.of(ExecutionStatus.PENDING), Optional.of("hek293"), 10)))
        .isEqualTo(1);
  }

  @Test
  void wildcardsAreOrdinaryCharactersInASearch() {
    open("a_1", "ab1", "a-50");

    assertThat(search("a_1")).containsExactly("a_1");
    assertThat(search("%")).isEmpty();
    assertThat(search("\\")).isEmpty();
    assertThat(search("' OR 1=1 --")).isEmpty();
  }

  @Test
  void quotesAreOrdinaryCharactersInASearch() throws Exception {
    open("a", "b");
    script(
        file, "UPDATE executions SET error_message = 'a \"cold\" plate*' WHERE execution_id = 'b'");

    assertThat(search("\"COLD\"")).containsExactly("b");
    assertThat(search("plate*")).containsExactly("b");
    assertThat(search("passage*")).isEmpty();
    assertThat(search("cold OR passage")).isEmpty();
    assertThat(search("t75 flask")).isEmpty();
  }

  @Test
  void otherLettersAreFoundTheSameWayByIndexAndCount() throws Exception {
    open("a");
    script(file, "UPDATE executions SET error_message = '5 µg/µl, Größe ΑΒΓ'");

    for (String text : List.of("µg/µl", "größe", "GRÖSSE", "Größe", "αβγ", "ΑΒΓ", "µ")) {
      ExecutionFilter filter = new ExecutionFilter(Optional.empty(), Optional.of(text), 10);
      assertThat(queries.count(filter)).as(text).isEqualTo(queries.list(filter).size());
    }
    assertThat(search("µg/µl")).containsExactly("a");
  }

  @Test
  void findsWhatAnotherProgramHasJustWritten() throws Exception {
    open("a", "b", "c");

    // As the Python original writes; nobody of us has indexed it yet.
    script(
        file,
        "INSERT INTO executions (execution_id, workflow_name, created_at)"
            + " VALUES ('theirs', 'autonomous_viability', '2025-11-28T14:56:16')",
        "INSERT OR REPLACE INTO executions (execution_id, workflow_name, status, created_at)"
            + " VALUES ('b', 'replaced viability', 'failed', '2026-03-01T10:00:00')",
        "UPDATE executions SET error_message = 'viability 3 %' WHERE execution_id = 'c'",
        "PRAGMA foreign_keys = OFF",
        "DELETE FROM executions WHERE execution_id = 'a'");
    assertFinds("viability", "b", "c", "theirs");
    assertFinds("hek293t", "c");

    open("d");
    assertThat(sql(file, "SELECT * FROM execution_search_changes")).isEmpty();
    assertFinds("viability", "b", "c", "theirs");
    assertFinds("hek293t", "d", "c");
    assertThat(queries.count(filter(ExecutionStatus.FAILED, "viability"))).isEqualTo(1);
  }

  @Test
  void whatAnotherProgramWritesAtOnceIsIndexedInPortions() throws Exception {
    script(
        file,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120)"
            + " INSERT INTO executions (execution_id, workflow_name, status, created_at)"
            + " SELECT 'theirs-' || i, 'imported', 'completed', '2025-11-28' FROM n");

    for (int i = 0; i < 4; i++) {
      assertThat(queries.count(filter(ExecutionStatus.COMPLETED, "imported"))).isEqualTo(120);
      open("ours-" + i);
    }

    assertThat(sql(file, "SELECT count(*) FROM execution_search_changes")).containsExactly("0");
    assertThat(queries.count(filter(ExecutionStatus.COMPLETED, "imported"))).isEqualTo(120);
  }

  @Test
  void aFrequentTextIsFoundAsARareOneIs() throws Exception {
    script(
        file,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)"
            + " INSERT INTO executions (execution_id, workflow_name, status, created_at)"
            + " SELECT printf('id-%05d', i), 'Feed iPSC', iif(i % 2, 'failed', 'completed'),"
            + "   printf('2026-03-01T09:30:00.%06d+00:00', i) FROM n");
    for (int portion = 0; portion <= 6000 / SearchIndex.PORTION; portion++) {
      recorder.open(input("mine", 1), "print", ENGINE, order("run", 0));
    }
    assertThat(sql(file, "SELECT count(*) FROM execution_search_changes")).containsExactly("0");

    assertThat(search("ipsc")).hasSize(100).startsWith("id-06000", "id-05999");
    assertThat(ids(queries.list(filter(ExecutionStatus.FAILED, "ipsc"))))
        .startsWith("id-05999", "id-05997");
    assertThat(queries.count(filter(ExecutionStatus.FAILED, "ipsc"))).isEqualTo(3000);
    assertThat(queries.count(new ExecutionFilter(Optional.empty(), Optional.of("ipsc"), 1)))
        .isEqualTo(6000);
    assertFinds("id-00017", "id-00017");
  }

  @Test
  void theIndexSurvivesThatTheFileIsCompacted() throws Exception {
    open("a", "b", "c");
    script(file, "PRAGMA foreign_keys = OFF", "DELETE FROM executions WHERE execution_id = 'a'");
    recorder.recordExecution("c", order("run-c", 1), ExecutionOutcome.failed("No tips left"));

    script(file, "VACUUM");

    assertFinds("tips", "c");
    assertFinds("hek293t", "c", "b");
  }

  private void assertFinds(String text, String... ids) {
    assertThat(search(text)).containsExactly(ids);
    assertThat(queries.count(new ExecutionFilter(Optional.empty(), Optional.of(text), 1)))
        .isEqualTo(ids.length);
  }

  private static ExecutionFilter filter(ExecutionStatus status, String text) {
    return new ExecutionFilter(Optional.of(status), Optional.of(text), 100);
  }

  @Test
  void findsByTheBeginningOfAnId() {
    open("abc-1", "abc-2", "abd", "a_c");

    assertThat(ids(queries.findByIdPrefix("abc", 10))).containsExactly("abc-2", "abc-1");
    assertThat(ids(queries.findByIdPrefix("abc", 1))).containsExactly("abc-2");
    assertThat(ids(queries.findByIdPrefix("a_", 10))).containsExactly("a_c");
    assertThat(queries.findByIdPrefix("x", 10)).isEmpty();
    assertThatThrownBy(() -> queries.findByIdPrefix("", 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatDoesNotExistIsEmpty() {
    assertThat(queries.find("nobody")).isEmpty();
    assertThat(queries.steps("nobody")).isEmpty();
    assertThat(queries.attempts("nobody")).isEmpty();
    assertThat(queries.details("nobody")).isEmpty();
  }

  @Test
  void anExecutionIsSimulatedUnlessRealInstrumentsMoveSomething() {
    recorder.open(input("virtual", 1), "print", ENGINE, order("run-1", 0));
    recorder.open(input("manual", 1, Instruments.MANUAL), "print", ENGINE, order("run-2", 0));
    recorder.open(input("rehearsed", 1, Instruments.HARDWARE), "print", ENGINE, order("run-3", 0));
    recorder.begin("manual", order("run-2", 1), false);
    recorder.begin("rehearsed", order("run-3", 1), true);

    assertThat(queries.find("virtual").orElseThrow().simulated()).isTrue();
    assertThat(queries.find("manual").orElseThrow().simulated()).isFalse();
    assertThat(queries.find("rehearsed").orElseThrow().simulated()).isTrue();
  }

  @Test
  void countsStepsAndAttempts() {
    recorder.open(input("a", 3), "print", ENGINE, order("run-a", 0));
    recorder.begin("a", order("run-a", 1), false);
    recorder.attemptStarted(attempt("a", 0, 1), "worker");
    recorder.attemptStarted(attempt("a", 0, 2), "worker");
    recorder.recordStep("a", order("run-a", 2), 0, completed());

    ExecutionRecord execution = queries.list(ExecutionFilter.all()).get(0);

    assertThat(execution.stepCount()).isEqualTo(3);
    assertThat(execution.completedStepCount()).isEqualTo(1);
    assertThat(queries.steps("a").get(0).attempts()).isEqualTo(2);
  }

  @Test
  void listsUseAnIndexInsteadOfSortingEverything() throws Exception {
    assertThat(
            sql(
                file,
                "EXPLAIN QUERY PLAN SELECT * FROM executions e ORDER BY e.created_at DESC,"
                    + " e.execution_id DESC LIMIT 100"))
        .anyMatch(plan -> plan.contains("USING INDEX idx_exec_"))
        .noneMatch(plan -> plan.contains("FOR ORDER BY"));
  }

  private void open(String... ids) {
    for (String id : ids) {
      recorder.open(input(id, 2), "print", ENGINE, order("run-" + id, 0));
    }
  }

  private List<String> search(String text) {
    return ids(queries.list(new ExecutionFilter(Optional.empty(), Optional.of(text), 100)));
  }

  private static List<String> ids(List<ExecutionRecord> executions) {
    return executions.stream().map(ExecutionRecord::executionId).toList();
  }
}

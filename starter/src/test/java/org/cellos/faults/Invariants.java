package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.starter.TestTerminal;

/** What must be true of every bench that is at rest, whatever was done to it. */
final class Invariants {
  private static final Set<String> PHYSICAL =
      Set.of(
          "dispense", "aspirate", "mix", "incubate", "centrifuge", "count", SlowHandler.OPERATION);

  /** An execution is recorded with all of its steps and all that it resumes from, or not at all. */
  private static final String PARTS_MISSING =
      """
      SELECT execution_id FROM executions
        LEFT JOIN execution_details d USING (execution_id)
        LEFT JOIN execution_states s USING (execution_id)
        LEFT JOIN execution_progress p USING (execution_id)
      WHERE s.state IS NULL OR p.sequence IS NULL OR d.input IS NULL
        OR json_array_length(d.input, '$.steps')
          <> (SELECT count(*) FROM execution_steps e WHERE e.execution_id = d.execution_id)""";

  private Invariants() {}

  /** The witness is the judge; the program's own tables are what is judged. */
  static void hold(Bench bench) throws IOException, SQLException {
    holdOfItself(bench);
    holdAgainstTemporal(bench);
  }

  /** Without a look at Temporal. */
  static void holdOfItself(Bench bench) throws IOException, SQLException {
    HistoryFile history = bench.history();
    List<Effect> effects = bench.effects();
    List<LedgerRow> ledger = history.ledger();

    assertThat(effects).as("nothing happens twice").doesNotHaveDuplicates();
    for (Effect effect : effects) {
      assertThat(ledger).as("intents of %s", effect).filteredOn(row -> row.isOf(effect)).hasSize(1);
    }
    for (LedgerRow row : ledger) {
      assertThat(!row.open() || row.asked() || row.audited() || isStopped(row, ledger))
          .as("a person is asked, or the audit log says, what nobody knows: %s", row)
          .isTrue();
      if (row.isWitnessed() && !row.open() && !row.asked()) {
        assertThat(Collections.frequency(effects.stream().map(row::isOf).toList(), true))
            .as("effects of %s", row)
            .isEqualTo(row.completed() ? 1 : 0);
      }
    }
    for (JsonNode execution : bench.json("list -o json --limit 1000").path("executions")) {
      JsonNode shown = bench.show(execution.path("execution_id").asText());
      isAtRest(shown);
      for (JsonNode step : shown.path("steps")) {
        holds(shown.path("execution_id").asText(), step, ledger, effects);
      }
    }
    isWhole(history);
  }

  /** Where a part of the history was lost with its ledger: nothing twice, nothing stuck. */
  static void holdWithoutLedger(Bench bench) throws IOException, SQLException {
    assertThat(bench.effects()).as("nothing happens twice").doesNotHaveDuplicates();
    for (JsonNode execution : bench.json("list -o json --limit 1000").path("executions")) {
      isAtRest(bench.show(execution.path("execution_id").asText()));
    }
    isWhole(bench.history());
    holdAgainstTemporal(bench);
  }

  private static void isWhole(HistoryFile history) throws SQLException {
    assertThat(history.texts(PARTS_MISSING)).as("whole executions").isEmpty();
    assertThat(history.texts("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(history.texts("PRAGMA foreign_key_check")).isEmpty();
  }

  /** Where Temporal outlives the processes, the history says what Temporal's histories say. */
  static void holdAgainstTemporal(Bench bench) throws IOException {
    if (bench.engine() == BenchEngine.MANAGED) {
      holdAgainstTemporal(bench, "");
    }
  }

  /**
   * @param options which server, where it is not the bench's own
   */
  static void holdAgainstTemporal(Bench bench, String options) throws IOException {
    Bench.Result verified = bench.here("mirror verify -o json" + options);
    assertThat(verified.out()).as(verified.err()).startsWith("{");
    JsonNode verification = TestTerminal.ONE_DOCUMENT.readTree(verified.out());
    assertThat(verification.path("differences")).as("mirror verify: %s", verification).isEmpty();
    assertThat(verification.path("not_compared")).as("mirror verify: %s", verification).isEmpty();
    assertThat(verification.path("problems")).as("mirror verify: %s", verification).isEmpty();
    assertThat(verified.exitCode()).isZero();
  }

  /** Whether it was started does not matter any more: a cancel has stopped the instrument. */
  private static boolean isStopped(LedgerRow start, List<LedgerRow> ledger) {
    return start.action().equals("start")
        && ledger.stream()
            .anyMatch(
                row ->
                    row.action().equals("stop")
                        && row.completed()
                        && row.executionId().equals(start.executionId())
                        && row.stepIndex() == start.stepIndex());
  }

  private static void isAtRest(JsonNode execution) {
    String id = execution.path("execution_id").asText();
    assertThat(execution.path("abandoned").asBoolean()).as("%s is abandoned", id).isFalse();
    assertThat(execution.path("status").asText()).as("status of %s", id).isNotEqualTo("running");
    assertThat(SeededPerson.openQuestions(execution))
        .as("open questions of %s", execution)
        .hasSize(execution.path("status").asText().equals("paused") ? 1 : 0);
  }

  private static void holds(
      String id, JsonNode step, List<LedgerRow> ledger, List<Effect> effects) {
    int stepIndex = step.path("step_index").asInt();
    boolean isByInstrument =
        step.path("status").asText().equals("completed")
            && step.path("mode").asText().equals("virtual")
            && step.path("result").path("decided").isMissingNode()
            && PHYSICAL.contains(step.path("operation_type").asText());
    if (!isByInstrument) {
      return;
    }
    Optional<LedgerRow> latest =
        ledger.stream()
            .filter(row -> row.executionId().equals(id) && row.stepIndex() == stepIndex)
            .filter(LedgerRow::isWitnessed)
            .max(Comparator.comparingInt(LedgerRow::epoch));
    assertThat(latest).as("intent of the completed step %s", step).isPresent();
    // A start that a person vouched for may have been done by that person.
    if (!latest.orElseThrow().asked()) {
      assertThat(effects)
          .as("effects of the completed step %s", step)
          .filteredOn(latest.orElseThrow()::isOf)
          .hasSize(1);
    }
  }
}

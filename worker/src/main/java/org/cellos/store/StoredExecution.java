package org.cellos.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.json.Json;

/**
 * Everything that a mirror has of one execution and that follows from its history, as it is stored,
 * and what its instrument has said besides. Not among it are the ledger, the attempts and the audit
 * log.
 *
 * @param executionId the execution
 * @param tables the rows by table
 */
public record StoredExecution(String executionId, Map<String, List<StoredRow>> tables) {
  public static final String EXECUTIONS = "executions";
  public static final String STEPS = "execution_steps";
  public static final String DECISIONS = "decisions";
  public static final String DETAILS = "execution_details";
  public static final String PROGRESS = "execution_progress";
  static final String RUNS = "execution_runs";
  static final String OUTCOMES = "step_outcomes";
  static final String STATES = "execution_states";

  static final String HOLDS = "step_holds";

  /** Parents before children. */
  static final List<String> TABLES =
      List.of(EXECUTIONS, STEPS, DETAILS, PROGRESS, RUNS, OUTCOMES, STATES, DECISIONS, HOLDS);

  public StoredExecution {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
  }

  public List<StoredRow> rows(String table) {
    return tables.getOrDefault(table, List.of());
  }

  /** The row of the execution itself; empty where it is lost. */
  public Optional<StoredRow> execution() {
    return rows(EXECUTIONS).stream().findFirst();
  }

  /** The steps by index. */
  public Map<Integer, StoredRow> steps() {
    Map<Integer, StoredRow> steps = new TreeMap<>();
    rows(STEPS).forEach(row -> steps.put(row.number("step_index"), row));
    return steps;
  }

  /** Why its instrument has paused, which no history knows; empty unless it has. */
  public Optional<String> hold() {
    return rows(HOLDS).stream().findFirst().map(row -> row.text("reason"));
  }

  /** Whether a program of ours wrote it. */
  public boolean isOurs() {
    return !rows(DETAILS).isEmpty();
  }

  public boolean isFinished() {
    return execution().filter(row -> row.text("completed_at") != null).isPresent();
  }

  /** Whether the step's outcome was recorded, and not only its execution's end. */
  public boolean hasOutcome(int stepIndex) {
    return outcome(stepIndex, 0);
  }

  /** Whether the step was closed only because its execution ended. */
  public boolean isClosedWithExecution(int stepIndex) {
    return outcome(stepIndex, 1);
  }

  private boolean outcome(int stepIndex, int closedWithExecution) {
    return rows(OUTCOMES).stream()
        .anyMatch(
            row ->
                row.number("step_index") == stepIndex
                    && row.number("closed_with_execution") == closedWithExecution);
  }

  /** What was asked for; empty where that is lost. */
  public Optional<ExecutionInput> input() {
    return rows(DETAILS).stream()
        .findFirst()
        .flatMap(row -> Optional.ofNullable(row.text("input")))
        .map(input -> Json.read(input, ExecutionInput.class));
  }

  /** How far it is; empty where that is lost. */
  public Optional<ExecutionState> state() {
    return rows(STATES).stream()
        .findFirst()
        .flatMap(row -> Optional.ofNullable(row.text("state")))
        .map(state -> Json.read(state, ExecutionState.class));
  }

  /** The number of its newest record. */
  public long sequence() {
    return rows(PROGRESS).stream()
        .map(row -> row.columns().get("sequence"))
        .filter(Number.class::isInstance)
        .mapToLong(sequence -> ((Number) sequence).longValue())
        .findFirst()
        .orElse(0);
  }

  /** The Temporal runs that have recorded something, in their order. */
  public List<String> temporalRunIds() {
    return rows(RUNS).stream()
        .sorted(java.util.Comparator.comparingInt(row -> row.number("ordinal")))
        .map(row -> String.valueOf(row.text("temporal_run_id")))
        .toList();
  }

  /** The Temporal run of its newest record. */
  public Optional<String> newestRunId() {
    List<String> runs = temporalRunIds();
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(runs.size() - 1));
  }

  /** The engine that has it. */
  public Optional<String> engineId() {
    return rows(DETAILS).stream()
        .findFirst()
        .flatMap(row -> Optional.ofNullable(row.text("engine_id")));
  }

  /** The same, with some columns of a table's only row as another has them. */
  public StoredExecution withColumns(StoredExecution other, String table, String... columns) {
    List<StoredRow> others = other.rows(table);
    return others.isEmpty()
        ? this
        : with(
            table,
            rows(table).stream().map(row -> row.withThoseOf(others.get(0), columns)).toList());
  }

  /** The same, with the places that another has given to its runs; it must know all of them. */
  public StoredExecution withRunsOf(StoredExecution other) {
    int ordinal = newestRunId().map(run -> other.temporalRunIds().indexOf(run) + 1).orElse(0);
    return with(RUNS, other.rows(RUNS))
        .with(
            PROGRESS,
            // 0 as long as nothing but the opening was recorded.
            rows(PROGRESS).stream()
                .map(row -> row.number("run_ordinal") == 0 ? row : row.with("run_ordinal", ordinal))
                .toList());
  }

  /** The same, with other rows of one table. */
  public StoredExecution with(String table, List<StoredRow> rows) {
    Map<String, List<StoredRow>> changed = new LinkedHashMap<>(tables);
    changed.put(table, new ArrayList<>(rows));
    return new StoredExecution(executionId, changed);
  }
}

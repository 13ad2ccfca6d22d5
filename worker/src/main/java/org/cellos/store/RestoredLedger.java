package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.json.Json;

/**
 * Puts the effects in doubt that may have happened after a backup was taken. The backup knows
 * nothing of them, and without this an execution that goes on from it would repeat them.
 */
final class RestoredLedger {
  private static final String OWNER = "restored";

  private final Sql sql;
  private final Instant takenAt;
  private final Instant restoredAt;

  RestoredLedger(Sql sql, Instant takenAt, Instant restoredAt) {
    this.sql = sql;
    this.takenAt = takenAt;
    this.restoredAt = restoredAt;
  }

  /**
   * @return the ids of the executions whose later steps ask a person before anything moves
   */
  List<String> doubt() throws SQLException {
    List<String> asking = new ArrayList<>();
    for (Unfinished execution : unfinished()) {
      int effects = doubt(execution);
      if (effects > 0) {
        asking.add(execution.id());
        AuditLog.add(
            sql,
            restoredAt,
            execution.id(),
            null,
            "restore",
            "restored from the backup of " + takenAt,
            "What happened after the backup is not known: "
                + effects
                + " effects ask a person before anything moves.");
      }
    }
    return asking;
  }

  private record Unfinished(String id, String input, Optional<String> state, int firstOpenStep) {}

  private List<Unfinished> unfinished() throws SQLException {
    return sql.list(
        """
        SELECT e.execution_id, d.input, s.state,
          (SELECT coalesce(min(t.step_index), 0) FROM execution_steps t
            WHERE t.execution_id = e.execution_id
              AND t.status NOT IN ('completed', 'failed', 'skipped')) AS first_open_step
        FROM executions e JOIN execution_details d ON d.execution_id = e.execution_id
        LEFT JOIN execution_states s ON s.execution_id = e.execution_id
        WHERE e.status NOT IN ('completed', 'failed', 'cancelled')
        ORDER BY e.created_at, e.execution_id""",
        row ->
            new Unfinished(
                row.getString(1),
                row.getString(2),
                Optional.ofNullable(row.getString(3)),
                row.getInt(4)));
  }

  private int doubt(Unfinished execution) throws SQLException {
    ExecutionInput input = Json.read(execution.input(), ExecutionInput.class);
    Optional<ExecutionState> state =
        execution.state().map(json -> Json.read(json, ExecutionState.class));
    if (state.map(ExecutionState::begin).filter(begin -> begin.dryRun()).isPresent()) {
      return 0;
    }
    int next = state.map(ExecutionState::nextStep).orElse(execution.firstOpenStep());
    int effects = 0;
    for (Step step : input.steps()) {
      boolean mayCome =
          state
              .map(known -> known.mayCome(input.steps(), step.stepIndex()))
              .orElse(step.stepIndex() >= next);
      if (!mayCome) {
        continue;
      }
      Optional<Route> route =
          state.filter(ExecutionState::hasBegun).map(begun -> begun.routes().get(step.stepIndex()));
      for (StepAction action : actions(route)) {
        int epoch = state.map(known -> known.epochToCome(step, action)).orElse(1);
        effects += doubt(execution.id(), step.stepIndex(), action, epoch);
      }
    }
    return effects;
  }

  /**
   * What may have been told to an instrument. Which parts a step has is known once it has begun.
   */
  private static Set<StepAction> actions(Optional<Route> route) {
    if (route.isEmpty()) {
      return EnumSet.complementOf(EnumSet.of(StepAction.BEGIN));
    }
    if (route.get().kind() == RouteKind.GENERIC) {
      return EnumSet.noneOf(StepAction.class);
    }
    return route.get().timed()
        ? EnumSet.of(StepAction.START, StepAction.STOP)
        : EnumSet.of(StepAction.PERFORM);
  }

  /**
   * The intent is as old as the backup: if a start turns out to have happened, its wait counts from
   * the earliest time that is possible, and whoever is asked for its end can still let it wait.
   */
  private int doubt(String executionId, int stepIndex, StepAction action, int epoch)
      throws SQLException {
    return sql.update(
        """
        INSERT INTO effect_ledger
          (execution_id, step_index, action, epoch, owner, worker, intent_at)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING""",
        executionId,
        stepIndex,
        action.wireValue(),
        epoch,
        OWNER,
        LedgerEntry.Open.BACKUP + takenAt + ", restored " + restoredAt,
        StoredTime.write(takenAt));
  }

  /** A start that is done anew has not been stopped yet, whatever the backup does not know. */
  static void startedAnew(Sql sql, String executionId, int stepIndex) throws SQLException {
    sql.update(
        """
        DELETE FROM effect_ledger
        WHERE execution_id = ? AND step_index = ? AND action = ? AND owner = ?
          AND closed_at IS NULL""",
        executionId,
        stepIndex,
        StepAction.STOP.wireValue(),
        OWNER);
  }
}

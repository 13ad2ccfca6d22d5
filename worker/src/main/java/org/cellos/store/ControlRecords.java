package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Step;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/** What people ask of an execution, within the transaction of a record. */
final class ControlRecords {
  private ControlRecords() {}

  static void write(
      Sql sql, String executionId, ExecutionState state, ControlRequest request, Instant now)
      throws SQLException {
    Control control = request.control();
    if (control instanceof Control.Pause pause) {
      say(
          sql,
          executionId,
          (pause.atOnce() ? "Pausing at once " : "Pausing before the next step ")
              + request.byAndWhy());
      audit(sql, executionId, null, request, pause.atOnce() ? "pause at once" : "pause", now);
    } else if (control instanceof Control.Resume) {
      resume(sql, executionId);
      audit(sql, executionId, null, request, "resume", now);
    } else if (control instanceof Control.Skip skip) {
      reopenStep(sql, executionId, state, skip.stepIndex());
      audit(sql, executionId, skip.stepIndex(), request, "skip", now);
    } else if (control instanceof Control.Edit edit) {
      String changes = edit(sql, executionId, state, edit);
      audit(sql, executionId, edit.stepIndex(), request, "edit: " + changes, now);
    } else if (control instanceof Control.Retry retry) {
      reopenStep(sql, executionId, state, retry.stepIndex());
      audit(sql, executionId, retry.stepIndex(), request, "retry", now);
    }
  }

  static void paused(Sql sql, String executionId, ControlRequest pause) throws SQLException {
    // No step is under way, so no instrument is either.
    Holds.forget(sql, executionId);
    say(sql, executionId, "Paused " + pause.byAndWhy());
    sql.update(
        "UPDATE executions SET status = ? WHERE execution_id = ? AND completed_at IS NULL",
        ExecutionStatus.PAUSED.wireValue(),
        executionId);
  }

  static void say(Sql sql, String executionId, String message) throws SQLException {
    sql.update(
        "UPDATE executions SET error_message = ? WHERE execution_id = ? AND completed_at IS NULL",
        message,
        executionId);
  }

  /** A question that is open keeps it paused, and so does an instrument that holds it. */
  private static void resume(Sql sql, String executionId) throws SQLException {
    sql.update(
        """
        UPDATE executions SET error_message = (
          SELECT h.reason FROM step_holds h WHERE h.execution_id = executions.execution_id
        ), status = CASE
          WHEN started_at IS NULL THEN status
          WHEN EXISTS (
            SELECT * FROM step_holds h WHERE h.execution_id = executions.execution_id) THEN status
          WHEN EXISTS (
            SELECT * FROM decisions d
            WHERE d.execution_id = executions.execution_id AND d.decided_at IS NULL) THEN status
          ELSE ? END
        WHERE execution_id = ? AND completed_at IS NULL""",
        ExecutionStatus.RUNNING.wireValue(),
        executionId);
  }

  /** A step that had failed, and with it the execution, is to come. */
  private static void reopenStep(Sql sql, String executionId, ExecutionState state, int stepIndex)
      throws SQLException {
    if (stepIndex != state.nextStep()) {
      return;
    }
    int reopened =
        sql.update(
            "DELETE FROM step_outcomes WHERE execution_id = ? AND step_index = ?",
            executionId,
            stepIndex);
    if (reopened == 1) {
      sql.update(
          """
          UPDATE execution_steps SET status = ?, end_time = NULL, result = NULL
          WHERE execution_id = ? AND step_index = ?""",
          StepStatus.PENDING.wireValue(),
          executionId,
          stepIndex);
    }
    // What left a safe state behind may be needed once more.
    letCome(sql, executionId, stepIndex + 1, Integer.MAX_VALUE);
  }

  /** What has become of these steps before does not count any more: they are to come. */
  static void letCome(Sql sql, String executionId, int firstStep, int lastStep)
      throws SQLException {
    sql.update(
        """
        UPDATE execution_steps
        SET status = ?1, start_time = NULL, end_time = NULL, error_message = NULL, result = NULL
        WHERE execution_id = ?2 AND step_index IN (
          SELECT step_index FROM step_outcomes
          WHERE execution_id = ?2 AND step_index BETWEEN ?3 AND ?4)""",
        StepStatus.PENDING.wireValue(),
        executionId,
        firstStep,
        lastStep);
    sql.update(
        "DELETE FROM step_outcomes WHERE execution_id = ? AND step_index BETWEEN ? AND ?",
        executionId,
        firstStep,
        lastStep);
  }

  /** Shows the step as it will be performed; says what was changed from what. */
  private static String edit(Sql sql, String executionId, ExecutionState state, Control.Edit edit)
      throws SQLException {
    ExecutionInput input =
        Json.read(
            sql.text("SELECT input FROM execution_details WHERE execution_id = ?", executionId)
                .orElseThrow(),
            ExecutionInput.class);
    Step edited = state.steering().edited(input.steps().get(edit.stepIndex()));
    Map<String, Object> former =
        Json.readObject(
            sql.text(
                    "SELECT parameters FROM execution_steps WHERE execution_id = ? AND step_index = ?",
                    executionId,
                    edit.stepIndex())
                .orElseThrow());
    sql.update(
        """
        UPDATE execution_steps SET name = ?, parameters = ?
        WHERE execution_id = ? AND step_index = ?""",
        edited.name(),
        Json.write(edited.unitOp().parameters()),
        executionId,
        edit.stepIndex());
    List<String> changes =
        new TreeMap<>(edit.changes().values())
            .entrySet().stream()
                .map(
                    change ->
                        change.getKey()
                            + " from "
                            + former.get(change.getKey())
                            + " to "
                            + change.getValue())
                .toList();
    return String.join(", ", changes);
  }

  private static void audit(
      Sql sql,
      String executionId,
      @Nullable Integer stepIndex,
      ControlRequest request,
      String what,
      Instant now)
      throws SQLException {
    AuditLog.add(sql, now, executionId, stepIndex, request.by(), what, request.reason());
  }
}

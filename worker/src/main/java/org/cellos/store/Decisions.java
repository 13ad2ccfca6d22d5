package org.cellos.store;

import java.sql.SQLException;
import java.time.Instant;
import org.cellos.domain.Answer;
import org.cellos.domain.Question;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/** Questions to people and their answers, within the transaction of a record. */
final class Decisions {
  private Decisions() {}

  /** Opens a question, unless it is open already, and shows it on its step. */
  static void ask(Sql sql, String executionId, Question question, Instant now) throws SQLException {
    // After a resume the same question is asked again: it is open since it was first asked. After a
    // reset it may have been answered: then it is asked anew.
    boolean isOpen =
        sql.number(
                """
                SELECT count(*) FROM decisions
                WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?
                  AND decided_at IS NULL""",
                executionId,
                question.stepIndex(),
                question.action().wireValue(),
                question.epoch())
            == 1;
    sql.update(
        """
        INSERT INTO decisions (execution_id, step_index, action, epoch, question, opened_at)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET question = excluded.question,
          opened_at = CASE WHEN decided_at IS NULL THEN opened_at ELSE excluded.opened_at END,
          choice = NULL, amount_ml = NULL, decided_by = NULL, reason = NULL, decided_at = NULL""",
        executionId,
        question.stepIndex(),
        question.action().wireValue(),
        question.epoch(),
        Json.write(question),
        StoredTime.write(now));
    if (!isOpen) {
      AuditLog.add(
          sql,
          now,
          executionId,
          question.stepIndex(),
          "workflow",
          "asks: " + question.text(),
          null);
    }
    show(sql, executionId, question, now);
  }

  static void answer(Sql sql, String executionId, Question question, Answer answer, Instant now)
      throws SQLException {
    sql.update(
        """
        UPDATE decisions
        SET choice = ?, amount_ml = ?, decided_by = ?, reason = ?, decided_at = ?
        WHERE execution_id = ? AND step_index = ? AND action = ? AND epoch = ?""",
        answer.choice().wireValue(),
        answer.amountMillilitres(),
        answer.by(),
        answer.reason(),
        StoredTime.write(now),
        executionId,
        question.stepIndex(),
        question.action().wireValue(),
        question.epoch());
  }

  /**
   * Closes questions that need no answer any more, because the outcome is known or something else
   * is asked instead.
   *
   * @param kept stays open; null for none
   */
  static void settle(Sql sql, String executionId, @Nullable Question kept, Instant now)
      throws SQLException {
    sql.update(
        """
        UPDATE decisions SET choice = 'settled', decided_at = ?
        WHERE execution_id = ? AND decided_at IS NULL AND NOT (
          step_index = ? AND action = ? AND epoch = ?)""",
        StoredTime.write(now),
        executionId,
        kept == null ? -1 : kept.stepIndex(),
        kept == null ? "" : kept.action().wireValue(),
        kept == null ? 0 : kept.epoch());
  }

  /** Closes what is open when an execution ends. */
  static void cancel(Sql sql, String executionId, String now) throws SQLException {
    sql.update(
        """
        UPDATE decisions SET choice = 'cancelled', decided_at = ?
        WHERE execution_id = ? AND decided_at IS NULL""",
        now,
        executionId);
  }

  /** A step whose outcome is unknown is failed; one that a person does is under way. */
  private static void show(Sql sql, String executionId, Question question, Instant now)
      throws SQLException {
    switch (question.kind()) {
      case LATE -> {
        // It has not begun, and stays as it is.
      }
      case OUTCOME ->
          sql.update(
              """
              UPDATE execution_steps SET status = ?, end_time = ?, error_message = ?, result = NULL
              WHERE execution_id = ? AND step_index = ?""",
              StepStatus.FAILED.wireValue(),
              StoredTime.write(now),
              question.text() + " " + question.evidence(),
              executionId,
              question.stepIndex());
      case CONFIRMATION ->
          sql.update(
              """
              UPDATE execution_steps SET status = ?, start_time = coalesce(start_time, ?)
              WHERE execution_id = ? AND step_index = ?""",
              StepStatus.RUNNING.wireValue(),
              StoredTime.write(now),
              executionId,
              question.stepIndex());
    }
  }
}

package org.cellos.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Question;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepStatus;
import org.cellos.domain.StepTimes;
import org.cellos.json.Json;

/**
 * Writes the mirror. Thread-safe; every method may be repeated, as its interface says.
 *
 * <p>Records of the workflow carry their order, so a late one of an older Temporal run changes
 * nothing. Attempts carry none: they show on a step only until its outcome is recorded.
 */
final class SqliteRecorder implements ExecutionRecorder {
  private static final String END_IS_LOST =
      "Temporal has gone on after this step, but the history does not say how it ended: an older"
          + " file was put in its place. Bring it up to date with: cellos mirror rebuild";

  private final WriteConnection writer;
  private final Path file;
  private final Clock clock;

  SqliteRecorder(WriteConnection writer, Path file, Clock clock) {
    this.writer = writer;
    this.file = file;
    this.clock = clock;
  }

  @Override
  public Instant open(
      ExecutionInput input, String fingerprint, EngineIdentity engine, Snapshot snapshot) {
    String id = input.executionId();
    return writer.transaction(
        sql -> {
          if (isTaken(sql, id, fingerprint)) {
            requireSameEngine(sql, id, engine);
            runOrdinal(sql, id, snapshot.temporalRunId());
            return time(sql, "SELECT created_at FROM executions WHERE execution_id = ?", id)
                .orElseThrow();
          }
          Instant now = StoredTime.truncate(clock.instant());
          insertExecution(sql, input, now);
          insertDetails(sql, input, fingerprint, engine, now);
          for (Step step : input.steps()) {
            insertStep(sql, id, step);
          }
          runOrdinal(sql, id, snapshot.temporalRunId());
          storeState(sql, id, snapshot);
          return now;
        });
  }

  @Override
  public boolean adopt(
      String executionId, String formerEngineId, EngineIdentity engine, String who) {
    return adopt(executionId, formerEngineId, engine, who, false);
  }

  @Override
  public boolean adoptEnded(
      String executionId, String formerEngineId, EngineIdentity engine, String who) {
    return adopt(executionId, formerEngineId, engine, who, true);
  }

  private boolean adopt(
      String executionId,
      String formerEngineId,
      EngineIdentity engine,
      String who,
      boolean evenIfEnded) {
    return writer.transaction(
        sql -> {
          boolean adopted =
              sql.update(
                      """
                      UPDATE execution_details
                      SET engine_kind = ?, engine_id = ?, engine_address = ?, engine_namespace = ?
                      WHERE execution_id = ? AND engine_id = ? AND (? OR NOT EXISTS (
                        SELECT * FROM executions e
                        WHERE e.execution_id = execution_details.execution_id
                          AND e.completed_at IS NOT NULL))""",
                      engine.kind().name().toLowerCase(Locale.ROOT),
                      engine.id(),
                      engine.address(),
                      engine.namespace(),
                      executionId,
                      formerEngineId,
                      evenIfEnded)
                  == 1;
          if (adopted) {
            Holds.forget(sql, executionId);
            // One that its engine had lost waited for this.
            sql.update(
                """
                UPDATE executions SET status = ?, error_message = NULL
                WHERE execution_id = ? AND status = ? AND NOT EXISTS (
                  SELECT * FROM decisions d
                  WHERE d.execution_id = executions.execution_id AND d.decided_at IS NULL)""",
                ExecutionStatus.RUNNING.wireValue(),
                executionId,
                ExecutionStatus.PAUSED.wireValue());
            AuditLog.add(
                sql,
                now(sql, executionId),
                executionId,
                null,
                who,
                "takes the execution over, since the engine that had it is no more or has forgotten it",
                null);
          }
          return adopted;
        });
  }

  @Override
  public Instant begin(String executionId, Snapshot snapshot, boolean dryRun) {
    return writer.transaction(
        sql -> {
          requireNewestRun(sql, executionId, snapshot);
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            sql.update(
                """
                UPDATE executions SET status = ?, started_at = coalesce(started_at, ?)
                WHERE execution_id = ?""",
                ExecutionStatus.RUNNING.wireValue(),
                StoredTime.write(now(sql, executionId)),
                executionId);
            sql.update(
                "UPDATE execution_details SET dry_run = ? WHERE execution_id = ?",
                dryRun ? 1 : 0,
                executionId);
            countAsDone(sql, executionId, snapshot.state().nextStep());
          }
          return time(sql, "SELECT started_at FROM executions WHERE execution_id = ?", executionId)
              .orElse(latest(sql, executionId));
        });
  }

  @Override
  public void attemptStarted(AttemptKey key, String worker) {
    writer.transaction(
        sql -> {
          EffectKey effect = key.effect();
          requireStep(sql, effect.executionId(), effect.stepIndex());
          String now = StoredTime.write(now(sql, effect.executionId()));
          int inserted =
              sql.update(
                  """
                  INSERT INTO step_attempts
                    (execution_id, step_index, epoch, action, attempt, worker, started_at,
                     temporal_run_id, activity_id)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                  ON CONFLICT DO NOTHING""",
                  effect.executionId(),
                  effect.stepIndex(),
                  effect.epoch(),
                  effect.action().wireValue(),
                  key.attempt(),
                  worker,
                  now,
                  key.temporalRunId(),
                  key.activityId());
          if (inserted == 1 && !isFinal(sql, effect)) {
            // The error of the attempt before stays in sight until one succeeds.
            sql.update(
                """
                UPDATE execution_steps
                SET status = ?, start_time = coalesce(start_time, ?), end_time = NULL, result = NULL
                WHERE execution_id = ? AND step_index = ?""",
                StepStatus.RUNNING.wireValue(),
                now,
                effect.executionId(),
                effect.stepIndex());
          }
          return inserted;
        });
  }

  @Override
  public void attemptEnded(AttemptKey key, StepOutcome outcome) {
    writer.transaction(
        sql -> {
          EffectKey effect = key.effect();
          requireStep(sql, effect.executionId(), effect.stepIndex());
          boolean isNewest = isNewestAttempt(sql, key);
          String now = StoredTime.write(now(sql, effect.executionId()));
          StoredOutcome stored = StoredOutcome.of(outcome);
          int ended =
              sql.update(
                  """
                  UPDATE step_attempts
                  SET ended_at = ?, outcome = ?, error_code = ?, error_message = ?
                  WHERE execution_id = ? AND step_index = ? AND epoch = ? AND action = ?
                    AND temporal_run_id = ? AND activity_id = ? AND attempt = ?
                    AND ended_at IS NULL""",
                  now,
                  stored.status().wireValue(),
                  stored.errorCode(),
                  stored.errorMessage(),
                  effect.executionId(),
                  effect.stepIndex(),
                  effect.epoch(),
                  effect.action().wireValue(),
                  key.temporalRunId(),
                  key.activityId(),
                  key.attempt());
          if (ended == 1 && isNewest && !isFinal(sql, effect)) {
            Holds.letGo(sql, effect.executionId());
            boolean isDone =
                outcome instanceof StepOutcome.Completed && effect.action() != StepAction.START;
            sql.update(
                """
                UPDATE execution_steps
                SET status = ?, end_time = ?, error_message = ?, result = ?
                WHERE execution_id = ? AND step_index = ?""",
                (isDone ? StepStatus.COMPLETED : StepStatus.RUNNING).wireValue(),
                isDone ? now : null,
                stored.errorMessage(),
                isDone ? stored.result() : null,
                effect.executionId(),
                effect.stepIndex());
          }
          return ended;
        });
  }

  @Override
  public void attemptHeld(AttemptKey key, String worker, String reason) {
    atInstrument(key, (sql, now) -> Holds.begin(sql, key.effect(), worker, reason, now));
  }

  @Override
  public void attemptGoesOn(AttemptKey key, String worker) {
    atInstrument(key, (sql, now) -> Holds.end(sql, key.effect(), worker, now));
  }

  private interface AtInstrument {
    void record(Sql sql, Instant now) throws SQLException;
  }

  /** What an instrument says counts as long as its attempt does. */
  private void atInstrument(AttemptKey key, AtInstrument said) {
    writer.transaction(
        sql -> {
          EffectKey effect = key.effect();
          requireStep(sql, effect.executionId(), effect.stepIndex());
          if (isNewestAttempt(sql, key) && !isFinal(sql, effect)) {
            said.record(sql, now(sql, effect.executionId()));
          }
          return true;
        });
  }

  @Override
  public StepTimes recordStep(
      String executionId, Snapshot snapshot, int stepIndex, StepOutcome outcome) {
    return writer.transaction(
        sql -> {
          requireStep(sql, executionId, stepIndex);
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            Instant now = now(sql, executionId);
            Holds.forget(sql, executionId);
            Decisions.settle(sql, executionId, null, now);
            sql.update(
                "UPDATE executions SET status = ? WHERE execution_id = ? AND status = ?",
                ExecutionStatus.RUNNING.wireValue(),
                executionId,
                ExecutionStatus.PAUSED.wireValue());
            StoredOutcome stored = StoredOutcome.of(outcome);
            sql.update(
                """
                UPDATE execution_steps
                SET status = ?, end_time = ?, error_message = ?, result = ?
                WHERE execution_id = ? AND step_index = ?""",
                stored.status().wireValue(),
                StoredTime.write(now),
                stored.errorMessage(),
                stored.result(),
                executionId,
                stepIndex);
            sql.update(
                """
                INSERT OR REPLACE INTO step_outcomes
                  (execution_id, step_index, error_code, closed_with_execution)
                VALUES (?, ?, ?, 0)""",
                executionId,
                stepIndex,
                stored.errorCode());
          }
          return stepTimes(sql, executionId, stepIndex);
        });
  }

  @Override
  public void recordControl(String executionId, Snapshot snapshot, ControlRequest request) {
    writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            ControlRecords.write(
                sql, executionId, snapshot.state(), request, now(sql, executionId));
          }
          return true;
        });
  }

  @Override
  public void recordPaused(String executionId, Snapshot snapshot, ControlRequest pause) {
    writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            ControlRecords.paused(sql, executionId, pause);
          }
          return true;
        });
  }

  @Override
  public void recordDetour(String executionId, Snapshot snapshot, int lastStep, String why) {
    writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            Instant now = now(sql, executionId);
            Decisions.settle(sql, executionId, null, now);
            int firstStep = snapshot.state().nextStep();
            ControlRecords.letCome(sql, executionId, firstStep, lastStep);
            Holds.forget(sql, executionId);
            setStatus(sql, executionId, ExecutionStatus.RUNNING);
            if (snapshot.state().isSafeStateUnderWay()) {
              ControlRecords.say(sql, executionId, why);
            }
            AuditLog.add(sql, now, executionId, firstStep, "workflow", "goes on here", why);
          }
          return true;
        });
  }

  @Override
  public void recordCancelling(String executionId, Snapshot snapshot, String reason) {
    writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            sql.update(
                """
                UPDATE executions SET error_message = ?
                WHERE execution_id = ? AND completed_at IS NULL""",
                "Cancelling: waiting for the instruments to stop. (" + reason + ")",
                executionId);
            AuditLog.add(
                sql, now(sql, executionId), executionId, null, "cancel", "asked for", reason);
          }
          return true;
        });
  }

  @Override
  public void openDecision(String executionId, Snapshot snapshot, Question question) {
    writer.transaction(
        sql -> {
          requireStep(sql, executionId, question.stepIndex());
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            Instant now = now(sql, executionId);
            Holds.forget(sql, executionId);
            Decisions.settle(sql, executionId, question, now);
            Decisions.ask(sql, executionId, question, now);
            setStatus(sql, executionId, ExecutionStatus.PAUSED);
          }
          return true;
        });
  }

  @Override
  public Instant closeDecision(
      String executionId,
      Snapshot snapshot,
      Question question,
      Answer answer,
      StepOutcome outcome) {
    return writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            Instant now = now(sql, executionId);
            Holds.forget(sql, executionId);
            Decisions.answer(sql, executionId, question, answer, now);
            SqliteLedger.answer(sql, question.effect(executionId), answer.by(), outcome, now);
            if (answer.choice() == Choice.AGAIN && question.action() == StepAction.START) {
              RestoredLedger.startedAnew(sql, executionId, question.stepIndex());
            }
            setStatus(sql, executionId, ExecutionStatus.RUNNING);
            AuditLog.add(
                sql,
                now,
                executionId,
                question.stepIndex(),
                answer.by(),
                answer.choice().wireValue()
                    + (answer.amountMillilitres() == null
                        ? ""
                        : " " + answer.amountMillilitres() + " mL"),
                answer.reason());
          }
          return SqliteLedger.closedAt(sql, question.effect(executionId));
        });
  }

  @Override
  public Instant recordExecution(String executionId, Snapshot snapshot, ExecutionOutcome outcome) {
    return writer.transaction(
        sql -> {
          if (isNewest(sql, executionId, snapshot)) {
            reopen(sql, executionId);
            end(sql, executionId, outcome, now(sql, executionId), "workflow");
          }
          return time(
                  sql, "SELECT completed_at FROM executions WHERE execution_id = ?", executionId)
              .orElse(latest(sql, executionId));
        });
  }

  @Override
  public boolean close(
      String executionId, String temporalRunId, ExecutionOutcome outcome, String who) {
    return writer.transaction(
        sql -> {
          requireOurs(sql, executionId);
          if (sql.number(
                  """
                  SELECT count(*) FROM executions
                  WHERE execution_id = ? AND completed_at IS NULL""",
                  executionId)
              == 0) {
            return false;
          }
          // What a worker is still about to record of this run comes too late.
          int ordinal = runOrdinal(sql, executionId, temporalRunId);
          int newest =
              sql.update(
                  """
                  UPDATE execution_progress SET run_ordinal = ?1, sequence = ?2
                  WHERE execution_id = ?3 AND run_ordinal <= ?1""",
                  ordinal,
                  Long.MAX_VALUE,
                  executionId);
          if (newest == 0) {
            return false;
          }
          Instant now = now(sql, executionId);
          auditUnknown(sql, executionId, now, who);
          end(sql, executionId, outcome, now, who);
          return true;
        });
  }

  /** Nobody is asked about what was under way any more, but it must not be forgotten. */
  private static void auditUnknown(Sql sql, String executionId, Instant now, String who)
      throws SQLException {
    List<Integer> unknown =
        sql.list(
            """
            SELECT DISTINCT step_index FROM effect_ledger
            WHERE execution_id = ? AND closed_at IS NULL ORDER BY step_index""",
            row -> row.getInt(1),
            executionId);
    for (int stepIndex : unknown) {
      AuditLog.add(
          sql,
          now,
          executionId,
          stepIndex,
          who,
          "nobody knows how the step ended",
          "its execution was ended while it was under way");
    }
  }

  private static void end(
      Sql sql, String executionId, ExecutionOutcome outcome, Instant now, String who)
      throws SQLException {
    String at = StoredTime.write(now);
    closeSteps(sql, executionId, outcome, at);
    Holds.forget(sql, executionId);
    Decisions.cancel(sql, executionId, at);
    if (outcome.status() != ExecutionStatus.COMPLETED) {
      AuditLog.add(
          sql, now, executionId, null, who, outcome.status().wireValue(), outcome.errorMessage());
    }
    sql.update(
        "UPDATE executions SET status = ?, completed_at = ?, error_message = ? WHERE execution_id = ?",
        outcome.status().wireValue(),
        at,
        outcome.errorMessage(),
        executionId);
  }

  private static void setStatus(Sql sql, String executionId, ExecutionStatus status)
      throws SQLException {
    sql.update(
        "UPDATE executions SET status = ? WHERE execution_id = ? AND completed_at IS NULL",
        status.wireValue(),
        executionId);
  }

  private boolean isTaken(Sql sql, String id, String fingerprint) throws SQLException {
    Optional<String> description =
        sql.first(
            """
            SELECT coalesce(workflow_name, '?') || ' (' || coalesce(status, '?') || ', created '
              || coalesce(created_at, '?') || ')'
            FROM executions WHERE execution_id = ?""",
            row -> row.getString(1),
            id);
    if (description.isEmpty()) {
      return false;
    }
    Optional<String> known =
        sql.text("SELECT fingerprint FROM execution_details WHERE execution_id = ?", id);
    if (known.isEmpty()) {
      throw new ExecutionIdInUseException(
          "The execution id "
              + id
              + " belongs to "
              + description.orElseThrow()
              + ", which another program wrote into "
              + file
              + ". Choose another id.");
    }
    if (!known.orElseThrow().equals(fingerprint)) {
      throw new ExecutionIdInUseException(
          "The execution id "
              + id
              + " belongs to "
              + description.orElseThrow()
              + ", which was asked for with something different in it. Choose another id, or ask"
              + " for the same again.");
    }
    return true;
  }

  private static void insertExecution(Sql sql, ExecutionInput input, Instant now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO executions
          (execution_id, workflow_name, cell_line, vessel_id, operation_type, status, created_at,
           metadata)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        input.executionId(),
        input.workflowName(),
        input.cellLine(),
        input.vesselId(),
        input.operationType(),
        ExecutionStatus.PENDING.wireValue(),
        StoredTime.write(now),
        Json.write(input.metadata()));
  }

  private static void insertDetails(
      Sql sql, ExecutionInput input, String fingerprint, EngineIdentity engine, Instant now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO execution_details
          (execution_id, fingerprint, engine_kind, engine_id, engine_address, engine_namespace,
           instruments, input)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        input.executionId(),
        fingerprint,
        engine.kind().name().toLowerCase(Locale.ROOT),
        engine.id(),
        engine.address(),
        engine.namespace(),
        input.instruments().wireValue(),
        Json.write(input));
    sql.update(
        """
        INSERT INTO execution_progress (execution_id, run_ordinal, sequence, latest_at)
        VALUES (?, 0, 0, ?)""",
        input.executionId(),
        StoredTime.write(now));
  }

  /** What a rerun does not do again. */
  private static void countAsDone(Sql sql, String executionId, int firstStep) throws SQLException {
    if (firstStep == 0) {
      return;
    }
    sql.update(
        """
        UPDATE execution_steps SET status = ?1, result = (
          SELECT json_object('note', 'Not done again: this goes on from '
            || json_extract(input, '$.rerun_of.execution_id') || '.')
          FROM execution_details WHERE execution_id = ?2)
        WHERE execution_id = ?2 AND step_index < ?3""",
        StepStatus.SKIPPED.wireValue(),
        executionId,
        firstStep);
    sql.update(
        """
        INSERT INTO step_outcomes (execution_id, step_index, closed_with_execution)
        SELECT execution_id, step_index, 0 FROM execution_steps
        WHERE execution_id = ? AND step_index < ? ON CONFLICT DO NOTHING""",
        executionId,
        firstStep);
  }

  /** Two engines must not perform one execution; {@link #adopt} hands it over. */
  private static void requireSameEngine(Sql sql, String executionId, EngineIdentity engine)
      throws SQLException {
    String owner =
        sql.text("SELECT engine_id FROM execution_details WHERE execution_id = ?", executionId)
            .orElseThrow();
    if (!owner.equals(engine.id())) {
      throw new ExecutionIdInUseException(
          "The execution " + executionId + " is performed by another process.");
    }
  }

  /** A run that another has taken the execution over from must not begin it. */
  private static void requireNewestRun(Sql sql, String executionId, Snapshot snapshot)
      throws SQLException {
    long newer =
        sql.number(
            """
            SELECT count(*) FROM execution_runs
            WHERE execution_id = ?1 AND ordinal > (
              SELECT ordinal FROM execution_runs WHERE execution_id = ?1 AND temporal_run_id = ?2)""",
            executionId,
            snapshot.temporalRunId());
    if (newer > 0) {
      throw new ExecutionIdInUseException(
          "The execution "
              + executionId
              + " was taken over by another process, which performs it.");
    }
  }

  private static void insertStep(Sql sql, String executionId, Step step) throws SQLException {
    sql.update(
        """
        INSERT INTO execution_steps
          (step_id, execution_id, step_index, name, operation_type, parameters, status)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        step.stepId(executionId),
        executionId,
        step.stepIndex(),
        step.name(),
        step.operationType(),
        Json.write(step.unitOp().parameters()),
        StepStatus.PENDING.wireValue());
  }

  /** The place of a Temporal run among those of its execution, from 1; taken when first seen. */
  private static int runOrdinal(Sql sql, String executionId, String temporalRunId)
      throws SQLException {
    sql.update(
        """
        INSERT INTO execution_runs (execution_id, ordinal, temporal_run_id)
        SELECT ?1, coalesce(max(ordinal), 0) + 1, ?2 FROM execution_runs WHERE execution_id = ?1
        ON CONFLICT DO NOTHING""",
        executionId,
        temporalRunId);
    return (int)
        sql.number(
            "SELECT ordinal FROM execution_runs WHERE execution_id = ? AND temporal_run_id = ?",
            executionId,
            temporalRunId);
  }

  /** Whether the record is newer than all before it; if so, its state is the execution's. */
  private boolean isNewest(Sql sql, String executionId, Snapshot snapshot) throws SQLException {
    requireOurs(sql, executionId);
    int ordinal = runOrdinal(sql, executionId, snapshot.temporalRunId());
    boolean isNewest =
        sql.update(
                """
                UPDATE execution_progress SET run_ordinal = ?1, sequence = ?2
                WHERE execution_id = ?3 AND (run_ordinal, sequence) < (?1, ?2)""",
                ordinal,
                snapshot.state().sequence(),
                executionId)
            == 1;
    if (isNewest) {
      storeState(sql, executionId, snapshot);
    }
    return isNewest;
  }

  private static void storeState(Sql sql, String executionId, Snapshot snapshot)
      throws SQLException {
    sql.update(
        "INSERT OR REPLACE INTO execution_states (execution_id, state) VALUES (?, ?)",
        executionId,
        Json.write(snapshot.state()));
  }

  /**
   * Takes back the end of an execution, when something newer is recorded after it: a person has
   * reset the workflow. What only the end had closed is open again; recorded outcomes stay until
   * they are recorded anew.
   */
  private static void reopen(Sql sql, String executionId) throws SQLException {
    int reopened =
        sql.update(
            """
            UPDATE executions SET status = ?, completed_at = NULL, error_message = NULL
            WHERE execution_id = ? AND completed_at IS NOT NULL""",
            ExecutionStatus.RUNNING.wireValue(),
            executionId);
    if (reopened == 1) {
      sql.update(
          """
          UPDATE execution_steps
          SET status = ?1, start_time = NULL, end_time = NULL, error_message = NULL, result = NULL
          WHERE execution_id = ?2 AND step_index IN (
            SELECT step_index FROM step_outcomes
            WHERE execution_id = ?2 AND closed_with_execution = 1)""",
          StepStatus.PENDING.wireValue(),
          executionId);
      sql.update(
          "DELETE FROM step_outcomes WHERE execution_id = ? AND closed_with_execution = 1",
          executionId);
    }
  }

  private static void closeSteps(Sql sql, String executionId, ExecutionOutcome outcome, String now)
      throws SQLException {
    sql.update(
        """
        INSERT INTO step_outcomes (execution_id, step_index, closed_with_execution)
        SELECT execution_id, step_index, 1 FROM execution_steps WHERE execution_id = ?
        ON CONFLICT DO NOTHING""",
        executionId);
    // The workflow has seen these end; an older file in the history's place has not. Of the safe
    // state
    // that is known where a later step of it is recorded: an abort leaves out the rest.
    sql.update(
        """
        UPDATE execution_steps SET status = ?1, end_time = ?2, error_message = ?3
        WHERE execution_id = ?4 AND status IN (?5, ?6) AND EXISTS (
          SELECT * FROM execution_states WHERE execution_id = ?4 AND (
            step_index < coalesce(state ->> '$.compensation.stopped_at', state ->> '$.next_step')
            OR (step_index >= state ->> '$.compensation.first_step' AND step_index < (
              SELECT max(step_index) FROM step_outcomes
              WHERE execution_id = ?4 AND closed_with_execution = 0))))""",
        StepStatus.FAILED.wireValue(),
        now,
        END_IS_LOST,
        executionId,
        StepStatus.PENDING.wireValue(),
        StepStatus.RUNNING.wireValue());
    sql.update(
        "UPDATE execution_steps SET status = ? WHERE execution_id = ? AND status = ?",
        StepStatus.SKIPPED.wireValue(),
        executionId,
        StepStatus.PENDING.wireValue());
    String error = outcome.errorMessage();
    sql.update(
        """
        UPDATE execution_steps SET status = ?, end_time = ?, error_message = ?
        WHERE execution_id = ? AND status = ?""",
        StepStatus.FAILED.wireValue(),
        now,
        error != null ? error : "The execution ended while this step was under way.",
        executionId,
        StepStatus.RUNNING.wireValue());
  }

  private static boolean isFinal(Sql sql, EffectKey effect) throws SQLException {
    return sql.number(
            "SELECT count(*) FROM step_outcomes WHERE execution_id = ? AND step_index = ?",
            effect.executionId(),
            effect.stepIndex())
        > 0;
  }

  /** A late end of an older attempt must not hide that another is under way. */
  private static boolean isNewestAttempt(Sql sql, AttemptKey key) throws SQLException {
    return sql.first(
            """
            SELECT attempt_id = (
              SELECT max(attempt_id) FROM step_attempts WHERE execution_id = ?1 AND step_index = ?2)
            FROM step_attempts
            WHERE execution_id = ?1 AND step_index = ?2 AND epoch = ?3 AND action = ?4
              AND temporal_run_id = ?5 AND activity_id = ?6 AND attempt = ?7""",
            row -> row.getBoolean(1),
            key.effect().executionId(),
            key.effect().stepIndex(),
            key.effect().epoch(),
            key.effect().action().wireValue(),
            key.temporalRunId(),
            key.activityId(),
            key.attempt())
        .orElseThrow(
            () -> new StoreException("The start of this attempt was not recorded: " + key + "."));
  }

  private void requireOurs(Sql sql, String executionId) throws SQLException {
    if (sql.number("SELECT count(*) FROM execution_progress WHERE execution_id = ?", executionId)
        == 0) {
      throw new StoreException(
          "There is no execution "
              + executionId
              + " of this program in "
              + file
              + ": it was never opened, or another file was.");
    }
  }

  private void requireStep(Sql sql, String executionId, int stepIndex) throws SQLException {
    requireOurs(sql, executionId);
    if (sql.number(
            "SELECT count(*) FROM execution_steps WHERE execution_id = ? AND step_index = ?",
            executionId,
            stepIndex)
        == 0) {
      throw new StoreException(
          "The execution " + executionId + " has no step with the index " + stepIndex + ".");
    }
  }

  /** Now, or the newest time recorded of the execution where the clock has been set back. */
  private Instant now(Sql sql, String executionId) throws SQLException {
    Instant now = StoredTime.truncate(clock.instant());
    Instant latest = latest(sql, executionId);
    if (now.isBefore(latest)) {
      return latest;
    }
    sql.update(
        "UPDATE execution_progress SET latest_at = ? WHERE execution_id = ?",
        StoredTime.write(now),
        executionId);
    return now;
  }

  private static Instant latest(Sql sql, String executionId) throws SQLException {
    return time(sql, "SELECT latest_at FROM execution_progress WHERE execution_id = ?", executionId)
        .orElseThrow();
  }

  private static StepTimes stepTimes(Sql sql, String executionId, int stepIndex)
      throws SQLException {
    Optional<Instant> startedAt =
        time(
            sql,
            "SELECT start_time FROM execution_steps WHERE execution_id = ? AND step_index = ?",
            executionId,
            stepIndex);
    Optional<Instant> endedAt =
        time(
            sql,
            "SELECT end_time FROM execution_steps WHERE execution_id = ? AND step_index = ?",
            executionId,
            stepIndex);
    return new StepTimes(startedAt.orElse(null), endedAt.orElse(latest(sql, executionId)));
  }

  private static Optional<Instant> time(Sql sql, String query, Object... arguments)
      throws SQLException {
    return sql.text(query, arguments).map(StoredTime::read);
  }
}

package org.cellos.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepStatus;
import org.jspecify.annotations.Nullable;

/**
 * A mirror that is written from what has been recorded before, with the times of then. It is made
 * by the ordinary recorder, so that it has what the mirror should have. Not thread-safe.
 */
public final class DraftMirror implements AutoCloseable {
  private static final String LOST =
      "It ended before the execution was resumed. How, is in no history that could be found.";

  private final GivenClock clock = new GivenClock();
  private final MirrorDatabase database;

  private DraftMirror(Path file) {
    this.database = MirrorDatabase.openDraft(file, clock);
  }

  /**
   * @param file of no value to anybody afterwards
   */
  public static DraftMirror open(Path file) {
    return new DraftMirror(file);
  }

  /** Records with the time that was set with {@link #at}. */
  public ExecutionRecorder recorder() {
    return database.recorder();
  }

  /** When the next records were made. */
  public void at(Instant time) {
    clock.now = time;
  }

  /** Forgets an execution. */
  public void clear(String executionId) {
    database
        .requireWriter()
        .transaction(
            sql -> {
              for (String table : Schema.tableNames()) {
                if (hasExecutions(table)) {
                  sql.update("DELETE FROM " + table + " WHERE execution_id = ?", executionId);
                }
              }
              return true;
            });
  }

  public Optional<StoredExecution> find(String executionId) {
    return database.rows().find(executionId);
  }

  /** Writes when a step began, as its first attempt had recorded it. */
  public void stepBegan(String executionId, int stepIndex, Instant startedAt) {
    update(
        "UPDATE execution_steps SET start_time = ? WHERE execution_id = ? AND step_index = ?",
        StoredTime.write(startedAt),
        executionId,
        stepIndex);
  }

  /** Shows a step as running, unless more is known of it. */
  public void stepIsUnderWay(String executionId, int stepIndex, Instant since) {
    update(
        """
        UPDATE execution_steps SET status = ?, start_time = coalesce(start_time, ?)
        WHERE execution_id = ? AND step_index = ? AND status = ?""",
        StepStatus.RUNNING.wireValue(),
        StoredTime.write(since),
        executionId,
        stepIndex,
        StepStatus.PENDING.wireValue());
  }

  /**
   * Goes on from where a former engine has lost the execution: what it had done is in no history,
   * so it is taken from the mirror.
   *
   * @param former what a mirror has of the execution; null where it has nothing
   */
  public void continueFrom(
      String executionId, ExecutionState state, @Nullable StoredExecution former) {
    database
        .requireWriter()
        .transaction(
            sql -> {
              continueFrom(sql, executionId, state, former);
              return true;
            });
  }

  private static void continueFrom(
      Sql sql, String executionId, ExecutionState state, @Nullable StoredExecution former)
      throws SQLException {
    Optional<StoredRow> execution = Optional.ofNullable(former).flatMap(StoredExecution::execution);
    ExecutionStatus status =
        state.question() != null
            ? ExecutionStatus.PAUSED
            : state.hasBegun() ? ExecutionStatus.RUNNING : ExecutionStatus.PENDING;
    sql.update(
        "UPDATE executions SET status = ?, started_at = ?, error_message = ? WHERE execution_id = ?",
        status.wireValue(),
        execution.map(row -> row.text("started_at")).orElse(null),
        former == null || former.isFinished()
            ? null
            : execution
                .map(row -> row.text("error_message"))
                // Whoever follows its instrument from now on says it again.
                .filter(message -> former.hold().filter(message::equals).isEmpty())
                .orElse(null),
        executionId);
    if (state.begin() != null && state.hasBegun()) {
      sql.update(
          "UPDATE execution_details SET dry_run = ? WHERE execution_id = ?",
          state.begin().dryRun() ? 1 : 0,
          executionId);
    }
    for (int i = 0; i < state.nextStep(); i++) {
      StoredRow step =
          former != null && former.hasOutcome(i) ? former.steps().get(i) : (StoredRow) null;
      if (step == null && state.hasPassedOver(i)) {
        continue;
      }
      sql.update(
          """
          UPDATE execution_steps
          SET status = ?, start_time = ?, end_time = ?, error_message = ?, result = ?
          WHERE execution_id = ? AND step_index = ?""",
          step == null ? StepStatus.FAILED.wireValue() : step.text("status"),
          step == null ? null : step.text("start_time"),
          step == null ? null : step.text("end_time"),
          step == null ? LOST : step.text("error_message"),
          step == null ? null : step.text("result"),
          executionId,
          i);
      sql.update(
          """
          INSERT INTO step_outcomes (execution_id, step_index, error_code, closed_with_execution)
          VALUES (?, ?, ?, 0)""",
          executionId,
          i,
          step == null ? ErrorCode.OUTCOME_UNKNOWN.wireValue() : errorCode(former, i));
    }
    if (former != null) {
      for (StoredRow decision : former.rows(StoredExecution.DECISIONS)) {
        if (decision.number("step_index") <= state.nextStep()) {
          insert(sql, StoredExecution.DECISIONS, decision.with("decision_id", null));
        }
      }
    }
  }

  private static @Nullable String errorCode(@Nullable StoredExecution former, int stepIndex) {
    return former == null
        ? null
        : former.rows(StoredExecution.OUTCOMES).stream()
            .filter(row -> row.number("step_index") == stepIndex)
            .findFirst()
            .map(row -> row.text("error_code"))
            .orElse(null);
  }

  static void insert(Sql sql, String table, StoredRow row) throws SQLException {
    List<String> columns = new ArrayList<>(row.columns().keySet());
    sql.update(
        "INSERT OR REPLACE INTO "
            + table
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + "?, ".repeat(columns.size() - 1)
            + "?)",
        row.columns().values().toArray());
  }

  /** Whether rows of this table belong to executions and to nothing else. */
  static boolean hasExecutions(String table) {
    return !Set.of("mirror_identity", "mirror_events", "workers", "audit_log", "audit_head")
        .contains(table);
  }

  private void update(String statement, @Nullable Object... arguments) {
    database.requireWriter().transaction(sql -> sql.update(statement, arguments));
  }

  @Override
  public void close() {
    database.close();
  }

  /** Tells the time that it was given. */
  private static final class GivenClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

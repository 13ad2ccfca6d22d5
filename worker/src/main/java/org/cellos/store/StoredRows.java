package org.cellos.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of rows. Rows of the documented tables may come from any program: what is not
 * understood there is said in the error message of the record, instead of failing the whole list.
 */
final class StoredRows {
  private StoredRows() {}

  static ExecutionRecord execution(ResultSet row) throws SQLException {
    Reading reading = new Reading(row);
    ExecutionStatus status = reading.status(ExecutionStatus::ofWireValue, ExecutionStatus.FAILED);
    Instant createdAt = reading.time("created_at");
    if (createdAt == null) {
      reading.note("created_at is missing");
    }
    Instant startedAt = reading.time("started_at");
    Instant completedAt = reading.time("completed_at");
    String instruments = row.getString("instruments");
    boolean isDryRun = row.getBoolean("dry_run");
    Boolean dryRun = row.wasNull() ? null : (Boolean) isDryRun;
    return new ExecutionRecord(
        reading.text("execution_id", "?"),
        reading.text("workflow_name", "?"),
        row.getString("cell_line"),
        row.getString("vessel_id"),
        row.getString("operation_type"),
        status,
        createdAt == null ? Instant.EPOCH : createdAt,
        startedAt,
        completedAt,
        reading.errorMessage(),
        StoredJson.read(row.getString("metadata")),
        dryRun,
        instruments == null ? null : simulated(instruments, isDryRun, row),
        row.getInt("step_count"),
        row.getInt("completed_step_count"));
  }

  /**
   * Whether nothing real was moved. Where hardware was asked for, a fake robot may have answered:
   * its steps say so, and beside steps that were real nobody can call the whole one or the other.
   */
  private static @Nullable Boolean simulated(String instruments, boolean isDryRun, ResultSet row)
      throws SQLException {
    if (isDryRun || instruments.equals(Instruments.VIRTUAL.wireValue())) {
      return true;
    }
    String steps = row.getString("steps_simulated");
    if (steps == null || steps.equals("0")) {
      return false;
    }
    return steps.equals("1") ? true : null;
  }

  static StepRecord step(ResultSet row) throws SQLException {
    Reading reading = new Reading(row);
    int stepIndex = row.getInt("step_index");
    StepStatus status = reading.status(StepStatus::ofWireValue, StepStatus.FAILED);
    Instant startTime = reading.time("start_time");
    Instant endTime = reading.time("end_time");
    String result = row.getString("result");
    return new StepRecord(
        reading.text("step_id", "?"),
        row.getString("execution_id"),
        stepIndex,
        reading.text("name", "step " + stepIndex),
        row.getString("operation_type"),
        StoredJson.read(row.getString("parameters")),
        status,
        startTime,
        endTime,
        reading.errorMessage(),
        result == null ? null : StoredJson.read(result),
        row.getInt("attempts"));
  }

  static StepAttemptRecord attempt(ResultSet row) throws SQLException {
    Reading reading = new Reading(row);
    String outcome = row.getString("outcome");
    return new StepAttemptRecord(
        row.getInt("step_index"),
        row.getInt("epoch"),
        StepAction.ofWireValue(row.getString("action")),
        row.getInt("attempt"),
        row.getString("worker"),
        StoredTime.read(row.getString("started_at")),
        reading.time("ended_at"),
        outcome == null ? null : StepStatus.ofWireValue(outcome),
        row.getString("error_message"));
  }

  static DecisionRecord decision(ResultSet row) throws SQLException {
    double amount = row.getDouble("amount_ml");
    boolean hasAmount = !row.wasNull();
    String decidedAt = row.getString("decided_at");
    return new DecisionRecord(
        row.getString("execution_id"),
        Json.read(row.getString("question"), Question.class),
        StoredTime.read(row.getString("opened_at")),
        row.getString("choice"),
        hasAmount ? (Double) amount : null,
        row.getString("decided_by"),
        row.getString("reason"),
        decidedAt == null ? null : StoredTime.read(decidedAt));
  }

  static AuditEntry audit(ResultSet row) throws SQLException {
    int stepIndex = row.getInt("step_index");
    boolean hasStep = !row.wasNull();
    // Only somebody else could have written one that cannot be read; verifying the log says so.
    Instant at = new Reading(row).time("at");
    return new AuditEntry(
        at == null ? Instant.EPOCH : at,
        hasStep ? (Integer) stepIndex : null,
        row.getString("who"),
        row.getString("what"),
        row.getString("reason"));
  }

  /** Reads one row, and notes what it could not understand. */
  private static final class Reading {
    private final ResultSet row;
    private final StringBuilder notes = new StringBuilder();

    Reading(ResultSet row) {
      this.row = row;
    }

    /** A word of a status. */
    interface Words<S> {
      S ofWireValue(String word);
    }

    void note(String note) {
      notes.append(notes.isEmpty() ? "" : "; ").append(note);
    }

    String text(String column, String otherwise) throws SQLException {
      String text = row.getString(column);
      return text == null ? otherwise : text;
    }

    <S> S status(Words<S> words, S otherwise) throws SQLException {
      String word = text("status", "");
      try {
        return words.ofWireValue(word.strip().toLowerCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        note("unknown status '" + word + "'");
        return otherwise;
      }
    }

    @Nullable Instant time(String column) throws SQLException {
      String text = row.getString(column);
      if (text == null || text.isBlank()) {
        return null;
      }
      try {
        return StoredTime.read(text);
      } catch (DateTimeException e) {
        note(column + " is not a time: '" + text + "'");
        return null;
      }
    }

    /** What the row says, and what was not understood of it. */
    @Nullable String errorMessage() throws SQLException {
      String error = row.getString("error_message");
      if (notes.isEmpty()) {
        return error == null || error.isEmpty() ? null : error;
      }
      return (error == null || error.isEmpty() ? "" : error + " ") + "[" + notes + "]";
    }
  }
}

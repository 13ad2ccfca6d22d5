package org.cellos.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MirrorDifference;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.cellos.store.StoredExecution;
import org.cellos.store.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of one execution with those that its history projects. Left aside is what is in
 * no history: what interceptors have shown of a step without a recorded outcome, that an instrument
 * has paused in the middle of one, when a question was opened, since when an answer about a start
 * counts, what an instrument has reported to an open question, and when somebody noticed that
 * Temporal had ended an execution from outside.
 */
final class Comparison {
  private static final List<String> FIXED_OF_STEP =
      List.of("step_id", "execution_id", "step_index", "name", "operation_type", "parameters");
  private static final List<String> PROGRESS_OF_STEP =
      List.of("status", "start_time", "end_time", "error_message", "result");
  private static final Set<String> PROGRESS_OF_EXECUTION =
      Set.of("status", "started_at", "completed_at", "error_message");

  private final String executionId;
  private final StoredExecution mirror;
  private final Projection projection;
  private final StoredExecution history;
  private final boolean isMirrorAhead;
  private final List<MirrorDifference> differences = new ArrayList<>();

  private Comparison(StoredExecution mirror, Projection projection, boolean isMirrorAhead) {
    this.executionId = mirror.executionId();
    this.mirror = mirror;
    this.projection = projection;
    this.history = projection.rows();
    this.isMirrorAhead = isMirrorAhead;
  }

  /**
   * @param isMirrorAhead whether the mirror has records that the history has not yet: they are left
   *     aside
   */
  static List<MirrorDifference> of(
      StoredExecution mirror, Projection projection, boolean isMirrorAhead) {
    Comparison comparison = new Comparison(mirror, projection, isMirrorAhead);
    comparison.execution();
    comparison.steps();
    comparison.decisions();
    return comparison.differences;
  }

  private void execution() {
    Optional<StoredRow> stored = mirror.execution();
    StoredRow projected = history.execution().orElseThrow();
    if (stored.isEmpty()) {
      missing(StoredExecution.EXECUTIONS, "", null, executionId);
      return;
    }
    for (String column : projected.columns().keySet()) {
      boolean isLeftAside =
          (isMirrorAhead && PROGRESS_OF_EXECUTION.contains(column))
              || (projection.isClosedByTemporal() && column.equals("completed_at"))
              || isOfHold(column, stored.get(), projected);
      if (!isLeftAside) {
        compare(StoredExecution.EXECUTIONS, "", column, stored.get(), projected);
      }
    }
  }

  /** While its instrument holds it, an execution that goes on is paused, for that reason. */
  private boolean isOfHold(String column, StoredRow stored, StoredRow projected) {
    Optional<String> reason = mirror.hold();
    return reason.isPresent()
        && switch (column) {
          case "status" ->
              ExecutionStatus.PAUSED.wireValue().equals(stored.text(column))
                  && ExecutionStatus.RUNNING.wireValue().equals(projected.text(column));
          case "error_message" ->
              reason.get().equals(stored.text(column)) && projected.text(column) == null;
          default -> false;
        };
  }

  private void steps() {
    Map<Integer, StoredRow> stored = new LinkedHashMap<>(mirror.steps());
    history
        .steps()
        .forEach(
            (index, projected) -> {
              StoredRow row = stored.remove(index);
              String name = "step " + index;
              if (row == null) {
                missing(StoredExecution.STEPS, name, null, projected.text("step_id"));
                return;
              }
              for (String column : FIXED_OF_STEP) {
                compare(StoredExecution.STEPS, name, column, row, projected);
              }
              progress(index, name, row, projected);
            });
    stored.forEach(
        (index, row) -> missing(StoredExecution.STEPS, "step " + index, row.text("step_id"), null));
  }

  private void progress(int index, String name, StoredRow row, StoredRow projected) {
    boolean isRecorded = history.hasOutcome(index);
    boolean isOnlyInMirror = !isRecorded && mirror.hasOutcome(index);
    if (isRecorded || (isOnlyInMirror && isMirrorComplete())) {
      for (String column : PROGRESS_OF_STEP) {
        compare(StoredExecution.STEPS, name, column, row, projected);
      }
      return;
    }
    boolean isClosed = history.isClosedWithExecution(index);
    if (isMirrorAhead || (!isClosed && !mirror.isClosedWithExecution(index))) {
      return;
    }
    if (isClosed && mirror.isClosedWithExecution(index) && mayHaveBegun(index, row, projected)) {
      return;
    }
    compare(StoredExecution.STEPS, name, "status", row, projected);
    if (isClosed) {
      compare(StoredExecution.STEPS, name, "error_message", row, projected);
      compare(StoredExecution.STEPS, name, "result", row, projected);
    }
  }

  private boolean isMirrorComplete() {
    return !isMirrorAhead && projection.isWhole();
  }

  /** Whether the step was under way at the end is known to interceptors only. */
  private boolean mayHaveBegun(int index, StoredRow row, StoredRow projected) {
    Set<String> either = Set.of(StepStatus.SKIPPED.wireValue(), StepStatus.FAILED.wireValue());
    return !Objects.equals(row.text("status"), projected.text("status"))
        && either.contains(String.valueOf(row.text("status")))
        && either.contains(String.valueOf(projected.text("status")))
        && history.state().map(ExecutionState::nextStep).filter(next -> next == index).isPresent();
  }

  private void decisions() {
    Map<String, StoredRow> stored = decisions(mirror);
    decisions(history)
        .forEach(
            (name, projected) -> {
              StoredRow row = stored.remove(name);
              if (row == null) {
                missing(StoredExecution.DECISIONS, name, null, projected.text("question"));
              } else {
                decision(name, row, projected);
              }
            });
    if (isMirrorComplete()) {
      stored.forEach(
          (name, row) -> missing(StoredExecution.DECISIONS, name, row.text("question"), null));
    }
  }

  private void decision(String name, StoredRow row, StoredRow projected) {
    if (isMirrorAhead && projected.text("decided_at") == null) {
      return;
    }
    if (!isSameQuestion(row.text("question"), projected.text("question"))) {
      compare(StoredExecution.DECISIONS, name, "question", row, projected);
    }
    for (String column : List.of("choice", "amount_ml", "decided_by", "reason")) {
      compare(StoredExecution.DECISIONS, name, column, row, projected);
    }
    boolean isAnswerAboutStart =
        projected.text("decided_by") != null
            && StepAction.START.wireValue().equals(projected.text("action"));
    boolean isClosedUnseen =
        projection.isClosedByTemporal() && "cancelled".equals(projected.text("choice"));
    if (!isAnswerAboutStart && !isClosedUnseen) {
      compare(StoredExecution.DECISIONS, name, "decided_at", row, projected);
    }
  }

  /** An instrument may have added to the evidence while the question was open. */
  private static boolean isSameQuestion(@Nullable String stored, @Nullable String projected) {
    if (stored == null || projected == null) {
      return Objects.equals(stored, projected);
    }
    try {
      Map<String, Object> one = new LinkedHashMap<>(Json.readObject(stored));
      Map<String, Object> other = new LinkedHashMap<>(Json.readObject(projected));
      String evidence = String.valueOf(one.remove("evidence"));
      return evidence.startsWith(String.valueOf(other.remove("evidence"))) && one.equals(other);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Map<String, StoredRow> decisions(StoredExecution execution) {
    Map<String, StoredRow> decisions = new LinkedHashMap<>();
    for (StoredRow row : execution.rows(StoredExecution.DECISIONS)) {
      decisions.put(
          "step "
              + row.text("step_index")
              + ", "
              + row.text("action")
              + ", epoch "
              + row.text("epoch"),
          row);
    }
    return decisions;
  }

  private void compare(
      String table, String row, String column, StoredRow stored, StoredRow projected) {
    if (!stored.isSameIn(projected, column)) {
      differences.add(
          new MirrorDifference(
              executionId, table, row, column, stored.text(column), projected.text(column)));
    }
  }

  private void missing(
      String table, String row, @Nullable String stored, @Nullable String projected) {
    differences.add(
        new MirrorDifference(
            executionId, table, row, MirrorDifference.WHOLE_ROW, stored, projected));
  }
}

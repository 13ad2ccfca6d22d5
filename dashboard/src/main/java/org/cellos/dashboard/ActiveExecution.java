package org.cellos.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Minutes;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.store.ExecutionDetails;
import org.cellos.view.Countdown;
import org.cellos.view.History;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/**
 * An execution that has not ended, as people watch it.
 *
 * @param execution the row
 * @param stepPath where the current step stands in the protocol; null where none is under way
 * @param stepName what it does; null where none is under way
 * @param elapsed since it began, in words; empty while it has not
 * @param expectedEnd local time; empty where nobody can say: paused, waiting for a person
 * @param reasons what it waits for, each a sentence; empty while it goes on
 * @param question what a person is asked; null for nothing
 */
public record ActiveExecution(
    ExecutionSummary execution,
    @Nullable String stepPath,
    @Nullable String stepName,
    String elapsed,
    String expectedEnd,
    List<String> reasons,
    @Nullable String question) {

  static ActiveExecution of(History history, ExecutionRecord record, Instant now) {
    String id = record.executionId();
    Optional<ExecutionInput> input = history.queries().details(id).map(ExecutionDetails::input);
    List<StepRecord> steps = history.queries().steps(id);
    Optional<StepRecord> current =
        steps.stream().filter(step -> step.status() == StepStatus.RUNNING).findFirst();
    List<String> reasons = reasons(history, record, current);
    Optional<String> question = history.openQuestion(id).map(asked -> asked.question().text());
    return new ActiveExecution(
        ExecutionSummary.of(history, record),
        current.flatMap(step -> input.map(known -> path(known, step))).orElse(null),
        current.map(StepRecord::name).orElse(null),
        record.startedAt() == null ? "" : Texts.duration(Duration.between(record.startedAt(), now)),
        reasons.isEmpty() && question.isEmpty() ? expectedEnd(record, input, steps, now) : "",
        reasons,
        question.orElse(null));
  }

  private static String path(ExecutionInput input, StepRecord step) {
    return input.steps().get(step.stepIndex()).path();
  }

  private static List<String> reasons(
      History history, ExecutionRecord record, Optional<StepRecord> current) {
    String id = record.executionId();
    List<String> reasons = new ArrayList<>();
    Optional<ExecutionState> state = history.queries().state(id);
    state
        .map(known -> known.steering().pause())
        .ifPresent(pause -> reasons.add("Paused " + pause.byAndWhy()));
    if (state.map(ExecutionState::begin).isEmpty()) {
      reasons.add("Created, and waits to be begun.");
    }
    reasons.addAll(history.obstacles(record));
    current
        .flatMap(step -> history.waiting(id, step))
        .map(History.Waiting::sentence)
        .ifPresent(reasons::add);
    Countdown.of(history.queries(), id).due().map(Countdown.Due::sentence).ifPresent(reasons::add);
    return reasons;
  }

  /** What is left by plan of the steps that have not ended. */
  private static String expectedEnd(
      ExecutionRecord record, Optional<ExecutionInput> input, List<StepRecord> steps, Instant now) {
    if (input.isEmpty() || Boolean.TRUE.equals(record.dryRun())) {
      return "";
    }
    double minutes =
        steps.stream()
            .filter(step -> !step.status().isTerminal())
            .mapToDouble(
                step -> input.get().steps().get(step.stepIndex()).unitOp().durationMinutes())
            .sum();
    Duration left = Minutes.toDuration(minutes / input.get().speedUp());
    return Texts.localTime(now.plus(left));
  }
}

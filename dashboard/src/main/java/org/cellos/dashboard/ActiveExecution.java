package org.cellos.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Minutes;
import org.cellos.domain.Step;
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
 * @param paused whether it waits for a "resume"
 * @param requestId for one request: sent twice, it has one effect
 */
public record ActiveExecution(
    ExecutionSummary execution,
    @Nullable String stepPath,
    @Nullable String stepName,
    String elapsed,
    String expectedEnd,
    List<String> reasons,
    @Nullable String question,
    boolean paused,
    String requestId) {

  static ActiveExecution of(History history, ExecutionRecord record, Instant now) {
    String id = record.executionId();
    Optional<ExecutionInput> input = history.queries().details(id).map(ExecutionDetails::input);
    List<StepRecord> steps = history.queries().steps(id);
    Optional<StepRecord> current =
        steps.stream().filter(step -> step.status() == StepStatus.RUNNING).findFirst();
    Optional<ExecutionState> state = history.queries().state(id);
    Optional<String> hold = history.hold(record);
    Optional<String> robotSays = current.flatMap(step -> history.robotSays(id, step));
    List<String> blockers = blockers(history, record, state);
    // A robot that has paused says how far it is as well.
    hold.map(robotSays::orElse).ifPresent(blockers::add);
    List<String> reasons = new ArrayList<>(blockers);
    robotSays.filter(said -> hold.isEmpty()).ifPresent(reasons::add);
    reasons.addAll(waits(history, id, current));
    Optional<String> question = history.openQuestion(id).map(asked -> asked.question().text());
    return new ActiveExecution(
        ExecutionSummary.of(history, record),
        current.flatMap(step -> input.map(known -> path(known, step))).orElse(null),
        current.map(StepRecord::name).orElse(null),
        record.startedAt() == null ? "" : Texts.duration(Duration.between(record.startedAt(), now)),
        blockers.isEmpty() && question.isEmpty() ? expectedEnd(record, input, steps, now) : "",
        reasons,
        question.orElse(null),
        state.filter(known -> known.steering().isPauseAsked()).isPresent(),
        UUID.randomUUID().toString());
  }

  private static String path(ExecutionInput input, StepRecord step) {
    return input.steps().get(step.stepIndex()).path();
  }

  /** What must end before anything moves; nobody can say when that will be. */
  private static List<String> blockers(
      History history, ExecutionRecord record, Optional<ExecutionState> state) {
    List<String> blockers = new ArrayList<>();
    state
        .map(known -> known.steering().pause())
        .ifPresent(pause -> blockers.add("Paused " + pause.byAndWhy()));
    if (state.map(ExecutionState::begin).isEmpty()) {
      blockers.add("Created, and waits to be begun.");
    }
    blockers.addAll(history.obstacles(record));
    return blockers;
  }

  /** What goes by itself. */
  private static List<String> waits(History history, String id, Optional<StepRecord> current) {
    List<String> waits = new ArrayList<>();
    waits.addAll(history.equipmentWaits(id));
    current
        .flatMap(step -> history.waiting(id, step))
        .map(History.Waiting::sentence)
        .ifPresent(waits::add);
    history
        .queries()
        .underWay(id)
        .filter(attempt -> attempt.outcome() == StepStatus.FAILED)
        .ifPresent(
            attempt ->
                waits.add(
                    "Attempt "
                        + attempt.attempt()
                        + " failed: "
                        + attempt.errorMessage()
                        + " It is tried again."));
    Countdown.of(history.queries(), id).due().map(Countdown.Due::sentence).ifPresent(waits::add);
    return waits;
  }

  /** What is left by plan of the steps that have not ended. */
  private static String expectedEnd(
      ExecutionRecord record, Optional<ExecutionInput> input, List<StepRecord> steps, Instant now) {
    if (input.isEmpty() || Boolean.TRUE.equals(record.dryRun())) {
      return "";
    }
    Duration left = Duration.ZERO;
    for (StepRecord step : steps) {
      Step planned = input.get().steps().get(step.stepIndex());
      // What is done only if something goes wrong is not planned.
      if (!step.status().isTerminal() && planned.role() == null) {
        Duration whole =
            Minutes.toDuration(planned.unitOp().durationMinutes() / input.get().speedUp());
        Duration done =
            step.startTime() == null ? Duration.ZERO : Duration.between(step.startTime(), now);
        Duration rest = whole.minus(done);
        left = rest.isNegative() ? left : left.plus(rest);
      }
    }
    return Texts.localTime(now.plus(left));
  }
}

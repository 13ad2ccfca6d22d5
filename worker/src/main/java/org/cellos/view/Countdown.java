package org.cellos.view;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.Minutes;
import org.cellos.domain.Step;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.json.Timestamps;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;
import org.jspecify.annotations.Nullable;

/** How long there is until the next step must begin that has a time to keep. */
public final class Countdown {
  private final ExecutionQueries queries;
  private final String executionId;
  private final Optional<ExecutionInput> input;

  private Countdown(ExecutionQueries queries, String executionId, Optional<ExecutionInput> input) {
    this.queries = queries;
    this.executionId = executionId;
    this.input = input;
  }

  public static Countdown of(ExecutionQueries queries, String executionId) {
    return new Countdown(
        queries,
        executionId,
        queries
            .details(executionId)
            .map(ExecutionDetails::input)
            .filter(input -> input.steps().stream().anyMatch(step -> step.window() != null)));
  }

  /**
   * The time of a step that has not begun.
   *
   * @param step the step
   * @param since the one that its time counts from
   * @param window how long after that it may begin
   * @param sinceAt when that one ended
   * @param speedUp how much faster than real time it goes
   */
  public record Due(Step step, Step since, ExposureWindow window, Instant sinceAt, double speedUp) {
    public String sentence() {
      return "Step "
          + step.path()
          + " must begin "
          + window.inWords()
          + (window.atLeastMinutes() == null ? " of step " : " after step ")
          + since.path()
          + ": "
          + left()
          + ".";
    }

    /** {@code 2 min 10 s left}, in minutes of the protocol. */
    public String left() {
      Optional<Duration> early = until(window.earliest(sinceAt, speedUp));
      if (early.isPresent() && !early.get().isNegative()) {
        return "may begin in " + Minutes.inWords(early.get());
      }
      return until(window.latest(sinceAt, speedUp))
          .map(
              left ->
                  left.isNegative()
                      ? "late by " + Minutes.inWords(left.negated())
                      : Minutes.inWords(left) + " left")
          .orElse("may begin");
    }

    private Optional<Duration> until(Optional<Instant> time) {
      return time.map(
          then ->
              Duration.ofMillis(
                  Math.round(Duration.between(Instant.now(), then).toMillis() * speedUp)));
    }
  }

  /** JSON: when a step may and must begin. */
  public record DueView(
      int stepIndex,
      int sinceStepIndex,
      @Nullable Double atLeastMinutes,
      @Nullable Double atMostMinutes,
      String since,
      @Nullable String earliest,
      @Nullable String latest,
      String left) {

    public static DueView of(Due due) {
      return new DueView(
          due.step().stepIndex(),
          due.since().stepIndex(),
          due.window().atLeastMinutes(),
          due.window().atMostMinutes(),
          Timestamps.format(due.sinceAt()),
          due.window().earliest(due.sinceAt(), due.speedUp()).map(Timestamps::format).orElse(null),
          due.window().latest(due.sinceAt(), due.speedUp()).map(Timestamps::format).orElse(null),
          due.left());
    }
  }

  /** Empty where no step has a time to keep now. */
  public Optional<Due> due() {
    if (input.isEmpty() || hasEnded()) {
      return Optional.empty();
    }
    Optional<ExecutionState> state = queries.state(executionId);
    if (state.isEmpty() || state.get().isSafeStateUnderWay()) {
      return Optional.empty();
    }
    List<StepRecord> steps = queries.steps(executionId);
    return input.get().steps().stream()
        .skip(state.get().nextStep())
        .filter(step -> steps.get(step.stepIndex()).status() == StepStatus.PENDING)
        .flatMap(step -> due(step, state.get()).stream())
        .findFirst();
  }

  private boolean hasEnded() {
    return queries.find(executionId).stream().anyMatch(record -> record.status().isTerminal());
  }

  private Optional<Due> due(Step step, ExecutionState state) {
    ExposureWindow window = step.window();
    if (window == null || state.steering().skipOf(step.stepIndex()).isPresent()) {
      return Optional.empty();
    }
    ExecutionInput known = input.orElseThrow();
    return state
        .exposed()
        .since(window)
        .map(
            at ->
                new Due(step, known.steps().get(window.sinceStep()), window, at, known.speedUp()));
  }
}

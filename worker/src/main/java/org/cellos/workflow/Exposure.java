package org.cellos.workflow;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cellos.domain.Answers;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRole;

/**
 * Keeps the times between steps: lets a step wait that comes too early, and where one comes too
 * late, has the cells rescued and asks a person. The clock goes on whatever happens.
 */
final class Exposure {
  private static final Turn PERFORM = new Turn.Perform();
  private static final Turn LOOK_AGAIN = new Turn.LookAgain();

  private final ExecutionInput input;
  private final Journal journal;
  private final People people;
  private final Steering steering;

  Exposure(ExecutionInput input, Journal journal, People people, Steering steering) {
    this.input = input;
    this.journal = journal;
    this.people = people;
    this.steering = steering;
  }

  /**
   * What becomes of a step as far as its time decides it. May wait for that time, or for a person.
   *
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  Turn of(Step step) {
    Step timed = timedBy(step);
    ExposureWindow window = timed.window();
    boolean isRescued = journal.state().exposed().hasRescued(timed.stepIndex());
    if (window == null || (isRescue(step) && isRescued)) {
      return PERFORM;
    }
    Begin begin = journal.state().begin();
    if (begin != null && begin.dryRun()) {
      return inTime(step, "a dry run keeps no times.");
    }
    if (steering.leftOut(timed).isPresent()) {
      return inTime(step, "step " + timed.path() + " is left out.");
    }
    Optional<Instant> since = journal.state().exposed().since(window);
    if (since.isEmpty()) {
      return inTime(step, "step " + path(window.sinceStep()) + " was not done.");
    }
    Duration early = until(window.earliest(since.get(), input.speedUp()));
    if (isAhead(early) && !wasDueBefore(timed)) {
      waitFor(early, timed, window);
      return LOOK_AGAIN;
    }
    Optional<Instant> latest = window.latest(since.get(), input.speedUp());
    Duration left = until(latest);
    if (latest.isEmpty() || !left.isNegative()) {
      return inTime(step, "step " + timed.path() + " begins in time.");
    }
    return late(step, timed, left.negated());
  }

  /** A clock may have been set back since a former engine began it, or asked about it. */
  private boolean wasDueBefore(Step timed) {
    return journal.mayHaveBegun(timed.stepIndex())
        && (journal.state().question() != null || journal.hasBegun(timed));
  }

  private Turn late(Step step, Step timed, Duration by) {
    if (journal.hasBegun(timed)) {
      // A former engine has begun it, or a history before a reset: it was not late then.
      return inTime(step, "step " + timed.path() + " may have begun before.");
    }
    List<Step> rescue = rescueOf(timed);
    if (!rescue.isEmpty() && !journal.state().exposed().hasRescued(timed.stepIndex())) {
      journal.rescue(
          rescue.get(0).stepIndex(),
          timed,
          "Step " + timed.path() + " comes too late: its rescue is performed first.");
      return LOOK_AGAIN;
    }
    LedgerEntry known = journal.ledger(journal.effect(timed, StepAction.BEGIN));
    if (known instanceof LedgerEntry.TakenOver) {
      throw StepPerformer.takenOver();
    }
    if (known instanceof LedgerEntry.Closed decided) {
      return turn(decided.outcome(), PERFORM);
    }
    Duration atRealSpeed = Duration.ofMillis(Math.round(by.toMillis() * input.speedUp()));
    People.Said said =
        people.ask(
            Answers.late(
                timed,
                journal.state().epoch(StepAction.BEGIN),
                input.steps().get(sinceOf(timed)),
                atRealSpeed,
                whatBecameOf(rescue)));
    // A pause may have been asked for while the person thought.
    return turn(said.outcome(), LOOK_AGAIN);
  }

  private static Turn turn(StepOutcome decided, Turn goOn) {
    return decided instanceof StepOutcome.Completed ? goOn : new Turn.End(decided);
  }

  /** The step's time is kept: it is performed, and a rescue step of it is not. */
  private static Turn inTime(Step step, String why) {
    return isRescue(step) ? new Turn.End(notNeeded(why)) : PERFORM;
  }

  /**
   * How a step ends that is only for what has not happened.
   *
   * @param why the end of a sentence
   */
  static StepOutcome notNeeded(String why) {
    return new StepOutcome.Skipped(Parameters.of(Map.of("note", "Not needed: " + why)));
  }

  private static boolean isRescue(Step step) {
    return step.role() == StepRole.RESCUE;
  }

  /** The step itself, or the one that it rescues. */
  private Step timedBy(Step step) {
    int index = step.stepIndex();
    while (isRescue(input.steps().get(index))) {
      index++;
    }
    return index == step.stepIndex() ? step : input.steps().get(index);
  }

  private List<Step> rescueOf(Step timed) {
    int first = timed.stepIndex();
    while (first > 0 && isRescue(input.steps().get(first - 1))) {
      first--;
    }
    return input.steps().subList(first, timed.stepIndex());
  }

  private String whatBecameOf(List<Step> rescue) {
    if (rescue.isEmpty()) {
      return "It has no rescue.";
    }
    String performed =
        rescue.stream()
            .filter(step -> steering.leftOut(step).isEmpty())
            .map(Step::path)
            .collect(Collectors.joining(", "));
    return performed.isEmpty()
        ? "Its rescue was left out."
        : "Its rescue was performed: " + performed + ".";
  }

  private static int sinceOf(Step timed) {
    ExposureWindow window = timed.window();
    return window == null ? timed.stepIndex() : window.sinceStep();
  }

  private String path(int stepIndex) {
    return input.steps().get(stepIndex).path();
  }

  private static Duration until(Optional<Instant> time) {
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    return time.map(then -> Duration.between(now, then)).orElse(Duration.ZERO);
  }

  private static boolean isAhead(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  /** Waits, unless people want something else of the execution before it is over. */
  private void waitFor(Duration duration, Step timed, ExposureWindow window) {
    TimerOptions options =
        TimerOptions.newBuilder()
            .setSummary(
                timed.path()
                    + " · "
                    + timed.name()
                    + " ("
                    + window.inWords()
                    + " after step "
                    + path(window.sinceStep())
                    + ")")
            .build();
    CompletablePromise<Void> timer = Workflow.newPromise();
    CancellationScope waiting =
        Workflow.newCancellationScope(
            () -> timer.completeFrom(Workflow.newTimer(duration, options)));
    waiting.run();
    Workflow.await(
        () ->
            timer.isCompleted() || steering.isPauseAsked() || steering.leftOut(timed).isPresent());
    waiting.cancel();
  }
}

package org.cellos.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a step takes so much longer than expected that somebody should look at its instrument. Pure;
 * it only says so, since a step that is late may still end well.
 */
public final class HungStep {
  private static final int TIMES_EXPECTED = 2;

  /** Of the bench's time: opening a door and looking for a tube take as long as they take. */
  private static final Duration SLACK = Duration.ofMinutes(10);

  /** Virtual instruments need no more, but the computer that they are in may be busy. */
  private static final Duration LEAST_SLACK = Duration.ofSeconds(30);

  private static final Duration SECONDS_UP_TO = Duration.ofMinutes(2);
  private static final Duration MINUTES_UP_TO = Duration.ofHours(2);

  private HungStep() {}

  /**
   * What is under way of a step.
   *
   * @param since when it began
   * @param expected how long it should take; zero where it should take no time worth mentioning, or
   *     nobody has said how long
   */
  private record Part(String name, Instant since, Duration expected) {}

  /**
   * What to tell people of a step that is under way.
   *
   * @param newest its newest attempt
   * @param execution which it is a step of
   * @return one or two sentences; empty as long as there is nothing to worry about
   */
  public static Optional<String> trouble(
      StepAttemptRecord newest, ExecutionInput execution, Instant now) {
    Step step = execution.steps().get(newest.stepIndex());
    return underWay(step, newest, execution.speedUp())
        .filter(part -> isOverdue(part, slack(execution), now))
        .map(part -> sentence(step, part, Duration.between(part.since(), now)));
  }

  /** Whether it is too early for anything to be overdue, whatever was expected. */
  public static boolean isTooEarly(StepAttemptRecord newest, Instant now) {
    return Duration.between(newest.startedAt(), now).compareTo(LEAST_SLACK) <= 0;
  }

  /** Parts of a timed step are short; what may be long is the wait between them. */
  private static Optional<Part> underWay(Step step, StepAttemptRecord newest, double speedUp) {
    Instant ended = newest.endedAt();
    if (ended == null) {
      return Optional.of(
          switch (newest.action()) {
            case PERFORM ->
                new Part(
                    "",
                    newest.startedAt(),
                    faster(Minutes.toDuration(step.unitOp().durationMinutes()), speedUp));
            // A person is asked about that; nothing is under way.
            case BEGIN -> new Part("Permission for ", newest.startedAt(), Duration.ZERO);
            case START -> new Part("The beginning of ", newest.startedAt(), Duration.ZERO);
            case STOP -> new Part("The end of ", newest.startedAt(), Duration.ZERO);
          });
    }
    boolean isWaiting =
        newest.action() == StepAction.START && newest.outcome() == StepStatus.COMPLETED;
    return isWaiting
        ? Optional.of(
            new Part("", ended, faster(step.unitOp().parameters().minutes("minutes"), speedUp)))
        : Optional.empty();
  }

  private static Duration slack(ExecutionInput execution) {
    if (execution.instruments() != Instruments.VIRTUAL) {
      return SLACK;
    }
    Duration slack = faster(SLACK, execution.speedUp());
    return slack.compareTo(LEAST_SLACK) < 0 ? LEAST_SLACK : slack;
  }

  private static boolean isOverdue(Part part, Duration slack, Instant now) {
    Duration most = part.expected().multipliedBy(TIMES_EXPECTED).plus(slack);
    return Duration.between(part.since(), now).compareTo(most) > 0;
  }

  private static Duration faster(Duration duration, double speedUp) {
    return Duration.ofMillis(Math.round(duration.toMillis() / speedUp));
  }

  private static String sentence(Step step, Part part, Duration lasted) {
    return (part.name().isEmpty() ? "Step " : part.name() + "step ")
        + step.path()
        + " ("
        + step.name()
        + ") has been under way for "
        + words(lasted)
        + (part.expected().isZero() ? "" : "; it should take " + words(part.expected()))
        + ". Look at the instrument.";
  }

  private static String words(Duration duration) {
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return "less than 1 s";
    }
    if (duration.compareTo(SECONDS_UP_TO) < 0) {
      return duration.toSeconds() + " s";
    }
    if (duration.compareTo(MINUTES_UP_TO) < 0) {
      return duration.toMinutes() + " min";
    }
    return duration.toHours() + " h" + minutes(duration.toMinutesPart());
  }

  private static String minutes(int minutes) {
    return minutes == 0 ? "" : " " + minutes + " min";
  }
}

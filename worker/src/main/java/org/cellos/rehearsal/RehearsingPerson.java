package org.cellos.rehearsal;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Random;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Question;
import org.jspecify.annotations.Nullable;

/**
 * Answers the questions of a rehearsal: looks at the vessel, and says what is true. Within the
 * working hours that takes up to an hour, outside of them it waits for the next morning.
 */
final class RehearsingPerson {
  static final LocalTime COMES = LocalTime.of(8, 0);
  static final LocalTime GOES = LocalTime.of(18, 0);

  private static final int LEAST_MINUTES = 5;
  private static final int MOST_MINUTES = 60;

  /** One in so many leaves a step out that was not done. */
  private static final int SKIPS_IN = 5;

  /**
   * One in so many moves the missing part of a volume by hand, and says that all of it was done.
   */
  private static final int HELPS_IN = 3;

  private static final double PER_MILLILITRE = 1000;

  private final Random random;
  private int answers;

  RehearsingPerson(Random random) {
    this.random = random;
  }

  static boolean isAtWork(LocalDateTime time) {
    LocalTime clock = time.toLocalTime();
    return !clock.isBefore(COMES) && clock.isBefore(GOES);
  }

  /** How long it takes until somebody answers. */
  Duration reaction(LocalDateTime asked) {
    Duration delay =
        Duration.ofMinutes(LEAST_MINUTES + (long) random.nextInt(MOST_MINUTES - LEAST_MINUTES + 1));
    if (isAtWork(asked)) {
      return delay;
    }
    LocalDateTime morning = asked.toLocalDate().atTime(COMES);
    return Duration.between(asked, morning.isBefore(asked) ? morning.plusDays(1) : morning)
        .plus(delay);
  }

  /**
   * @param share how much of what is asked about was done: 0 nothing, 1 all of it
   */
  Answer answer(Question question, double share) {
    answers++;
    Choice choice = choice(question, share);
    return new Answer(
        "rehearsal-" + answers,
        question.stepIndex(),
        question.epoch(),
        question.action(),
        choice,
        amount(question, choice, share),
        "rehearsal",
        null);
  }

  private Choice choice(Question question, double share) {
    if (question.kind() == Question.Kind.LATE) {
      return Choice.GO_ON;
    }
    if (share == 0) {
      boolean skips = random.nextInt(SKIPS_IN) == 0 || !question.choices().contains(Choice.AGAIN);
      return skips ? Choice.SKIP : Choice.AGAIN;
    }
    return share == 1 || random.nextInt(HELPS_IN) == 0 ? Choice.DONE : Choice.PARTLY;
  }

  private static @Nullable Double amount(Question question, Choice choice, double share) {
    Double most = question.mostMillilitres();
    return choice == Choice.PARTLY && most != null
        ? (Double) (Math.max(1, Math.rint(most * share * PER_MILLILITRE)) / PER_MILLILITRE)
        : null;
  }
}

package org.cellos.activity;

import java.util.List;
import java.util.Random;
import org.cellos.domain.Choice;

/** Everything in a simulated schedule that is not decided by the program. */
abstract class Chance {
  /** What can go wrong. */
  enum Mishap {
    /** The worker of the attempt dies. */
    WORKER_DIES,
    /** Temporal takes the attempt for lost, and it goes on all the same. */
    ATTEMPT_LOST,
    /** The process with Temporal and all its workers dies. */
    ENGINE_DIES,
    /** The engine is taken over while attempts of the former one go on. */
    ENGINE_REPLACED,
    /** Somebody cancels the execution. */
    CANCEL,
    /** The ledger cannot be written. */
    STORE_FAILS,
    /** The ledger was written, and says that it was not. */
    STORE_FAILS_LATE,
    /** The alive check gets no answer. */
    UNREACHABLE,
    /** The handler is interrupted by the cancel. */
    INTERRUPTED,
    /** A local activity is performed twice. */
    RECORDED_TWICE
  }

  /** Where an attempt, or the workflow, can be stopped. */
  enum Point {
    BEFORE_CLAIM,
    AFTER_INTENT,
    BEFORE_CHECK,
    AFTER_CHECK,
    BEFORE_WITHDRAW,
    AFTER_SEND,
    AFTER_EFFECT,
    BEFORE_CLOSE,
    BEFORE_REPLY,
    REPLIED,
    IN_MIRROR_TX,
    IN_WORKFLOW
  }

  /** What the instrument makes of a command. */
  enum Behaviour {
    WORKS,
    /** It refuses before it moves. */
    REFUSES,
    /** It refuses before it moves, and its driver knows that. */
    NOT_READY,
    /** It moves, and reports an error. */
    FAILS,
    /** It moves, and its driver does not know whether it did. */
    LOSES_TOUCH,
    /** Its driver is broken in the ways that the gate catches. */
    BREAKS
  }

  private static final List<Behaviour> BEHAVIOURS = List.of(Behaviour.values());

  abstract boolean happens(Mishap mishap, Point point);

  /** From 0. */
  abstract int below(int bound);

  abstract Choice answer(List<Choice> choices);

  abstract Behaviour behaviour();

  /**
   * Chosen by a seed: at most so many mishaps, so that every schedule ends, and each of them as
   * likely in a short schedule as in a long one.
   */
  static Chance ofSeed(long seed) {
    // Neighbouring seeds of Random begin alike.
    Random random = new Random(seed * 0x9E3779B97F4A7C15L);
    return new Chance() {
      private int mishaps = random.nextInt(7);
      private int agains = random.nextInt(3);

      @Override
      boolean happens(Mishap mishap, Point point) {
        boolean happens = mishaps > 0 && random.nextInt(rarity(mishap)) == 0;
        if (happens) {
          mishaps--;
        }
        return happens;
      }

      @Override
      int below(int bound) {
        return random.nextInt(bound);
      }

      @Override
      Choice answer(List<Choice> choices) {
        Choice choice = choices.get(random.nextInt(choices.size()));
        if (choice != Choice.AGAIN) {
          return choice;
        }
        return agains-- > 0 ? Choice.AGAIN : Choice.DONE;
      }

      @Override
      Behaviour behaviour() {
        return random.nextInt(4) == 0
            ? BEHAVIOURS.get(random.nextInt(BEHAVIOURS.size()))
            : Behaviour.WORKS;
      }
    };
  }

  private static int rarity(Mishap mishap) {
    return switch (mishap) {
      case INTERRUPTED -> 2;
      case UNREACHABLE, STORE_FAILS, STORE_FAILS_LATE, RECORDED_TWICE -> 8;
      case WORKER_DIES, ATTEMPT_LOST -> 12;
      case ENGINE_DIES, ENGINE_REPLACED, CANCEL -> 30;
    };
  }

  /**
   * One mishap at the first passing of one point, and nothing else.
   *
   * @param latestFirst whether an older attempt waits until all newer ones are over
   */
  static Chance script(Mishap only, Point where, Choice choice, boolean latestFirst) {
    return new Chance() {
      private boolean happened;
      private boolean asked;

      @Override
      boolean happens(Mishap mishap, Point point) {
        boolean happens = !happened && mishap == only && point == where;
        happened |= happens;
        return happens;
      }

      @Override
      int below(int bound) {
        return latestFirst ? 0 : bound - 1;
      }

      @Override
      Choice answer(List<Choice> choices) {
        Choice answer = asked || !choices.contains(choice) ? Choice.DONE : choice;
        asked = true;
        return answer;
      }

      @Override
      Behaviour behaviour() {
        return Behaviour.WORKS;
      }
    };
  }
}

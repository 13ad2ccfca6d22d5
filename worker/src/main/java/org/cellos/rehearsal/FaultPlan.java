package org.cellos.rehearsal;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRequest;

/** The faults of one rehearsal, drawn before it begins; one a step at most. Thread-safe. */
final class FaultPlan {
  /** One fault in so many ends the execution: most rehearsals should come to their end. */
  private static final int BROKEN_IN = 50;

  private static final int LEAST_SLOWNESS_MINUTES = 5;
  private static final int MOST_SLOWNESS_MINUTES = 120;
  private static final int LEAST_OUTAGE_MINUTES = 60;
  private static final int MOST_OUTAGE_MINUTES = 600;

  private final Map<Integer, Fault> faults;

  private FaultPlan(Map<Integer, Fault> faults) {
    this.faults = new HashMap<>(faults);
  }

  /**
   * @param isTimed whether a step has a start and a stop
   * @param average how many faults there are, on average over many seeds
   */
  static FaultPlan draw(List<Step> steps, Predicate<Step> isTimed, int average, Random random) {
    double chance = (double) average / steps.size();
    Map<Integer, Fault> faults = new HashMap<>();
    for (Step step : steps) {
      if (random.nextDouble() < chance) {
        faults.put(
            step.stepIndex(),
            isTimed.test(step) ? timed(step.stepIndex(), random) : single(step, random));
      }
    }
    return new FaultPlan(faults);
  }

  /** What strikes this attempt; empty where nothing does, or has done so already. */
  synchronized Optional<Fault> strike(StepRequest request) {
    Fault fault = faults.get(request.stepIndex());
    if (fault == null || fault.action() != request.action()) {
      return Optional.empty();
    }
    faults.remove(request.stepIndex());
    return Optional.of(fault);
  }

  private static Fault single(Step step, Random random) {
    int stepIndex = step.stepIndex();
    if (random.nextInt(BROKEN_IN) == 0) {
      return plain(stepIndex, StepAction.PERFORM, FaultKind.BROKEN);
    }
    return switch (random.nextInt(3)) {
      case 0 -> plain(stepIndex, StepAction.PERFORM, FaultKind.NOT_STARTED);
      case 1 ->
          new Fault(
              stepIndex,
              StepAction.PERFORM,
              FaultKind.SLOW,
              minutes(LEAST_SLOWNESS_MINUTES, MOST_SLOWNESS_MINUTES, random),
              1);
      default -> lost(stepIndex, StepAction.PERFORM, movesVolume(step), random);
    };
  }

  private static Fault timed(int stepIndex, Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> plain(stepIndex, StepAction.START, FaultKind.NOT_STARTED);
      case 1 -> lost(stepIndex, StepAction.START, false, random);
      case 2 -> lost(stepIndex, StepAction.STOP, false, random);
      default ->
          new Fault(
              stepIndex,
              StepAction.START,
              FaultKind.OUTAGE,
              minutes(LEAST_OUTAGE_MINUTES, MOST_OUTAGE_MINUTES, random),
              1);
    };
  }

  private static Fault plain(int stepIndex, StepAction action, FaultKind kind) {
    return new Fault(stepIndex, action, kind, Duration.ZERO, 0);
  }

  private static Fault lost(int stepIndex, StepAction action, boolean maybePartly, Random random) {
    double share = random.nextInt(maybePartly ? 3 : 2);
    if (share == 2) {
      // Neither nothing nor all, in tenths.
      share = (1 + random.nextInt(9)) / 10.0;
    }
    return new Fault(stepIndex, action, FaultKind.LOST, Duration.ZERO, share);
  }

  private static boolean movesVolume(Step step) {
    return step.unitOp().parameters().values().get("volume_ml") instanceof Number volume
        && volume.doubleValue() > 0;
  }

  private static Duration minutes(int least, int most, Random random) {
    return Duration.ofMinutes(least + (long) random.nextInt(most - least + 1));
  }
}

package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.cellos.domain.ControlRules.Ruling;
import org.cellos.domain.ControlRules.Situation;
import org.cellos.json.Json;
import org.junit.jupiter.api.Test;

/**
 * Several people ask things of executions at every moment, repeatedly, while processes die between
 * any two of them: what is kept is only what is in the state.
 */
class ControlSimulationTest {
  private static final long SCHEDULES = Long.getLong("cellos.simulation.schedules", 10_000);
  private static final int STEPS = 5;
  private static final int MOMENTS = 40;

  @Test
  void nobodysWishIsLostDoubledOrFollowedTooLate() {
    Long only = Long.getLong("cellos.simulation.seed");
    long first = only == null ? new Random().nextInt(1_000_000) : only;
    long count = only == null ? SCHEDULES : 1;
    int followed = 0;
    int crashes = 0;
    for (long seed = first; seed < first + count; seed++) {
      Schedule schedule = new Schedule(seed);
      try {
        schedule.play();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dcellos.simulation.seed=" + seed + ": " + e.getMessage(), e);
      }
      followed += schedule.followed.size();
      crashes += schedule.crashes;
    }
    System.out.printf(
        "Controls: seeds %d to %d, %d requests followed, %d crashes%n",
        first, first + count - 1, followed, crashes);
    assertThat(followed).isPositive();
    assertThat(crashes).isPositive();
  }

  private static final class Schedule {
    private final Random random;
    private final List<Step> steps;
    private final List<ControlRequest> said = new ArrayList<>();
    private final Set<String> followed = new HashSet<>();
    private final Map<Integer, Integer> begun = new HashMap<>();
    private int crashes;
    private ExecutionState state;
    private boolean isUnderWay;
    private boolean isCancelling;

    Schedule(long seed) {
      random = new Random(new SplittableRandom(seed).nextLong());
      List<UnitOp> unitOps = new ArrayList<>();
      for (int i = 0; i < STEPS; i++) {
        unitOps.add(UnitOp.of("dispense", "Step " + i, Map.of("volume_ml", 5.0)));
      }
      steps = Step.numbered(unitOps);
      state =
          ExecutionState.initial(new Begin(false))
              .begunWith(
                  Collections.nCopies(STEPS, Route.of(RouteKind.HANDLER, EffectClass.ONCE, false)));
    }

    void play() {
      for (int moment = 0; moment < MOMENTS && state.nextStep() < STEPS; moment++) {
        switch (random.nextInt(6)) {
          case 0, 1 -> ask();
          case 2 -> crash();
          case 3 -> isCancelling |= random.nextInt(20) == 0;
          default -> goOn();
        }
      }
      endWithoutPause();
    }

    private void ask() {
      boolean repeats = !said.isEmpty() && random.nextInt(3) == 0;
      ControlRequest request =
          repeats
              ? said.get(random.nextInt(said.size()))
              : new ControlRequest(
                  "request-" + said.size(), random.nextBoolean() ? "ada" : "bob", null, control());
      said.add(request);
      ask(request);
    }

    private void ask(ControlRequest request) {
      Controls before = state.steering();
      Ruling ruling =
          ControlRules.rule(new Situation(steps, state, isUnderWay, isCancelling, false), request);
      if (ruling instanceof Ruling.Accepted accepted) {
        assertThat(followed.add(request.requestId())).as("followed once").isTrue();
        assertThat(isCancelling).as("nothing is followed but the cancel").isFalse();
        state = state.steered(accepted.controls());
        requireNothingBegunIsTouched(before);
      } else if (ruling instanceof Ruling.Known) {
        assertThat(followed).contains(request.requestId());
      }
    }

    private void requireNothingBegunIsTouched(Controls before) {
      int untouchable = state.nextStep() + (isUnderWay ? 1 : 0);
      for (int index = 0; index < untouchable; index++) {
        assertThat(state.steering().edited(steps.get(index)))
            .isEqualTo(before.edited(steps.get(index)));
        assertThat(state.steering().skipOf(index)).isEqualTo(before.skipOf(index));
      }
    }

    private Control control() {
      int step = random.nextInt(STEPS);
      return switch (random.nextInt(6)) {
        case 0 -> new Control.Pause(false);
        case 1 -> new Control.Pause(true);
        case 2 -> new Control.Resume();
        case 3 -> new Control.Skip(step);
        case 4 -> new Control.Edit(step, Parameters.of(Map.of("volume_ml", 1.0 + step)));
        default -> new Control.Retry(step);
      };
    }

    /** Whether the next step had begun is known from the ledger. */
    private void crash() {
      crashes++;
      state = Json.read(Json.write(state), ExecutionState.class);
    }

    private void goOn() {
      int next = state.nextStep();
      if (isUnderWay) {
        isUnderWay = false;
        state = state.atStep(next + 1);
      } else if (!isCancelling && !state.steering().isPauseAsked()) {
        if (state.steering().skipOf(next).isPresent()) {
          state = state.atStep(next + 1);
        } else {
          isUnderWay = true;
          assertThat(begun.merge(next, 1, Integer::sum)).as("begun once").isEqualTo(1);
        }
      }
    }

    private void endWithoutPause() {
      if (!isCancelling && state.steering().isPauseAsked()) {
        ask(new ControlRequest("at the end", "ada", null, new Control.Resume()));
        assertThat(state.steering().isPauseAsked()).as("a resume always helps").isFalse();
      }
      for (int skipped : state.steering().skips().keySet()) {
        assertThat(begun).as("left out").doesNotContainKey(skipped);
      }
    }
  }
}

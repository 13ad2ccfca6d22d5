package org.cellos.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.cellos.activity.Chance.Mishap;
import org.cellos.activity.Chance.Point;
import org.cellos.domain.Choice;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepOutcome;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * The gate, the ledger and the rules under every kind of bad luck: attempts are killed, lost,
 * cancelled and overtaken at every point. A failure names its seed; {@code
 * -Dcellos.simulation.seed=N} plays that one again, and {@code -Dcellos.simulation.schedules=N}
 * plays the first N.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class EffectSimulationTest {
  private static final long SCHEDULES = Long.getLong("cellos.simulation.schedules", 10_000);
  private static final int LANES = 4;
  private static final List<EffectClass> CLASSES = List.of(EffectClass.values());
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          runnable -> {
            Thread thread = new Thread(runnable, "simulated-attempt");
            thread.setDaemon(true);
            return thread;
          });

  private static final Logger GATE = (Logger) LoggerFactory.getLogger(EffectGate.class);

  @TempDir private Path folder;

  @BeforeAll
  static void muteTheGate() {
    GATE.setLevel(Level.OFF);
  }

  @AfterAll
  static void endThreads() {
    GATE.setLevel(null);
    THREADS.shutdownNow();
  }

  @Test
  void noScheduleMovesAnythingTwice() throws Exception {
    Long only = Long.getLong("cellos.simulation.seed");
    long first = only == null ? 1 : only;
    long last = only == null ? SCHEDULES : only;
    // Some at a time, since each waits for the disk most of the time.
    List<Callable<Totals>> lanes =
        IntStream.range(0, LANES)
            .<Callable<Totals>>mapToObj(lane -> () -> playEveryFew(first + lane, last))
            .toList();
    Totals all = new Totals(0, 0, 0);
    for (Future<Totals> lane : THREADS.invokeAll(lanes)) {
      all = all.plus(lane.get());
    }
    all.report("seeds " + first + " to " + last);
    assertThat(all.schedules()).isEqualTo(last - first + 1);
    assertThat(all.questions() > 0 || only != null).isTrue();
  }

  @Test
  void everyMishapAtEveryPointIsSurvivedWhateverThePersonAnswers() {
    Totals all = new Totals(0, 0, 0);
    try (SimulatedMirror mirror = mirror("scripts")) {
      for (Mishap mishap : Mishap.values()) {
        for (Point point : Point.values()) {
          for (EffectClass effectClass : EffectClass.values()) {
            for (boolean timed : new boolean[] {false, true}) {
              all = all.plus(script(mirror, mishap, point, effectClass, timed, false));
              all = all.plus(script(mirror, mishap, point, effectClass, timed, true));
            }
          }
        }
      }
    }
    all.report("one mishap each");
    assertThat(all.questions()).isPositive();
  }

  @Test
  void aLedgerThatForgetsIntentsIsFound() {
    try (SimulatedMirror mirror = mirror("forgetful")) {
      EffectLedger forgetful = new Forgetful(mirror.ledger());
      assertThatThrownBy(
              () -> {
                for (long seed = 1; seed <= 1000; seed++) {
                  play(seed, mirror, forgetful);
                }
              })
          .isInstanceOf(AssertionError.class)
          .hasMessageMatching("(?s)In the schedule of seed \\d+ \\(once\\): \\[moves of .*");
    }
  }

  /** What happened in some schedules. */
  private record Totals(long schedules, long effects, long questions) {
    Totals plus(Totals other) {
      return new Totals(
          schedules + other.schedules, effects + other.effects, questions + other.questions);
    }

    void report(String which) {
      System.out.printf(
          "Simulated %d schedules (%s): %d effects, %d questions%n",
          schedules, which, effects, questions);
    }
  }

  private Totals playEveryFew(long first, long last) {
    Totals all = new Totals(0, 0, 0);
    try (SimulatedMirror mirror = mirror("seeds-" + first)) {
      for (long seed = first; seed <= last; seed += LANES) {
        all = all.plus(play(seed, mirror, mirror.ledger()));
      }
    }
    return all;
  }

  private static Totals play(long seed, SimulatedMirror mirror, EffectLedger ledger) {
    Chance chance = Chance.ofSeed(seed);
    // Most schedules with what must not be repeated: that is where the danger is.
    EffectClass effectClass =
        chance.below(3) > 0 ? EffectClass.ONCE : CLASSES.get(chance.below(CLASSES.size()));
    return play("seed " + seed, chance, effectClass, chance.below(2) == 0, mirror, ledger);
  }

  private static Totals script(
      SimulatedMirror mirror,
      Mishap mishap,
      Point point,
      EffectClass effectClass,
      boolean timed,
      boolean latestFirst) {
    Totals all = new Totals(0, 0, 0);
    for (Choice choice : Choice.values()) {
      Totals one =
          play(
              String.format("%s %s %s %s %s", mishap, point, choice, timed, latestFirst),
              Chance.script(mishap, point, choice, latestFirst),
              effectClass,
              timed,
              mirror,
              mirror.ledger());
      all = all.plus(one);
      if (one.questions() == 0) {
        // Nobody was asked, so other answers would change nothing.
        break;
      }
    }
    return all;
  }

  private static Totals play(
      String name,
      Chance chance,
      EffectClass effectClass,
      boolean timed,
      SimulatedMirror mirror,
      EffectLedger ledger) {
    try {
      SimulatedExecution.Summary summary =
          new SimulatedExecution(mirror, ledger, chance, effectClass, timed, THREADS).run();
      return new Totals(1, summary.effects(), summary.questions());
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "In the schedule of " + name + " (" + effectClass + "): " + e.getMessage(), e);
    }
  }

  private SimulatedMirror mirror(String name) {
    return new SimulatedMirror(folder.resolve(name + ".db"));
  }

  /** Forgets every intent: it lets everybody go on. */
  private record Forgetful(EffectLedger ledger) implements EffectLedger {
    @Override
    public Permission claim(EffectKey key, EffectClass effectClass, Claimant claimant) {
      return ledger.claim(key, EffectClass.IDEMPOTENT, claimant);
    }

    @Override
    public boolean stands(EffectKey key, Claimant claimant) {
      return ledger.stands(key, claimant);
    }

    @Override
    public void withdraw(EffectKey key, Claimant claimant) {
      ledger.withdraw(key, claimant);
    }

    @Override
    public Instant close(EffectKey key, Claimant claimant, StepOutcome outcome) {
      return ledger.close(key, claimant, outcome);
    }

    @Override
    public LedgerEntry read(EffectKey key, String engineId) {
      LedgerEntry entry = ledger.read(key, engineId);
      return entry instanceof LedgerEntry.Open ? new LedgerEntry.Absent() : entry;
    }
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Row 7: a process stands still for longer than anybody waits for it, and then goes on. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class FrozenWorkerIT {
  /** Three times the heartbeat timeout. */
  private static final int FROZEN_SECONDS = 45;

  /** Frozen ones cost nothing: all at once, but not all awake. */
  private static final int ALL = 100;

  private static final Semaphore AWAKE = new Semaphore(3);

  private static final String PROTOCOL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: scan_slowly, parameters: {seconds: 2}}
        - {operation: dispense, reagent: medium, volume_ml: 5.0, to: vessel}
        - {operation: incubate, vessel: vessel, minutes: 30, temperature_c: 37.0}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  private static final int EFFECTS = 5;

  private static final List<String> POINTS =
      List.of("after-intent", "after-effect", "before-reply");

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @Test
  void aProcessThatStoodStillDoesNothingTwice() throws Exception {
    new Row("7 SIGSTOP, SIGCONT", folder, ALL).perform(FrozenWorkerIT::freeze);
  }

  /** Only a server that outlives the frozen one gives its work to another. */
  @Test
  void aZombieSendsNothingMore() throws Exception {
    new Row("7 SIGSTOP beside another worker", folder, ALL)
        .on(BenchEngine.MANAGED)
        .perform(FrozenWorkerIT::freezeBesideAnother);
  }

  private static void freezeBesideAnother(Bench bench) throws Exception {
    bench.write("small.yaml", PROTOCOL);
    String point = POINTS.get((int) (bench.seed() % POINTS.size()));
    int passing = 1 + bench.random().nextInt(EFFECTS);
    Path standing = bench.file("standing");
    AWAKE.acquire();
    JarProcess zombie;
    JarProcess another;
    try {
      zombie =
          bench.worker(
              List.of(
                  ChaosObserver.STOP_AT + "=" + point,
                  ChaosObserver.KILL_ON + "=" + passing,
                  ChaosObserver.STANDING + "=" + standing),
              "");
      Bench.Result detached =
          bench.process("run --protocol small.yaml --execute --speed-up 900 --id x --detach");
      assertThat(detached.exitCode()).as(detached.err()).isZero();
      Bench.until(() -> Files.exists(standing));
      bench.freeze(zombie);
      Files.delete(standing);
      another = bench.worker();
    } finally {
      AWAKE.release();
    }
    List<LedgerRow> ledger = bench.history().ledger();
    LedgerRow frozen = ledger.get(ledger.size() - 1);
    boolean isDone = bench.effects().stream().anyMatch(frozen::isOf);
    long frozenUntil = System.nanoTime() + TimeUnit.SECONDS.toNanos(FROZEN_SECONDS);
    while (System.nanoTime() < frozenUntil) {
      if (bench.history().status("x").equals("paused")) {
        GoingOn.answerWhatIsOpen(bench, "x");
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
    if (point.equals("before-reply")) {
      assertThat(bench.history().texts("SELECT decision_id FROM decisions")).isEmpty();
    } else {
      // Each poll that the frozen one left open may swallow a task for ten seconds.
      Bench.until(
          () ->
              bench
                  .history()
                  .texts("SELECT step_index FROM decisions")
                  .contains(String.valueOf(frozen.stepIndex())));
    }

    AWAKE.acquire();
    try {
      zombie.signal("CONT");
      bench.answerUntilEnded("x");
      Bench.stop(zombie);
      Bench.stop(another);
      assertThat(bench.effects().stream().filter(frozen::isOf))
          .as("effects of %s, frozen %s", frozen, point)
          .hasSize(isDone ? 1 : 0);
    } finally {
      AWAKE.release();
    }
  }

  private static void freeze(Bench bench) throws Exception {
    bench.write("small.yaml", PROTOCOL);
    AWAKE.acquire();
    JarProcess frozen;
    try {
      // The incubation takes two seconds as well, so that most moments are in a step.
      frozen = bench.start("run --protocol small.yaml --execute --speed-up 900 --id x");
      int before = bench.random().nextInt(EFFECTS);
      Bench.until(() -> bench.effects().size() >= before);
      Thread.sleep(bench.random().nextInt(1000));
      bench.freeze(frozen);
    } finally {
      AWAKE.release();
    }
    boolean anotherLooks = bench.seed() % 4 == 0;
    JarProcess another = anotherLooks ? bench.start("worker") : null;
    int effects = bench.effects().size();
    TimeUnit.SECONDS.sleep(FROZEN_SECONDS);
    assertThat(bench.effects()).as("nobody else goes on with it").hasSize(effects);
    AWAKE.acquire();
    try {
      frozen.signal("CONT");
      int exitCode = frozen.exitCode();
      assertThat(exitCode).as(frozen.err()).isIn(GoingOn.DONE, GoingOn.ASKS);
      if (another != null) {
        another.signal("TERM");
        assertThat(another.exitCode()).as(another.err()).isZero();
      }
      while (bench.history().status("x").equals("paused")) {
        GoingOn.answerWhatIsOpen(bench, "x");
      }
      JsonNode execution = bench.show("x");
      if (execution.path("decisions").isEmpty()) {
        assertThat(execution.path("status").asText()).isEqualTo("completed");
        assertThat(bench.effects()).hasSize(EFFECTS);
      }
    } finally {
      AWAKE.release();
    }
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 10 to 12: the Temporal server stands still, dies, or forgets. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class LostServerIT {
  /** A dead worker's step must not look as if it went on for longer, while a worker lives. */
  private static final Duration LONGEST_RUNNING = Duration.ofSeconds(30);

  /** The short one does not reach the heartbeat timeout, the long one exceeds it. */
  private static final Duration SHORT = Duration.ofSeconds(4);

  /** Several, each of which waits for the server's answer. */
  private static final Duration LOOKS_OF_A_WORKER = Duration.ofSeconds(15);

  private static final Duration LONG = Duration.ofSeconds(20);

  private static final int MOSTLY_WAITING = 6;

  private static final String PROTOCOL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: scan_slowly, parameters: {seconds: %s}}
        - {operation: dispense, reagent: medium, volume_ml: 5.0, to: vessel}
        - {operation: incubate, vessel: vessel, minutes: 30, temperature_c: 37.0}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  private static final int EFFECTS = 5;

  private static final List<String> POINTS =
      List.of("after-intent", "after-effect", "before-reply", "in-mirror-tx");

  @TempDir private Path folder;

  /** What happens to the server. */
  private enum Outage {
    KILLED {
      @Override
      void happen(BenchServer server, Duration duration) throws Exception {
        server.keepDead(duration);
      }
    },
    STOPPED {
      @Override
      void happen(BenchServer server, Duration duration) throws Exception {
        server.signal("STOP");
        TimeUnit.MILLISECONDS.sleep(duration.toMillis());
        server.signal("CONT");
      }
    };

    abstract void happen(BenchServer server, Duration duration) throws Exception;
  }

  private static Stream<Outage> outages() {
    return Row.isWholeSuite() ? Stream.of(Outage.values()) : Stream.of(Outage.KILLED);
  }

  @ParameterizedTest
  @MethodSource("outages")
  void aShortOutageIsNotNoticed(Outage outage) throws Exception {
    new Row("10 server " + outage + " for 4 s", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              JarProcess run = outage(bench, outage, SHORT, 5);

              assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
              assertThat(bench.effects()).hasSize(EFFECTS);
              assertThat(bench.show("x").path("decisions")).isEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("outages")
  void aWorkerOutlivesAnOutageWhileSomebodyPauses(Outage outage) throws Exception {
    new Row("10 server " + outage + " in a pause", folder, 1)
        .on(BenchEngine.MANAGED)
        .forEvery(3)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess worker = bench.worker();
              Bench.succeed(bench.process(Protocols.RUN_SLOWLY + "x --detach"));
              bench.untilResting("x");
              Bench.succeed(bench.process("pause x --now"));
              Bench.until(() -> bench.history().status("x").equals("paused"));

              outage.happen(bench.server(), LOOKS_OF_A_WORKER);

              assertThat(worker.isAlive()).as(worker.err()).isTrue();
              GoingOn.toTheEnd(bench, "x");
              Bench.stop(worker);
            });
  }

  @ParameterizedTest
  @MethodSource("outages")
  void whatEndsInALongOutageIsRecordedAfterIt(Outage outage) throws Exception {
    new Row("11 server " + outage + " for 20 s", folder, MOSTLY_WAITING)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              JarProcess run = outage(bench, outage, LONG, 6);

              assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
              if (outage == Outage.KILLED) {
                assertThat(run.err()).contains("does not answer").contains("answers again");
              }
              assertThat(bench.effects()).hasSize(EFFECTS);
              assertThat(bench.show("x").path("decisions")).isEmpty();
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("outages")
  void whatGoesOnThroughALongOutageHappensOnce(Outage outage) throws Exception {
    new Row("11 step longer than " + outage, folder, MOSTLY_WAITING)
        .on(BenchEngine.MANAGED)
        .forEvery(2)
        .perform(
            bench -> {
              JarProcess run = outage(bench, outage, LONG, 35);

              assertThat(run.exitCode()).as(run.err()).isIn(GoingOn.DONE, GoingOn.ASKS);
              bench.answerUntilEnded("x");
              if (bench.history().status("x").equals("completed")) {
                assertThat(bench.effects())
                    .filteredOn(effect -> effect.epoch() == 1)
                    .hasSize(EFFECTS);
              }
            });
  }

  /** Begins an execution, and lets the server fail at some moment of it. */
  private static JarProcess outage(Bench bench, Outage outage, Duration duration, int scanSeconds)
      throws Exception {
    bench.write("small.yaml", PROTOCOL.formatted(scanSeconds));
    JarProcess run = bench.start("run --protocol small.yaml --execute --speed-up 900 --id x");
    // Mostly in the scan, which takes longest.
    int before = bench.random().nextInt(4) == 0 ? bench.random().nextInt(EFFECTS) : 2;
    Bench.until(
        () ->
            bench.effects().size() >= before
                && bench.history().status("x").matches("running|completed"));
    TimeUnit.MILLISECONDS.sleep(bench.random().nextInt(1000));
    outage.happen(bench.server(), duration);
    return run;
  }

  @Test
  void workerAndServerDieTogether() throws Exception {
    new Row("11 worker and server killed", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              killBoth(bench);
              goOn(bench);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void aServerThatComesBackEmptyIsOpenedAnew() throws Exception {
    new Row("12 empty under a worker", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              bench.write("small.yaml", PROTOCOL.formatted(1));
              JarProcess worker = bench.worker();
              Bench.Result begun =
                  bench.process("run --protocol small.yaml --execute --id x --detach");
              assertThat(begun.exitCode()).as(begun.err()).isZero();

              bench.server().killAndForget();

              bench.answerUntilEnded("x");
              Bench.Result next =
                  bench.process("run --protocol small.yaml --execute --speed-up 100000 --id y");
              assertThat(next.exitCode()).as(next.err()).isEqualTo(GoingOn.DONE);
              Bench.stop(worker);
            });
  }

  @Test
  void aDeletedServerDatabaseIsNotMissed() throws Exception {
    new Row("12 server's database deleted", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              killBoth(bench);
              bench.server().deleteFiles();
              goOn(bench);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void aForgottenHistoryIsNotMissed() throws Exception {
    new Row("12 history past its retention", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              killWorker(bench);
              Bench.Result deleted = bench.server().temporal("workflow delete -w x");
              assertThat(deleted.exitCode()).as(deleted.out()).isZero();
              Bench.until(() -> bench.server().temporal("workflow describe -w x").exitCode() != 0);
              goOn(bench);
            });
  }

  private static void killWorker(Bench bench) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    Random random = bench.random();
    String point = POINTS.get(random.nextInt(POINTS.size()));
    // Not before the execution is recorded: what nobody has heard of is not resumed.
    int passing = point.equals("in-mirror-tx") ? 5 + random.nextInt(20) : 1 + random.nextInt(4);
    JarProcess run =
        bench.start(
            List.of(ChaosObserver.KILL_AT + "=" + point, ChaosObserver.KILL_ON + "=" + passing),
            Protocols.RUN + "x");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ChaosObserver.KILLED);
  }

  private static void killBoth(Bench bench) throws Exception {
    killWorker(bench);
    bench.server().kill();
    Bench.until(() -> !bench.server().isAlive());
  }

  /** By a worker or by the same command, and without a second effect of anything. */
  private static void goOn(Bench bench) throws Exception {
    List<Effect> effects = bench.effects();
    boolean isUnknown = bench.history().ledger().stream().anyMatch(LedgerRow::open);
    int command = bench.random().nextInt(3);
    JarProcess worker = command == 0 ? bench.worker() : null;
    if (worker != null) {
      long begun = System.nanoTime();
      Bench.until(
          LONGEST_RUNNING,
          () ->
              bench.history().status("x").matches("completed|failed")
                  || !SeededPerson.openQuestions(bench.show("x")).isEmpty());
      System.out.printf(
          "went on after %d ms, seed %d%n",
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun), bench.seed());
    } else {
      Bench.Result result =
          bench.process(command == 1 ? Protocols.RUN + "x" : "execute x --execute");
      assertThat(result.exitCode())
          .as(result.err())
          .isEqualTo(isUnknown ? GoingOn.ASKS : GoingOn.DONE);
    }
    assertThat(SeededPerson.openQuestions(bench.show("x"))).hasSize(isUnknown ? 1 : 0);
    if (isUnknown) {
      assertThat(bench.effects()).as("nothing is repeated").isEqualTo(effects);
    }
    bench.answerUntilEnded("x");
    if (worker != null) {
      Bench.stop(worker);
    }
    if (!isUnknown) {
      assertThat(bench.history().status("x")).isEqualTo("completed");
      assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
    }
  }
}

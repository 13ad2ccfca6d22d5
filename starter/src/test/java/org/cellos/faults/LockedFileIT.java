package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 16 and 17: the history is another program's for a while, or many want it at once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class LockedFileIT {
  private static final int WRITERS = 8;
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** A speed-up with as many in the incubator. */
  private static final int TWO_SECONDS = 900;

  /** So long that a write of the 6 s old rest gives up waiting: that takes 15 s. */
  private static final Duration LONG = Duration.ofSeconds(Row.isWholeSuite() ? 60 : 25);

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aLockOfThreeSecondsIsInvisible(BenchEngine engine) throws Exception {
    new Row("16 locked for 3 s", folder, 1)
        .on(engine)
        .once(
            bench -> {
              // Its end is to be recorded while the file is locked.
              JarProcess run = bench.startAndRest("x", TWO_SECONDS);
              bench
                  .history()
                  .betweenTransactions(
                      () -> {
                        assertThat(bench.effects()).hasSize(Protocols.EFFECTS_BEFORE_REST);
                        TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());
                        assertThat(bench.effects()).hasSize(Protocols.EFFECTS_BEFORE_REST);
                      });

              isDoneUnnoticed(bench, run);
              assertThat(bench.history().texts("SELECT error_code FROM step_attempts"))
                  .hasSize(Protocols.CALLS_OF_SMALL)
                  .containsOnlyNulls();
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void physicalStepsWaitWhileItIsLockedForLong(BenchEngine engine) throws Exception {
    new Row("16 locked for " + LONG.toSeconds() + " s", folder, 1)
        .on(engine)
        .once(
            bench -> {
              JarProcess run = bench.startAndRest("x", Protocols.SIX_SECONDS);
              bench
                  .history()
                  .betweenTransactions(
                      () -> {
                        // People can read meanwhile, and what they write is refused in words.
                        assertThat(bench.show("x").path("status").asText()).isEqualTo("running");
                        Bench.Result note = bench.process("note x too_warm_in_here");
                        assertThat(note.exitCode()).isNotZero();
                        assertThat(note.err()).doesNotContain("SQLITE", "database is locked");
                        await()
                            .during(LONG)
                            .atMost(LONG.multipliedBy(2))
                            .until(() -> bench.effects().size() == Protocols.EFFECTS_BEFORE_REST);
                      });

              isDoneUnnoticed(bench, run);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aWorkerWithoutWorkSaysSoAndIsNotHealthyMeanwhile(BenchEngine engine) throws Exception {
    new Row("16 locked under an idle worker", folder, 1)
        .on(engine)
        .once(
            bench -> {
              JarProcess worker = bench.worker(List.of(), "--healthy-file healthy");
              Path healthy = bench.file("healthy");
              Bench.until(() -> Files.exists(healthy));
              bench
                  .history()
                  .betweenTransactions(
                      () -> {
                        Bench.until(() -> worker.err().contains("No physical step begins for now"));
                        FileTime last = Files.getLastModifiedTime(healthy);
                        await()
                            .during(Duration.ofSeconds(5))
                            .until(() -> Files.getLastModifiedTime(healthy).equals(last));
                      });
              FileTime locked = Files.getLastModifiedTime(healthy);

              Bench.until(() -> worker.err().contains("The history can be used again."));
              Bench.until(() -> Files.getLastModifiedTime(healthy).compareTo(locked) > 0);
              Bench.stop(worker);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void eightProcessesWriteAtOnce(BenchEngine engine) throws Exception {
    new Row("17 eight writers", folder, 1)
        .on(engine)
        .forEvery(5)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              List<JarProcess> runs = new ArrayList<>();
              for (int i = 0; i < WRITERS; i++) {
                runs.add(bench.start(Protocols.RUN + "x" + i));
              }
              for (JarProcess run : runs) {
                isDone(run);
              }
              assertThat(bench.effects()).hasSize(WRITERS * Protocols.EFFECTS_OF_SMALL);
              assertThat(bench.history().texts("SELECT status FROM executions"))
                  .hasSize(WRITERS)
                  .containsOnly("completed");
            });
  }

  private static void isDoneUnnoticed(Bench bench, JarProcess run) throws Exception {
    isDone(run);
    assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
    assertThat(bench.history().texts("SELECT decision_id FROM decisions")).isEmpty();
  }

  private static void isDone(JarProcess run) throws Exception {
    GoingOn.isDone(run);
    assertThat(run.err()).doesNotContain("SQLITE", "database is locked");
  }
}

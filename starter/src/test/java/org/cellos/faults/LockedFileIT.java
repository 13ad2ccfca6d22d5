package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 16 and 17: the history is another program's for a while, or many want it at once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LockedFileIT {
  private static final int WRITERS = 8;
  private static final Duration SHORT = Duration.ofSeconds(3);

  /** Many times as long as a write waits for others. */
  private static final Duration LONG = Duration.ofSeconds(Row.isWholeSuite() ? 60 : 15);

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aLockOfThreeSecondsIsInvisible(BenchEngine engine) throws Exception {
    new Row("16 locked for 3 s", folder, 1)
        .on(engine)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess run = bench.start(Protocols.RUN_SLOWLY + "x");
              bench.untilResting("x");
              lockedFor(bench, SHORT);

              isDoneUnnoticed(bench, run);
              assertThat(bench.history().texts("SELECT error_code FROM step_attempts"))
                  .hasSize(Protocols.CALLS_OF_SMALL)
                  .containsOnlyNulls();
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void physicalStepsWaitWhileItIsLockedForLong(BenchEngine engine) throws Exception {
    new Row("16 locked for " + LONG.toSeconds() + " s", folder, 1)
        .on(engine)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess run = bench.start(Protocols.RUN_SLOWLY + "x");
              bench.untilResting("x");
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

  private static void lockedFor(Bench bench, Duration duration) throws Exception {
    bench.history().betweenTransactions(() -> TimeUnit.MILLISECONDS.sleep(duration.toMillis()));
  }

  private static void isDoneUnnoticed(Bench bench, JarProcess run) throws Exception {
    isDone(run);
    assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
    assertThat(bench.history().texts("SELECT decision_id FROM decisions")).isEmpty();
  }

  private static void isDone(JarProcess run) throws Exception {
    assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
    assertThat(run.err()).doesNotContain("SQLITE", "database is locked");
  }
}

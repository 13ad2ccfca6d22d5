package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 9 and 29: several processes work on one history at once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SharedHistoryIT {
  private static final int EXECUTIONS = 12;
  private static final int COMMANDS = 6;

  private static final String PROTOCOL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: scan_slowly, parameters: {seconds: 1}}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  private static final int EFFECTS = 3;

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @Test
  void twoWorkersServeOneQueue() throws Exception {
    new Row("9 two workers, one queue, one file", folder, 1)
        .on(BenchEngine.MANAGED)
        .forEvery(3)
        .perform(
            bench -> {
              bench.write("small.yaml", PROTOCOL);
              JarProcess one = bench.worker();
              JarProcess two = bench.worker();
              for (int i = 0; i < EXECUTIONS; i++) {
                Bench.Result detached = bench.here(Protocols.RUN + "x" + i + " --detach");
                assertThat(detached.exitCode()).as(detached.err()).isZero();
              }

              Bench.until(
                  () ->
                      bench
                              .history()
                              .texts(
                                  "SELECT execution_id FROM executions WHERE status = 'completed'")
                              .size()
                          == EXECUTIONS);

              assertThat(bench.history().texts("SELECT DISTINCT worker FROM step_attempts"))
                  .as("who performed steps")
                  .hasSize(2);
              assertThat(bench.history().texts("SELECT attempt FROM step_attempts"))
                  .hasSize(EXECUTIONS * EFFECTS)
                  .containsOnly("1");
              assertThat(bench.effects()).hasSize(EXECUTIONS * EFFECTS);
              Bench.stop(one);
              Bench.stop(two);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void twelveCommandsAtOnceAreSevenExecutions(BenchEngine engine) throws Exception {
    new Row("29 six runs, six of one id", folder, 1)
        .on(engine)
        .forEvery(5)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              List<JarProcess> runs = new ArrayList<>();
              List<JarProcess> same = new ArrayList<>();
              for (int i = 0; i < COMMANDS; i++) {
                runs.add(bench.start("run --protocol small.yaml --execute --speed-up 100000"));
                same.add(bench.start(Protocols.RUN + "x"));
              }
              for (JarProcess run : runs) {
                assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
              }
              for (JarProcess run : same) {
                // Who comes when it is over is told so.
                assertThat(run.exitCode()).as(run.err()).isIn(GoingOn.DONE, GoingOn.REFUSED);
              }

              assertThat(bench.history().texts("SELECT status FROM executions"))
                  .hasSize(COMMANDS + 1)
                  .containsOnly("completed");
              assertThat(bench.effects()).hasSize((COMMANDS + 1) * Protocols.EFFECTS_OF_SMALL);
              assertThat(bench.said()).doesNotContainIgnoringCase("database is locked");
            });
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 8: a worker is asked to stop in the middle of a long step. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DrainingWorkerIT {
  private static final String PROTOCOL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: scan_slowly, parameters: {seconds: 2}}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  private static final int MOSTLY_WAITING = 6;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void theStepEndsTheExitCodeIsZeroAndNothingIsUnknown(BenchEngine engine) throws Exception {
    new Row("8 SIGTERM in a long step", folder, MOSTLY_WAITING)
        .on(engine)
        .perform(
            bench -> {
              bench.write("small.yaml", PROTOCOL);
              JarProcess killed =
                  bench.start(
                      List.of(ChaosObserver.KILL_AT + "=before-reply"), Protocols.RUN + "x");
              assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
              JarProcess worker = bench.start("worker");
              Bench.until(() -> bench.effects().size() == 2);
              // Anywhere in the two seconds that the scan takes.
              Thread.sleep(bench.random().nextInt(1500));

              worker.signal("TERM");

              assertThat(worker.exitCode()).as(worker.err()).isZero();
              assertThat(bench.history().ledger()).hasSize(2).allMatch(LedgerRow::completed);
              assertThat(bench.effects()).hasSize(2);
              assertThat(bench.cellos("execute x --execute").exitCode()).isZero();
              assertThat(bench.show("x").path("decisions")).isEmpty();
              assertThat(bench.effects()).hasSize(3);
            });
  }
}

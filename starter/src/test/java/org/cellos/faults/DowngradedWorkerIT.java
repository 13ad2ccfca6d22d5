package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Row 34: who goes on lacks a handler that was there at the begin. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DowngradedWorkerIT {
  private static final int SCAN = 1;

  private static final String PROTOCOL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: scan_slowly, parameters: {seconds: 0.1}}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  @TempDir private Path folder;

  @Test
  void aMissingHandlerFailsTheStepAndIsNeverPlayedDown() throws Exception {
    new Row("34 handler missing", folder)
        .perform(
            bench -> {
              bench.write("small.yaml", PROTOCOL);
              boolean inTheScan = bench.random().nextBoolean();
              JarProcess killed =
                  bench.start(
                      List.of(
                          ChaosObserver.KILL_AT + (inTheScan ? "=after-intent" : "=before-reply"),
                          ChaosObserver.KILL_ON + (inTheScan ? "=2" : "=1")),
                      Protocols.RUN + "x");
              assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
              List<Effect> effects = bench.effects();

              JarProcess released = bench.startReleased(List.of(), "execute x --execute");
              if (inTheScan) {
                assertThat(released.exitCode()).as(released.err()).isEqualTo(GoingOn.ASKS);
                released = bench.startReleased(List.of(), "decide x again --by seed");
              }

              assertThat(released.exitCode()).as(released.err()).isEqualTo(GoingOn.FAILED);
              assertThat(bench.effects()).isEqualTo(effects).hasSize(1);
              JsonNode scan = bench.show("x").path("steps").path(SCAN);
              assertThat(scan.path("status").asText()).isEqualTo("failed");
              assertThat(scan.path("result").path("generic").asBoolean()).isFalse();
              assertThat(
                      bench
                          .history()
                          .texts("SELECT error_code FROM step_outcomes WHERE step_index = " + SCAN))
                  .containsExactly("HANDLER_MISSING");
            });
  }
}

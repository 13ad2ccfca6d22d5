package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 18: the disk with the history is full, and there is room again later. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class FullDiskIT {
  private static final String INTENTS =
      "SELECT execution_id || ' ' || step_index || ' ' || action || ' ' || epoch"
          + " FROM effect_ledger";

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void physicalStepsWaitUntilThereIsRoomAgain(BenchEngine engine) throws Exception {
    SmallDisk.require(folder);
    new Row("18 full disk", folder, 1)
        .on(engine)
        // While the disk is there, which is not so long.
        .judgedBy(bench -> {})
        .once(FullDiskIT::fillUpAndFree);
  }

  private static void fillUpAndFree(Bench bench) throws Exception {
    // With a managed server its database is on the same disk.
    try (SmallDisk disk = new SmallDisk(bench.database().getParent(), 32)) {
      try {
        JarProcess run = bench.startAndRest("x", Protocols.SIX_SECONDS);
        disk.fill();
        List<String> acknowledged = bench.history().texts(INTENTS);

        // Longer than the incubation and several attempts after it.
        await()
            .during(Duration.ofSeconds(20))
            .atMost(Duration.ofSeconds(60))
            .until(() -> bench.effects().size() == Protocols.EFFECTS_BEFORE_REST);
        assertThat(bench.history().texts(INTENTS)).containsAll(acknowledged);
        assertThat(bench.history().status("x")).isEqualTo("running");
        disk.free();

        GoingOn.isDone(run);
        assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
        assertThat(bench.history().texts(INTENTS)).containsAll(acknowledged);
        assertThat(bench.history().texts("SELECT decision_id FROM decisions")).isEmpty();
        Invariants.hold(bench);
      } finally {
        bench.end(bench.server());
      }
    }
  }
}

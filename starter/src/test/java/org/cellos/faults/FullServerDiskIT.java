package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Row 13: the disk with the Temporal server's database is full. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class FullServerDiskIT {
  private static final Duration SAID_WITHIN = Duration.ofSeconds(15);
  private static final int NO_TEMPORAL = 5;

  @TempDir private Path folder;

  @Test
  void aStartOnAFullDiskIsRefusedInTime() throws Exception {
    row("13 start on a full disk").once(FullServerDiskIT::startOnFullDisk);
  }

  @Test
  void whatWasBegunGoesOnWhenThereIsRoomAgain() throws Exception {
    row("13 the server's disk fills up").once(FullServerDiskIT::fillUpAndFree);
  }

  /** Judged as long as its disk is there, on which the bench's usual server is not. */
  private Row row(String name) throws Exception {
    SmallDisk.require(folder);
    return new Row(name, folder, 1).on(BenchEngine.MANAGED).judgedBy(bench -> {});
  }

  private static void startOnFullDisk(Bench bench) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    try (SmallDisk small = new SmallDisk(bench.file("disk"), 1)) {
      small.fill();

      long begun = System.nanoTime();
      Bench.Result refused = bench.process(Protocols.RUN + "x" + serverOn(bench));

      assertThat(System.nanoTime() - begun).isLessThan(SAID_WITHIN.toNanos());
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(NO_TEMPORAL);
      assertThat(refused.err()).contains("temporal.db", "disk");
      assertThat(bench.effects()).isEmpty();
    }
  }

  private static void fillUpAndFree(Bench bench) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    BenchServer server = new BenchServer(bench.file("disk/temporal.db"));
    try (SmallDisk small = new SmallDisk(bench.file("disk"), 24)) {
      try {
        // As it is released: what it says must reach people.
        JarProcess run =
            bench.startReleased(List.of(), Protocols.RUN_SLOWLY + "x" + serverOn(bench));
        bench.untilResting("x");
        small.fill();
        long full = System.nanoTime();

        Bench.until(SAID_WITHIN, () -> run.err().contains("temporal.db, is full"));
        System.out.printf(
            "said after %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - full));
        int effects = bench.effects().size();

        small.free();

        GoingOn.isDone(run);
        assertThat(run.err()).contains("There is room again");
        assertThat(effects).isEqualTo(Protocols.EFFECTS_BEFORE_REST);
        assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
        Invariants.holdOfItself(bench);
        Invariants.holdAgainstTemporal(bench, serverOn(bench));
      } finally {
        bench.end(server);
      }
    }
  }

  private static String serverOn(Bench bench) {
    return " --engine managed --engine-db " + bench.file("disk/temporal.db");
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Row 13: the disk with the Temporal server's database is full. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FullServerDiskIT {
  private static final Duration SAID_WITHIN = Duration.ofSeconds(15);

  @TempDir private Path folder;

  /** A small disk of its own, which only the superuser of a Linux can make. */
  private static final class SmallDisk implements AutoCloseable {
    private final Path mountPoint;

    SmallDisk(Path mountPoint, int megabytes) throws Exception {
      this.mountPoint = Files.createDirectories(mountPoint);
      boolean mounted =
          Files.isDirectory(Path.of("/proc/self"))
              && run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs") == 0;
      Assumptions.assumeTrue(mounted, "a small disk can only be made by root on Linux");
    }

    private int run(String... command) throws IOException, InterruptedException {
      String[] line = java.util.Arrays.copyOf(command, command.length + 1);
      line[command.length] = mountPoint.toString();
      return new ProcessBuilder(line)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }

    void fill() throws IOException {
      try (OutputStream out = Files.newOutputStream(mountPoint.resolve("filler"))) {
        byte[] block = new byte[4096];
        while (true) {
          out.write(block);
        }
      } catch (IOException e) {
        // Full.
        assertThat(mountPoint.resolve("filler")).exists();
      }
    }

    void free() throws IOException {
      Files.delete(mountPoint.resolve("filler"));
    }

    @Override
    public void close() throws IOException {
      try {
        run("umount", "-l");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Test
  void aStartOnAFullDiskIsRefusedInTime() throws Exception {
    BenchEngine.MANAGED.require();
    Path disk = folder.resolve("disk");
    try (SmallDisk small = new SmallDisk(disk, 1);
        Bench bench = new Bench(folder, 1, BenchEngine.MANAGED)) {
      bench.write("small.yaml", Protocols.SMALL);
      small.fill();
      String command = Protocols.RUN + "x --engine-db " + disk.resolve("temporal.db");

      long begun = System.nanoTime();
      Bench.Result refused = bench.process(command);

      assertThat(System.nanoTime() - begun).isLessThan(SAID_WITHIN.toNanos());
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(5);
      assertThat(refused.err()).contains("temporal.db", "disk");
      assertThat(bench.effects()).isEmpty();
    }
  }

  @Test
  void whatWasBegunGoesOnWhenThereIsRoomAgain() throws Exception {
    BenchEngine.MANAGED.require();
    Path disk = folder.resolve("disk");
    try (SmallDisk small = new SmallDisk(disk, 24);
        Bench bench = new Bench(folder, 1, BenchEngine.MANAGED)) {
      bench.write("small.yaml", Protocols.SMALL);
      BenchServer server = new BenchServer(disk.resolve("temporal.db"));
      try {
        JarProcess run =
            // As it is released: what it says must reach people.
            bench.startReleased(
                List.of(),
                "run --protocol small.yaml --execute --speed-up 100 --id x --engine-db "
                    + disk.resolve("temporal.db"));
        Bench.until(
            () ->
                bench.history().ledger().stream()
                    .anyMatch(row -> row.action().equals("start") && row.completed()));
        small.fill();
        long full = System.nanoTime();

        Bench.until(SAID_WITHIN, () -> run.err().contains("temporal.db, is full"));
        System.out.printf(
            "said after %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - full));
        int effects = bench.effects().size();

        small.free();

        assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
        assertThat(run.err()).contains("There is room again");
        assertThat(effects).isEqualTo(Protocols.EFFECTS_OF_SMALL - 1);
        assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
        Invariants.hold(bench);
      } finally {
        server.kill();
      }
    }
  }
}

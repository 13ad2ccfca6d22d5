package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A small disk of its own, which only the superuser of a Linux can make. */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK_BYTES = 4096;

  private final Path mountPoint;

  SmallDisk(Path mountPoint, int megabytes) throws Exception {
    this.mountPoint = Files.createDirectories(mountPoint);
    assertThat(run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs")).isZero();
  }

  /** Skips the test where none can be made, with a reason; in CI that is a failure. */
  static void require(Path folder) throws Exception {
    boolean canBeMade;
    try (SmallDisk tried = new SmallDisk(folder.resolve("tried"), 1)) {
      canBeMade = Files.isDirectory(tried.mountPoint);
    } catch (IOException | AssertionError e) {
      canBeMade = false;
    }
    String reason = "a small disk can only be made by root on Linux";
    if (!canBeMade && Row.isCi()) {
      fail("%s", reason);
    }
    Assumptions.assumeTrue(canBeMade, reason);
  }

  void fill() throws IOException {
    try (OutputStream out = Files.newOutputStream(filler())) {
      byte[] block = new byte[BLOCK_BYTES];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // Full.
      assertThat(filler()).exists();
    }
  }

  void free() throws IOException {
    Files.delete(filler());
  }

  private Path filler() {
    return mountPoint.resolve("filler");
  }

  private int run(String... command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(command));
    line.add(mountPoint.toString());
    return new ProcessBuilder(line)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
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

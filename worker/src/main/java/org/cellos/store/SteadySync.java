package org.cellos.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Brings a growing file to the disk bit by bit. All of it at the end would make whoever else writes
 * to that disk wait for it. Used once.
 */
final class SteadySync implements AutoCloseable {
  private static final long PAUSE_MILLIS = 5;

  private final Path file;
  private final Thread thread = new Thread(this::syncUntilOver, "steady-sync");
  private volatile boolean isOver;
  private volatile @Nullable IOException failure;

  /**
   * @param file need not exist yet
   */
  SteadySync(Path file) {
    this.file = file;
    thread.setDaemon(true);
  }

  void begin() {
    thread.start();
  }

  private void syncUntilOver() {
    try {
      while (!isOver && !Files.exists(file)) {
        Thread.sleep(PAUSE_MILLIS);
      }
      if (Files.exists(file)) {
        sync();
      }
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sync() throws IOException, InterruptedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (!isOver) {
        channel.force(false);
        Thread.sleep(PAUSE_MILLIS);
      }
      channel.force(false);
    }
  }

  /**
   * Brings the rest there.
   *
   * @throws IOException if any part may not be on the disk. The system tells of that only once, so
   *     whoever syncs the file again would not learn of it.
   */
  @Override
  public void close() throws IOException {
    isOver = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + file + " was brought to the disk", e);
    }
    if (failure != null) {
      throw failure;
    }
  }
}

package org.cellos.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Brings a growing file to the disk bit by bit. All of it at the end would make whoever else writes
 * to that disk wait for it.
 */
final class SteadySync implements AutoCloseable {
  private static final long PAUSE_MILLIS = 5;

  private final Path file;
  private final Thread thread = new Thread(this::sync, "steady-sync");
  private volatile boolean isOver;

  private SteadySync(Path file) {
    this.file = file;
  }

  static SteadySync of(Path file) {
    SteadySync steady = new SteadySync(file);
    steady.thread.setDaemon(true);
    steady.thread.start();
    return steady;
  }

  private void sync() {
    try {
      while (!isOver && !Files.exists(file)) {
        Thread.sleep(PAUSE_MILLIS);
      }
      if (isOver) {
        return;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        while (!isOver) {
          channel.force(false);
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    } catch (IOException e) {
      // Whoever writes the file meets the same, and says so.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    isOver = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

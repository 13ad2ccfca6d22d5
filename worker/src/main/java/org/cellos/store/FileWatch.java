package org.cellos.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that the file which is open is no longer the one under its name. SQLite does not: it
 * would go on with a deleted file, and everything written would be lost with the process.
 *
 * <p>Not thread-safe: its connection's lock guards it. A look costs a few microseconds.
 */
final class FileWatch {
  private static final String WHAT_NOW =
      " Put the same file back, or stop every command that uses it; then restore a backup with"
          + " 'cellos restore' or write it anew with 'cellos mirror rebuild'.";

  private final Path file;
  private final Path log;
  private @Nullable Identity opened;
  private @Nullable Identity openedLog;

  FileWatch(Path file) {
    this.file = file;
    this.log = sibling(file, "-wal");
  }

  /** A watch of another connection, which must find the same file. */
  FileWatch another() {
    FileWatch watch = new FileWatch(file);
    watch.opened = opened;
    return watch;
  }

  /**
   * What tells one file from another of the same name.
   *
   * @param key null where the file system has none
   */
  private record Identity(@Nullable Object key) {
    /** Empty if there is no such file. */
    static Optional<Identity> of(Path file) throws IOException {
      try {
        return Optional.of(
            new Identity(Files.readAttributes(file, BasicFileAttributes.class).fileKey()));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }
  }

  static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** Opens the file. */
  interface Opening<T extends AutoCloseable> {
    T open() throws SQLException;
  }

  /**
   * Opens the file and remembers which one it was. One that has been open before is never made
   * anew.
   *
   * @throws StoreException if another one stands there now
   */
  <T extends AutoCloseable> T remember(Opening<T> opening) throws SQLException {
    requireSame();
    Optional<Identity> before = identity(file);
    T connection = opening.open();
    Optional<Identity> after = identity(file);
    // A new file is made by the opening; what stood there before must be what was opened.
    if (after.isEmpty() || (before.isPresent() && !before.equals(after))) {
      close(connection);
      throw new StoreException(file + " is just being replaced. Try again.");
    }
    if (opened == null) {
      opened = after.get();
    }
    openedLog = null;
    requireSame();
    return connection;
  }

  boolean hasBeenOpened() {
    return opened != null;
  }

  /** To be called when the connection has the write-ahead log open. */
  void rememberLog(Sql sql) throws SQLException {
    if (openedLog == null
        && sql.text("PRAGMA journal_mode")
            .filter(mode -> mode.equalsIgnoreCase("wal"))
            .isPresent()) {
      openedLog = identity(log).orElse(null);
    }
  }

  /** The connection is closed, and has removed the log if no other process has it open. */
  void forgetLog() {
    openedLog = null;
  }

  /**
   * @throws StoreException if the file or its log is gone or another
   */
  void requireSame() {
    Optional<String> problem = problem();
    if (problem.isPresent()) {
      throw new StoreException(problem.get() + WHAT_NOW);
    }
  }

  private Optional<String> problem() {
    if (opened == null) {
      return Optional.empty();
    }
    Optional<Identity> now = identity(file);
    if (now.isEmpty()) {
      return Optional.of(
          file + " was deleted or moved away while it was in use: nothing more is written to it.");
    }
    if (!now.get().equals(opened)) {
      return Optional.of(
          file
              + " was replaced by another file while it was in use: nothing more is written to it."
              + " If that was meant, start this command again.");
    }
    if (openedLog == null || identity(log).filter(openedLog::equals).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        log + " was deleted or replaced while it was in use: " + file + " lacks what was in it.");
  }

  private Optional<Identity> identity(Path path) {
    try {
      return Identity.of(path);
    } catch (IOException e) {
      throw new StoreException(
          path + " cannot be looked at: check its folder and disk. (" + e.getMessage() + ")", e);
    }
  }

  private static void close(AutoCloseable connection) {
    try {
      connection.close();
    } catch (Exception e) {
      // Nothing was done with it.
    }
  }
}

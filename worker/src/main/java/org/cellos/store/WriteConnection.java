package org.cellos.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.cellos.domain.FaultPoint;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * The one connection of this process that writes. Thread-safe: transactions wait for one another
 * here, and up to {@link #PATIENCE} for those of other processes.
 */
final class WriteConnection implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Duration PAUSE = Duration.ofMillis(5);

  private final Path file;
  private final boolean isDraft;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final FileWatch watch;

  @GuardedBy("lock")
  private final KeptStatements statements = new KeptStatements();

  @GuardedBy("lock")
  private @Nullable Connection connection;

  @GuardedBy("lock")
  private boolean closed;

  private WriteConnection(Path file, boolean isDraft) {
    this.file = file;
    this.watch = new FileWatch(file);
    this.isDraft = isDraft;
  }

  /** What happens in a transaction. */
  interface Work<T> {
    T in(Sql sql) throws SQLException;
  }

  /**
   * Opens the file, which is created with its folder where it does not exist.
   *
   * @throws StoreException if it cannot be, saying why
   */
  static WriteConnection open(Path file) {
    return open(file, false);
  }

  /**
   * @param isDraft of no value if it is not finished: rows come in any order, and a power cut may
   *     take all of it
   */
  static WriteConnection open(Path file, boolean isDraft) {
    if (Files.isDirectory(file)) {
      throw new StoreException(file + " is a folder. Name a file.");
    }
    createFolder(file);
    WriteConnection writer = new WriteConnection(file, isDraft);
    writer.transaction(sql -> true);
    return writer;
  }

  /**
   * All of {@code work}, or nothing.
   *
   * @throws StoreException if the file cannot be written; nothing is then
   */
  <T> T transaction(Work<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException(file + " is closed.");
      }
      Sql sql = new Sql(connected(), statements);
      watch.requireSame();
      // Immediate: a transaction that first reads and then asks for the write lock fails at once
      // when another process has written in between, however long it would be willing to wait.
      sql.execute("BEGIN IMMEDIATE");
      try {
        // Again, now that no restore can put another file here: it waits for this transaction.
        watch.requireSame();
        watch.rememberLog(sql);
        T answer = work.in(sql);
        SearchIndex.refresh(sql);
        FaultPoint.IN_MIRROR_TX.pass();
        sql.execute("COMMIT");
        return answer;
      } catch (RuntimeException | Error e) {
        sql.execute("ROLLBACK");
        throw e;
      }
    } catch (SQLException e) {
      requireSame(e);
      // Closing rolls back. After a full disk, an I/O error or a damaged page SQLite's state is not
      // to be trusted; after anything else a new connection costs a millisecond.
      disconnect();
      throw SqliteProblem.explain(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** For a connection that reads the file which this one writes. */
  FileWatch anotherWatch() {
    lock.lock();
    try {
      return watch.another();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      disconnect();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says it if the file is gone: that explains everything else. The connection stays, since what it
   * has open may come back, and could otherwise be taken for another file.
   */
  @GuardedBy("lock")
  private void requireSame(SQLException cause) {
    try {
      watch.requireSame();
    } catch (StoreException e) {
      e.addSuppressed(cause);
      rollBack();
      throw e;
    }
  }

  @GuardedBy("lock")
  private void rollBack() {
    if (connection != null) {
      try {
        new Sql(connection).execute("ROLLBACK");
      } catch (SQLException e) {
        // There was no transaction any more.
      }
    }
  }

  @GuardedBy("lock")
  private Connection connected() throws SQLException {
    if (connection == null) {
      boolean mayCreate = !watch.hasBeenOpened();
      connection = watch.remember(() -> connect(mayCreate));
    }
    return connection;
  }

  @GuardedBy("lock")
  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Whatever is left of it is of no use to anybody.
      }
      connection = null;
      watch.forgetLog();
    }
  }

  private Connection connect(boolean mayCreate) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) PATIENCE.toMillis());
    config.enforceForeignKeys(!isDraft);
    config.setSynchronous(
        isDraft ? SQLiteConfig.SynchronousMode.OFF : SQLiteConfig.SynchronousMode.FULL);
    if (!mayCreate) {
      config.resetOpenMode(SQLiteOpenMode.CREATE);
    }
    long begin = System.nanoTime();
    while (true) {
      Connection opened = config.createConnection("jdbc:sqlite:" + file);
      try {
        Sql sql = new Sql(opened);
        Schema.check(sql, file);
        // Only after the check: it changes the file.
        sql.execute("PRAGMA journal_mode = WAL");
        Schema.migrate(sql, file);
        return opened;
      } catch (SQLException e) {
        opened.close();
        // SQLite does not wait when several processes switch a new file to WAL at once.
        if (!SqliteProblem.isBusy(e) || System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw e;
        }
        pause();
      } catch (RuntimeException e) {
        opened.close();
        throw e;
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting for the database", e);
    }
  }

  private static void createFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    try {
      if (folder != null) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new StoreException(
          "The folder "
              + folder
              + " for the database cannot be made: check what is in its place and who may write"
              + " there, or name another file.",
          e);
    }
  }
}

package org.cellos.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * A connection that cannot write. Thread-safe: reads wait for one another. A read is over when its
 * method returns; one left open would keep the write-ahead log growing.
 */
final class ReadConnection implements AutoCloseable {
  /** More than any one will ever see commits. */
  private static final long CONNECTION_WEIGHT = 1L << 40;

  /** Holds an index of a hundred thousand executions (11 MB); negative means kilobytes. */
  private static final int CACHE_KILOBYTES = -16_000;

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final KeptStatements statements = new KeptStatements();

  @GuardedBy("lock")
  private @Nullable Connection connection;

  @GuardedBy("lock")
  private final FileWatch watch;

  /** The schema for which the stand-ins were made. */
  @GuardedBy("lock")
  private int version;

  /** How many there have been. */
  @GuardedBy("lock")
  private long connections;

  @GuardedBy("lock")
  private boolean closed;

  ReadConnection(Path file, FileWatch watch) {
    this.file = file;
    this.watch = watch;
  }

  /**
   * @throws StoreException if the file does not exist or cannot be read
   */
  <T> T read(WriteConnection.Work<T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException(file + " is closed.");
      }
      watch.requireSame();
      Sql sql = connected();
      T answer = work.in(sql);
      watch.rememberLog(sql);
      return answer;
    } catch (SQLException e) {
      // That explains everything else; the connection stays, as the file may come back.
      watch.requireSame();
      disconnect();
      throw SqliteProblem.explain(file, e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * SQLite's own count of what other connections have committed, which begins anew with each
   * connection of ours.
   */
  long changes() {
    lock.lock();
    try {
      long version = read(sql -> sql.number("PRAGMA data_version"));
      return connections * CONNECTION_WEIGHT + version;
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

  @GuardedBy("lock")
  private Sql connected() throws SQLException {
    if (connection != null) {
      Sql sql = new Sql(connection, statements);
      if (Schema.version(sql) == version) {
        return sql;
      }
      // A writer has migrated the file: its real tables must not hide behind our stand-ins.
      disconnect();
    }
    Connection opened = watch.remember(this::connect);
    try {
      Sql sql = new Sql(opened);
      version = Schema.version(sql);
      Schema.check(sql, file);
      Schema.standIn(sql);
      sql.execute("PRAGMA query_only = ON");
      connection = opened;
      connections++;
      return sql;
    } catch (SQLException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private Connection connect() throws SQLException {
    if (Files.isDirectory(file)) {
      throw new StoreException(file + " is a folder. Name a file.");
    }
    if (!Files.exists(file)) {
      throw new StoreException("There is no file " + file + ".");
    }
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) WriteConnection.PATIENCE.toMillis());
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setCacheSize(CACHE_KILOBYTES);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  @GuardedBy("lock")
  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing was written through it.
      }
      connection = null;
      watch.forgetLog();
    }
  }
}

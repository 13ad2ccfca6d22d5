package org.cellos.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The file that a rebuilt mirror replaces, for this process alone while it is open. Whatever is
 * damaged in it, what can be read is read. Not thread-safe.
 */
final class FormerMirror implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 1000;

  /** How many rows may be missing in a row before the rest of a table is given up. */
  private static final long LARGEST_GAP = 1_000_000;

  private final Path file;
  private final @Nullable Connection connection;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> incomplete = new LinkedHashSet<>();

  private FormerMirror(Path file, @Nullable Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Takes a row. */
  interface Sink {
    void accept(StoredRow row) throws SQLException;
  }

  /**
   * @throws StoreException if other processes work on the file, or another program wrote it
   */
  static FormerMirror open(Path file) {
    if (!Files.exists(file)) {
      FormerMirror absent = new FormerMirror(file, null);
      absent.problems.add("There was no file " + file + ".");
      return absent;
    }
    @Nullable String damage = migrate(file);
    @Nullable Connection connection = null;
    try {
      connection = connect(file);
    } catch (SQLException e) {
      if (SqliteProblem.isBusy(e)) {
        throw new StoreException(
            file
                + " is in use by another process. Stop every command and program that works on it,"
                + " and try again. Nothing was changed.",
            e);
      }
      damage = SqliteProblem.explain(file, e).getMessage();
    }
    FormerMirror former = new FormerMirror(file, connection);
    if (damage != null) {
      former.problems.add(damage);
    }
    return former;
  }

  /**
   * Brings an older file up to date.
   *
   * @return what is damaged; null for nothing that was seen
   */
  private static @Nullable String migrate(Path file) {
    try {
      MirrorDatabase.open(file).close();
      return null;
    } catch (StoreException e) {
      if (e.getCause() instanceof SQLException cause && SqliteProblem.isUnreadable(cause)) {
        return e.getMessage();
      }
      throw e;
    }
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(PATIENCE_MILLIS);
    Connection opened = config.createConnection("jdbc:sqlite:" + file);
    try {
      Sql sql = new Sql(opened);
      // It fails while anybody else has the file open, and brings the write-ahead log into it.
      sql.text("PRAGMA journal_mode = DELETE");
      sql.execute("BEGIN EXCLUSIVE");
      return opened;
    } catch (SQLException e) {
      opened.close();
      throw e;
    }
  }

  Path file() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /** What is wrong with it, one sentence each. */
  List<String> problems() {
    return problems;
  }

  /** Whether all rows of a table were read. */
  boolean isComplete(String table) {
    return connection != null && !incomplete.contains(table);
  }

  Optional<String> mirrorId() {
    if (connection == null) {
      return Optional.empty();
    }
    try {
      return new Sql(connection).text("SELECT mirror_id FROM mirror_identity");
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /** Reads all rows of a table that can be read; some may come twice. */
  void read(String table, Sink sink) {
    if (connection == null) {
      return;
    }
    boolean hasRowId = Schema.hasRowId(table);
    try {
      if (isSound(table)) {
        scan(table, hasRowId ? "rowid" : "1", "", sink);
        return;
      }
    } catch (SQLException e) {
      // Row by row then, as far as it goes.
    }
    incomplete.add(table);
    long read = hasRowId ? readAround(table, sink) : readFromBothEnds(table, sink);
    problems.add(
        "Rows of " + table + " in " + file + " are damaged: " + read + " could still be read.");
  }

  private boolean isSound(String table) throws SQLException {
    return sql()
        .list("PRAGMA integrity_check(" + table + ")", row -> row.getString(1))
        .equals(List.of("ok"));
  }

  /** From the first row and from the last to the damaged ones, and between them one by one. */
  private long readAround(String table, Sink sink) {
    Progress forward = tryScan(table, "rowid", "ORDER BY rowid", sink, Long.MAX_VALUE);
    if (forward.isDone()) {
      return forward.rows();
    }
    Progress backward = tryScan(table, "rowid", "ORDER BY rowid DESC", sink, forward.last());
    long rows = forward.rows() + backward.rows();
    long end =
        backward.rows() > 0
            ? Math.min(backward.last(), forward.last() + LARGEST_GAP)
            : forward.last() + LARGEST_GAP / 10;
    for (long id = forward.last() + 1; id < end; id++) {
      rows += tryScan(table, "rowid", "WHERE rowid = " + id, sink, Long.MAX_VALUE).rows();
    }
    return rows;
  }

  private long readFromBothEnds(String table, Sink sink) {
    Progress forward = tryScan(table, "1", "", sink, Long.MAX_VALUE);
    if (forward.isDone()) {
      return forward.rows();
    }
    return forward.rows()
        + tryScan(table, "1", "ORDER BY execution_id DESC", sink, Long.MAX_VALUE).rows();
  }

  /**
   * @param last the row at which a scan was last
   */
  private record Progress(long rows, long last, boolean isDone) {}

  private Progress tryScan(String table, String id, String which, Sink sink, long until) {
    long[] seen = {0, 0};
    try (PreparedStatement query = prepare(table, id, which);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        if (rows.getLong(1) == until) {
          break;
        }
        StoredRow row = withoutId(rows);
        seen[0]++;
        seen[1] = rows.getLong(1);
        write(sink, row);
      }
      return new Progress(seen[0], seen[1], true);
    } catch (SQLException e) {
      return new Progress(seen[0], seen[1], false);
    }
  }

  private void scan(String table, String id, String which, Sink sink) throws SQLException {
    try (PreparedStatement query = prepare(table, id, which);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        write(sink, withoutId(rows));
      }
    }
  }

  /** What cannot be written is another matter than what cannot be read. */
  private static void write(Sink sink, StoredRow row) {
    try {
      sink.accept(row);
    } catch (SQLException e) {
      throw new StoreException("The new file cannot be written: " + e.getMessage(), e);
    }
  }

  private PreparedStatement prepare(String table, String id, String which) throws SQLException {
    if (connection == null) {
      throw new SQLException("closed");
    }
    return connection.prepareStatement(
        "SELECT " + id + " AS scanned_id, * FROM " + table + " NOT INDEXED " + which);
  }

  private static StoredRow withoutId(ResultSet rows) throws SQLException {
    return StoredRow.read(rows).without("scanned_id");
  }

  private Sql sql() throws SQLException {
    if (connection == null) {
      throw new SQLException("closed");
    }
    return new Sql(connection);
  }

  @Override
  public void close() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Nothing was written through it.
      }
    }
  }
}

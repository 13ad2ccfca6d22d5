package org.cellos.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * Backups of the mirror's file, taken while it is in use, and the way back from one. Every file
 * here is whole or not there at all, whenever the process is killed.
 *
 * <p>Thread-safe. All methods throw {@link StoreException} with a sentence for people.
 */
public final class Backups {
  private static final DateTimeFormatter IN_NAMES =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  private Backups() {}

  /**
   * A backup.
   *
   * @param file where it is
   * @param takenAt what was recorded after this is not in it
   * @param bytes its size
   */
  public record Backup(Path file, Instant takenAt, long bytes) {}

  /**
   * What a restore has done.
   *
   * @param takenAt when the backup was taken
   * @param formerFile where the file is that stood there before; null if there was none
   * @param asking executions that had not ended in the backup: every further effect of theirs on an
   *     instrument asks a person first
   */
  public record Restored(Instant takenAt, @Nullable Path formerFile, List<String> asking) {
    public Restored {
      asking = List.copyOf(asking);
    }
  }

  /**
   * Copies the file as it is at one moment. Others go on writing meanwhile.
   *
   * @param replace whether a file that stands at {@code target} may be replaced
   */
  public static Backup write(Path database, Path target, boolean replace) {
    return write(database, target, replace, Clock.systemUTC());
  }

  static Backup write(Path database, Path target, boolean replace, Clock clock) {
    requireFile(database);
    requireTarget(database, target, replace);
    Path partial = partial(target);
    try {
      Instant takenAt = StoredTime.truncate(clock.instant());
      copy(database, partial);
      try (Connection connection = connect(partial)) {
        Sql sql = new Sql(connection);
        requireSound(sql, database);
        if (Schema.version(sql) == Schema.VERSION) {
          event(sql, takenAt, "backup", null);
        }
      }
      sync(partial);
      requireTarget(database, target, replace);
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
      sync(folder(target));
      return new Backup(target, takenAt, Files.size(target));
    } catch (SQLException e) {
      throw SqliteProblem.explain(SqliteProblem.isFull(e) ? target : database, e);
    } catch (IOException e) {
      throw new StoreException(
          "The backup "
              + target
              + " could not be written: check its folder and the room on its disk. ("
              + e.getMessage()
              + ")",
          e);
    } finally {
      remove(partial);
    }
  }

  /**
   * Puts a backup in the place of the file, which is kept under another name. Nothing of the backup
   * itself changes.
   *
   * <p>What instruments did after the backup is not in it. So every effect that an unfinished
   * execution may have had since is put in doubt: a person is asked before anything moves.
   *
   * @throws StoreException if any process has the file open, or the backup is damaged or not one of
   *     this program; the file is as it was then
   */
  public static Restored restore(Path database, Path backup) {
    return restore(database, backup, Clock.systemUTC());
  }

  static Restored restore(Path database, Path backup, Clock clock) {
    requireFile(backup);
    requireOther(database, backup);
    Path partial = partial(database);
    try {
      Instant now = StoredTime.truncate(clock.instant());
      copyFiles(backup, partial);
      Instant takenAt;
      List<String> asking;
      try (Connection connection = connect(partial)) {
        Sql sql = new Sql(connection);
        requireOurs(sql, backup);
        requireSound(sql, backup);
        sql.execute("PRAGMA journal_mode = DELETE");
        Schema.migrate(sql, backup);
        takenAt = takenAt(sql).orElse(now);
        sql.execute("BEGIN IMMEDIATE");
        asking = new RestoredLedger(sql, takenAt, now).doubt();
        event(sql, now, "restored", "the backup of " + takenAt + ", " + backup.getFileName());
        SearchIndex.rebuild(sql);
        sql.execute("COMMIT");
      }
      sync(partial);
      @Nullable Path former = replace(database, partial, now);
      return new Restored(takenAt, former, asking);
    } catch (SQLException e) {
      throw SqliteProblem.explain(SqliteProblem.isFull(e) ? database : backup, e);
    } catch (IOException e) {
      throw new StoreException(
          "The backup "
              + backup
              + " could not be restored to "
              + database
              + ": check the folder of both and the room on the disk. ("
              + e.getMessage()
              + ")",
          e);
    } finally {
      remove(partial);
    }
  }

  private static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StoreException(
          Files.isDirectory(file)
              ? file + " is a folder. Name a file."
              : "There is no file " + file + ".");
    }
  }

  private static void requireTarget(Path database, Path target, boolean replace) {
    if (Files.isDirectory(target)) {
      throw new StoreException(target + " is a folder. Name a file in it.");
    }
    if (!Files.isDirectory(folder(target))) {
      throw new StoreException(
          "There is no folder " + folder(target) + " for the backup. Make it, or name another.");
    }
    requireOther(database, target);
    if (!replace && Files.exists(target)) {
      throw new StoreException(
          target + " exists already. Name another file, or say --overwrite to replace it.");
    }
  }

  private static void requireOther(Path database, Path backup) {
    boolean isSame =
        Stream.concat(Stream.of(""), COMPANIONS.stream())
            .map(suffix -> FileWatch.sibling(database, suffix))
            .anyMatch(own -> isSame(own, backup));
    if (isSame) {
      throw new StoreException(backup + " is the history itself. Name another file.");
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      // One of them does not exist.
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  private static void copy(Path database, Path partial) throws SQLException, IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout((int) WriteConnection.PATIENCE.toMillis());
    try (Connection connection = config.createConnection("jdbc:sqlite:" + database)) {
      Sql sql = new Sql(connection);
      requireOurs(sql, database);
      try (SteadySync steady = new SteadySync(partial)) {
        steady.begin();
        sql.update("VACUUM INTO ?", partial.toString());
      }
    }
  }

  /** The write-ahead log too, where a person has copied both. */
  private static void copyFiles(Path backup, Path partial) throws IOException {
    Files.copy(backup, partial);
    for (String suffix : List.of("-wal", "-journal")) {
      Path companion = FileWatch.sibling(backup, suffix);
      if (Files.exists(companion)) {
        Files.copy(companion, FileWatch.sibling(partial, suffix));
      }
    }
  }

  private static void requireOurs(Sql sql, Path file) throws SQLException {
    Schema.check(sql, file);
    if (sql.number("SELECT count(*) FROM sqlite_master WHERE name = 'executions'") == 0) {
      throw new StoreException(file + " is empty: there is no history in it. Name another file.");
    }
  }

  private static void requireSound(Sql sql, Path file) throws SQLException {
    List<String> problems = sql.list("PRAGMA integrity_check(1)", row -> row.getString(1));
    if (!problems.equals(List.of("ok"))) {
      throw new StoreException(SqliteProblem.damaged(file, String.join(" ", problems)));
    }
  }

  /** When the backup was taken. Of a plain copy of a file: when the last thing in it happened. */
  private static Optional<Instant> takenAt(Sql sql) throws SQLException {
    return sql.text(
            """
            SELECT max(at) FROM (
              SELECT max(at) AS at FROM mirror_events
              UNION ALL SELECT max(latest_at) FROM execution_progress
              UNION ALL SELECT max(at) FROM audit_log
              UNION ALL SELECT max(max(intent_at), coalesce(max(closed_at), '')) FROM effect_ledger)
            """)
        .map(StoredTime::read);
  }

  private static void event(Sql sql, Instant at, String what, @Nullable String note)
      throws SQLException {
    sql.update(
        "INSERT INTO mirror_events (at, what, note) VALUES (?, ?, ?)",
        StoredTime.write(at),
        what,
        note);
  }

  /**
   * @return where the former file is now
   */
  private static @Nullable Path replace(Path database, Path partial, Instant now)
      throws IOException, SQLException {
    Path former = FileWatch.sibling(database, ".before-restore-" + IN_NAMES.format(now));
    // Nobody may open it between the look and the replacement: what they wrote would be lost.
    Connection held = holdAlone(database);
    try {
      boolean existed = Files.exists(database);
      List<Path> companions = keep(database, former);
      Files.move(partial, database, StandardCopyOption.ATOMIC_MOVE);
      // A log that stays behind would be taken for the new file's.
      for (Path companion : companions) {
        Files.deleteIfExists(companion);
      }
      sync(folder(database));
      return existed ? former : null;
    } finally {
      held.close();
    }
  }

  /**
   * The file gets a second name, so that there is one under its own name at every moment; what
   * stands beside it, and was not merged into it because it is damaged, goes along.
   *
   * @return what must be removed once the new file is there
   */
  private static List<Path> keep(Path database, Path former) throws IOException {
    if (Files.exists(database)) {
      link(database, former);
    }
    List<Path> kept = new ArrayList<>();
    for (String suffix : COMPANIONS) {
      Path companion = FileWatch.sibling(database, suffix);
      if (Files.exists(companion)) {
        link(companion, FileWatch.sibling(former, suffix));
        kept.add(companion);
      }
    }
    return kept;
  }

  private static void link(Path file, Path second) throws IOException {
    try {
      Files.createLink(second, file);
    } catch (UnsupportedOperationException | IOException e) {
      Files.move(file, second, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * Merges the write-ahead log into the file and locks it against everybody. Of a file that is gone
   * or too damaged for that, only an empty connection.
   */
  private static Connection holdAlone(Path database) throws SQLException {
    if (!Files.exists(database)) {
      return nobodys();
    }
    @Nullable Connection connection = null;
    try {
      connection = connect(database);
      Sql sql = new Sql(connection);
      // Only a connection that is the only one can leave the write-ahead mode.
      sql.text("PRAGMA journal_mode = DELETE");
      sql.execute("BEGIN EXCLUSIVE");
      return connection;
    } catch (SQLException e) {
      if (connection != null) {
        connection.close();
      }
      if (SqliteProblem.isDamage(e)) {
        return nobodys();
      }
      if (!SqliteProblem.isBusy(e)) {
        throw SqliteProblem.explain(database, e);
      }
      throw new StoreException(
          database
              + " is in use: stop every command, worker and dashboard that has it open, then try"
              + " again. Nothing was changed.",
          e);
    }
  }

  private static Connection nobodys() throws SQLException {
    return new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
  }

  private static Connection connect(Path file) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout((int) WriteConnection.PATIENCE.toMillis());
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    return config.createConnection("jdbc:sqlite:" + file);
  }

  /** Beside the target: only there can it be renamed to it. */
  private static Path partial(Path target) {
    return folder(target)
        .resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".partial");
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file.toAbsolutePath() : folder;
  }

  private static void sync(Path file) throws IOException {
    boolean isFolder = Files.isDirectory(file);
    try (FileChannel channel =
        FileChannel.open(file, isFolder ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      // Some systems cannot sync a folder; the file itself must be.
      if (!isFolder) {
        throw e;
      }
    }
  }

  private static void remove(Path partial) {
    Stream.concat(Stream.of(""), COMPANIONS.stream())
        .map(suffix -> FileWatch.sibling(partial, suffix))
        .forEach(
            file -> {
              try {
                Files.deleteIfExists(file);
              } catch (IOException e) {
                // Its name says what it is; it is in nobody's way.
              }
            });
  }
}

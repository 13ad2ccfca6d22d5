package org.cellos.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns SQLite's error codes into sentences: which file, what is wrong, what to do. */
final class SqliteProblem {
  /** SQLite keeps the kind of an error in the low byte, and its details above. */
  private static final int KIND = 0xff;

  private SqliteProblem() {}

  static boolean isBusy(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_BUSY);
  }

  static boolean isFull(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_FULL);
  }

  static boolean isDamage(SQLException e) {
    return is(e, SQLiteErrorCode.SQLITE_CORRUPT) || is(e, SQLiteErrorCode.SQLITE_NOTADB);
  }

  /** Whether the file, or the disk below it, does not give back what was written. */
  static boolean isUnreadable(SQLException e) {
    return isDamage(e) || is(e, SQLiteErrorCode.SQLITE_IOERR);
  }

  static StoreException explain(Path file, SQLException e) {
    return new StoreException(sentence(file, e), e);
  }

  private static String sentence(Path file, SQLException e) {
    if (is(e, SQLiteErrorCode.SQLITE_NOTADB)) {
      return file
          + " is not an SQLite database. It is left as it is; name another file, or restore a backup"
          + " if it was one.";
    }
    if (isBusy(e) || is(e, SQLiteErrorCode.SQLITE_LOCKED)) {
      return file
          + " has been locked by another program for too long. Find out which one holds it, and"
          + " try again.";
    }
    if (isFull(e)) {
      return "There is no room for " + file + ": nothing was written. Free some disk space.";
    }
    if (is(e, SQLiteErrorCode.SQLITE_READONLY)
        || is(e, SQLiteErrorCode.SQLITE_PERM)
        || is(e, SQLiteErrorCode.SQLITE_CANTOPEN)) {
      return file
          + " cannot be opened for this: check the permissions of the file and its folder, or name"
          + " another file. ("
          + e.getMessage()
          + ")";
    }
    if (is(e, SQLiteErrorCode.SQLITE_CORRUPT)) {
      return damaged(file, e.getMessage());
    }
    if (is(e, SQLiteErrorCode.SQLITE_IOERR)) {
      return file
          + " cannot be read or written: check the disk that holds it. ("
          + e.getMessage()
          + ")";
    }
    return file + " was not read or written: " + e.getMessage();
  }

  /** What to do about a file whose pages contradict each other. */
  static String damaged(Path file, @Nullable String how) {
    return file
        + " is damaged: stop every command that uses it, then restore a backup with 'cellos restore'"
        + " or write it anew with 'cellos mirror rebuild'. ("
        + how
        + ")";
  }

  private static boolean is(SQLException e, SQLiteErrorCode code) {
    return e instanceof SQLiteException sqlite && (sqlite.getResultCode().code & KIND) == code.code;
  }
}

package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class WriteConnectionTest {
  @TempDir private Path folder;

  @Test
  void aFullDiskLeavesNothingHalfWrittenAndHeals() throws Exception {
    Path file = folder.resolve("executions.db");
    try (WriteConnection writer = WriteConnection.open(file)) {
      ExecutionRecorder recorder = new SqliteRecorder(writer, file, Clock.systemUTC());
      recorder.open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
      // The limit belongs to the connection: it is gone when the writer has healed.
      writer.transaction(
          sql -> sql.number("PRAGMA max_page_count = " + (sql.number("PRAGMA page_count") + 2)));

      assertThatThrownBy(() -> recorder.open(input("e-2", 500), "print", ENGINE, order("run-2", 0)))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              "There is no room for " + file + ": nothing was written. Free some disk space.");
      assertThat(sql(file, "SELECT execution_id FROM executions")).containsExactly("e-1");
      assertThat(sql(file, "SELECT DISTINCT execution_id FROM execution_steps"))
          .containsExactly("e-1");

      recorder.open(input("e-2", 500), "print", ENGINE, order("run-2", 0));
      assertThat(sql(file, "SELECT count(*) FROM execution_steps WHERE execution_id = 'e-2'"))
          .containsExactly("500");
      assertThat(sql(file, "PRAGMA integrity_check")).containsExactly("ok");
    }
  }

  @Test
  void anExceptionUndoesTheWholeTransaction() {
    Path file = folder.resolve("executions.db");
    try (WriteConnection writer = WriteConnection.open(file)) {
      assertThatThrownBy(
              () ->
                  writer.transaction(
                      sql -> {
                        sql.update("INSERT INTO executions (execution_id) VALUES ('half')");
                        throw new AssertionError("stop");
                      }))
          .isInstanceOf(AssertionError.class);

      assertThat(writer.<Long>transaction(sql -> sql.number("SELECT count(*) FROM executions")))
          .isZero();
    }
  }

  @Test
  void saysWhenAnotherProgramHoldsTheLockTooLong() throws Exception {
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase database = MirrorDatabase.open(file);
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");

      assertThatThrownBy(
              () -> database.recorder().open(input("e-1", 1), "print", ENGINE, order("run-1", 0)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("locked by another program");

      statement.execute("ROLLBACK");
      database.recorder().open(input("e-1", 1), "print", ENGINE, order("run-1", 0));
      assertThat(database.queries().find("e-1")).isPresent();
    }
  }
}

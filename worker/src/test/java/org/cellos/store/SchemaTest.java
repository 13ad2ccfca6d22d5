package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaTest {
  @TempDir private Path folder;

  @Test
  void theDocumentedTablesHaveExactlyTheDocumentedColumns() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();

    assertThat(sql(file, "SELECT cid, name, type, pk FROM pragma_table_info('executions')"))
        .containsExactly(
            "0|execution_id|TEXT|1",
            "1|workflow_name|TEXT|0",
            "2|cell_line|TEXT|0",
            "3|vessel_id|TEXT|0",
            "4|operation_type|TEXT|0",
            "5|status|TEXT|0",
            "6|created_at|TEXT|0",
            "7|started_at|TEXT|0",
            "8|completed_at|TEXT|0",
            "9|error_message|TEXT|0",
            "10|metadata|TEXT|0");
    assertThat(sql(file, "SELECT cid, name, type, pk FROM pragma_table_info('execution_steps')"))
        .containsExactly(
            "0|step_id|TEXT|1",
            "1|execution_id|TEXT|0",
            "2|step_index|INTEGER|0",
            "3|name|TEXT|0",
            "4|operation_type|TEXT|0",
            "5|parameters|TEXT|0",
            "6|status|TEXT|0",
            "7|start_time|TEXT|0",
            "8|end_time|TEXT|0",
            "9|error_message|TEXT|0",
            "10|result|TEXT|0");
    assertThat(
            sql(
                file,
                "SELECT \"table\", \"from\", \"to\" FROM pragma_foreign_key_list"
                    + "('execution_steps')"))
        .containsExactly("executions|execution_id|execution_id");
  }

  @Test
  void theDocumentedIndicesAreThere() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();

    assertThat(
            sql(
                file,
                "SELECT l.name, group_concat(i.name) FROM (SELECT 'executions' AS t UNION SELECT"
                    + " 'execution_steps') JOIN pragma_index_list(t) l JOIN"
                    + " pragma_index_info(l.name) i WHERE l.origin = 'c' GROUP BY l.name"))
        .contains(
            "idx_exec_status|status", "idx_exec_created|created_at", "idx_step_exec|execution_id");
  }

  @Test
  void indicesOfFormerVersionsGo() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();
    script(
        file,
        "DROP INDEX idx_exec_count",
        "CREATE INDEX idx_exec_filter ON executions(created_at, status)",
        "PRAGMA user_version = 5");

    MirrorDatabase.open(file).close();

    assertThat(sql(file, "SELECT name FROM sqlite_master WHERE type = 'index'"))
        .contains("idx_exec_count")
        .doesNotContain("idx_exec_filter");
    assertThat(sql(file, "PRAGMA user_version")).containsExactly(String.valueOf(Schema.VERSION));
  }

  @Test
  void theWriterUsesAWriteAheadLog() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();

    assertThat(sql(file, "PRAGMA journal_mode")).containsExactly("wal");
    assertThat(sql(file, "PRAGMA user_version")).containsExactly(String.valueOf(Schema.VERSION));
  }

  @Test
  void theWriterWaitsForTheDiskAndHoldsForeignKeys() {
    Path file = folder.resolve("executions.db");
    try (WriteConnection writer = WriteConnection.open(file)) {
      assertThat(writer.<Long>transaction(sql -> sql.number("PRAGMA synchronous"))).isEqualTo(2);
      assertThat(writer.<Long>transaction(sql -> sql.number("PRAGMA foreign_keys"))).isEqualTo(1);
      assertThat(writer.<Long>transaction(sql -> sql.number("PRAGMA busy_timeout")))
          .isEqualTo(15_000);
    }
  }

  @Test
  void aReaderCannotWrite() {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();

    try (ReadConnection reader = new ReadConnection(file, new FileWatch(file))) {
      assertThat(reader.<Long>read(sql -> sql.number("PRAGMA query_only"))).isEqualTo(1);
      assertThatThrownBy(() -> reader.read(sql -> sql.update("DELETE FROM executions")))
          .isInstanceOf(StoreException.class);
    }
  }

  @Test
  void timesAreTextThatPythonReadsAndThatSorts() throws Exception {
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase database =
        MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"))) {
      database.recorder().open(input("e-1", 1), "print", ENGINE, order("run-1", 0));
    }

    assertThat(sql(file, "SELECT created_at FROM executions"))
        .containsExactly("2026-03-01T09:30:00.000000+00:00");
  }

  @Test
  void refusesAFolder() {
    assertThatThrownBy(() -> MirrorDatabase.open(folder))
        .isInstanceOf(StoreException.class)
        .hasMessage(folder + " is a folder. Name a file.");
    assertThatThrownBy(() -> MirrorDatabase.openReadOnly(folder))
        .isInstanceOf(StoreException.class)
        .hasMessage(folder + " is a folder. Name a file.");
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws Exception {
    Path inTheWay = Files.writeString(folder.resolve("data"), "a file");

    assertThatThrownBy(() -> MirrorDatabase.open(inTheWay.resolve("executions.db")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(inTheWay.toString())
        .hasMessageContaining("cannot be made");
  }

  @Test
  void refusesAFolderWithoutPermission() throws Exception {
    Path locked = Files.createDirectory(folder.resolve("locked"));
    assumeFalse(
        !locked.toFile().setWritable(false) || Files.isWritable(locked),
        "this user may write everywhere");

    assertThatThrownBy(() -> MirrorDatabase.open(locked.resolve("executions.db")))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("check the permissions");
  }

  @Test
  void saysThatThereIsNothingToRead() {
    Path file = folder.resolve("none.db");

    assertThatThrownBy(() -> MirrorDatabase.openReadOnly(file))
        .isInstanceOf(StoreException.class)
        .hasMessage("There is no file " + file + ".");
    assertThat(file).doesNotExist();
  }

  @Test
  void refusesWhatIsNotADatabaseAndLeavesItAsItIs() throws Exception {
    String text = "id,name\n".repeat(200);
    Path file = Files.writeString(folder.resolve("notes.csv"), text);

    assertThatThrownBy(() -> MirrorDatabase.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            file
                + " is not an SQLite database. It is left as it is; name another file, or restore a backup if it was one.");
    assertThatThrownBy(() -> MirrorDatabase.openReadOnly(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not an SQLite database");
    assertThat(file).hasContent(text);
  }

  @Test
  void refusesAFileOfANewerVersion() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();
    script(file, "PRAGMA user_version = 99");

    assertThatThrownBy(() -> MirrorDatabase.open(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("newer version of cellos (schema 99");
    assertThatThrownBy(() -> MirrorDatabase.openReadOnly(file))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer version of cellos");
  }

  @Test
  void refusesFilesOfOtherProgramsAndLeavesThemAsTheyAre() throws Exception {
    Path photos = folder.resolve("photos.db");
    script(photos, "CREATE TABLE photos (name)", "PRAGMA user_version = 3");
    Path jobs = folder.resolve("jobs.db");
    script(jobs, "CREATE TABLE executions (execution_id TEXT PRIMARY KEY, status, vessel_id)");
    byte[] before = Files.readAllBytes(jobs);

    assertThatThrownBy(() -> MirrorDatabase.open(photos))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("belongs to another program");
    assertThatThrownBy(() -> MirrorDatabase.open(jobs))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("its table executions lacks the column workflow_name, cell_line");
    assertThatThrownBy(() -> MirrorDatabase.openReadOnly(jobs))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("belongs to another program");
    assertThat(jobs).hasBinaryContent(before);
  }

  @Test
  void anEmptyFileIsAnEmptyMirror() throws Exception {
    Path file = Files.createFile(folder.resolve("executions.db"));

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      assertThat(database.queries().list(ExecutionFilter.all())).isEmpty();
    }
    assertThat(file).isEmptyFile();
  }

  @Test
  void aReaderSeesWhatAWriterMigratesLater() throws Exception {
    Path file = Files.createFile(folder.resolve("executions.db"));

    try (MirrorDatabase reader = MirrorDatabase.openReadOnly(file)) {
      assertThat(reader.queries().find("e-1")).isEmpty();
      try (MirrorDatabase writer = MirrorDatabase.open(file)) {
        writer.recorder().open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
      }
      assertThat(reader.queries().find("e-1")).isPresent();
      assertThat(reader.queries().details("e-1")).isPresent();
    }
  }
}

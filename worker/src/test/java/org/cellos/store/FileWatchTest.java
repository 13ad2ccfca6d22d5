package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file or its log is deleted, replaced or put back while it is in use. */
@Timeout(60)
final class FileWatchTest {
  @TempDir private Path folder;
  private Path file;
  private Path log;
  private Path aside;
  private MirrorDatabase writer;
  private MirrorDatabase reader;

  @BeforeEach
  void openFile() {
    file = folder.resolve("executions.db");
    log = folder.resolve("executions.db-wal");
    aside = folder.resolve("aside");
    writer = MirrorDatabase.open(file);
    reader = MirrorDatabase.openReadOnly(file);
    open("before");
    assertThat(reader.queries().find("before")).isPresent();
  }

  @AfterEach
  void closeFile() {
    reader.close();
    writer.close();
  }

  @Test
  void aDeletedFileIsNoticedByBothSidesAndNotMadeAnew() throws Exception {
    Files.delete(file);

    assertRefused(() -> open("after"), file + " was deleted or moved away while it was in use");
    assertRefused(() -> open("again"), file + " was deleted");
    assertRefused(() -> reader.queries().find("before"), file + " was deleted");
    assertRefused(() -> writer.queries().find("before"), file + " was deleted");
    assertThat(file).doesNotExist();
  }

  @Test
  void itGoesOnWhenTheSameFileComesBack() throws Exception {
    Files.move(file, aside);
    assertRefused(() -> open("meanwhile"), "moved away");
    assertRefused(() -> reader.queries().find("before"), "moved away");

    Files.move(aside, file);

    open("after");
    assertThat(reader.queries().find("after")).isPresent();
    assertThat(reader.queries().find("meanwhile")).isEmpty();
    assertThat(writer.queries().find("before")).isPresent();
    assertThat(sql(file, "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void anotherFileInItsPlaceIsNotWrittenTo() throws Exception {
    Path other = folder.resolve("other.db");
    MirrorDatabase.open(other).close();
    byte[] before = Files.readAllBytes(other);

    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);

    assertRefused(() -> open("after"), file + " was replaced by another file");
    assertRefused(() -> reader.queries().find("before"), "start this command again");
    reader.close();
    writer.close();
    assertThat(file).hasBinaryContent(before);
    Files.deleteIfExists(log);
    assertThat(sql(file, "SELECT execution_id FROM executions")).isEmpty();
  }

  @Test
  void aDeletedLogIsNoticedByBothSides() throws Exception {
    Files.delete(log);

    assertRefused(() -> open("after"), log + " was deleted or replaced");
    assertRefused(() -> reader.queries().find("before"), log + " was deleted or replaced");
    assertThat(log).doesNotExist();
  }

  @Test
  void whatWasInADeletedLogIsKeptByClosing() throws Exception {
    Files.delete(log);
    assertRefused(() -> open("after"), log + " was deleted or replaced");

    reader.close();
    writer.close();

    assertThat(sql(file, "SELECT execution_id FROM executions")).containsExactly("before");
    assertThat(sql(file, "PRAGMA integrity_check")).containsExactly("ok");
  }

  @Test
  void itGoesOnWhenTheSameLogComesBack() throws Exception {
    Files.move(log, aside);
    assertRefused(() -> open("meanwhile"), log + " was deleted or replaced");

    Files.move(aside, log);

    open("after");
    assertThat(reader.queries().find("before")).isPresent();
    assertThat(reader.queries().find("after")).isPresent();
  }

  @Test
  void anotherLogInItsPlaceIsNoticed() throws Exception {
    Files.move(log, aside);
    Files.createFile(log);

    assertRefused(() -> open("after"), log + " was deleted or replaced");
    assertRefused(() -> reader.queries().find("before"), log + " was deleted or replaced");
  }

  @Test
  void aLogThatGoesWithItsLastWriterIsNothingUnusual() {
    writer.close();
    reader.close();
    reader = MirrorDatabase.openReadOnly(file);
    assertThat(reader.queries().find("before")).isPresent();

    for (String id : List.of("one", "two", "three")) {
      writer = MirrorDatabase.open(file);
      open(id);
      writer.close();
      assertThat(reader.queries().find(id)).isPresent();
    }
  }

  private void open(String id) {
    writer.recorder().open(input(id, 1), "print", ENGINE, order("run-" + id, 0));
  }

  private static void assertRefused(ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("'cellos restore'")
        .hasMessageContaining("'cellos mirror rebuild'");
  }
}

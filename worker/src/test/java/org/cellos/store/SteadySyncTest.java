package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SteadySyncTest {
  @TempDir private Path folder;

  @Test
  void aFileMayComeLater() throws Exception {
    Path file = folder.resolve("copy.db");
    try (SteadySync steady = new SteadySync(file)) {
      steady.begin();
      Files.writeString(file, "rows");
    }
    assertThat(file).hasContent("rows");
  }

  @Test
  void nothingToSyncIsNoFailure() throws Exception {
    try (SteadySync steady = new SteadySync(folder.resolve("never.db"))) {
      steady.begin();
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatCannotBeSyncedIsNotPassedOver() {
    // A folder cannot be opened for writing.
    assertThatIOException().isThrownBy(() -> sync(folder));
  }

  private static void sync(Path file) throws IOException {
    try (SteadySync steady = new SteadySync(file)) {
      steady.begin();
    }
  }
}

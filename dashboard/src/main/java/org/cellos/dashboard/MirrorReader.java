package org.cellos.dashboard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.cellos.view.History;
import org.jspecify.annotations.Nullable;

/**
 * The mirror as the dashboard reads it, however long that lives: opened when it is first needed,
 * and anew when the file has been restored or was damaged and is whole again. Thread-safe.
 */
final class MirrorReader implements AutoCloseable {
  private final Path file;

  @GuardedBy("this")
  private @Nullable MirrorDatabase open;

  MirrorReader(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /**
   * @throws NoHistoryException if there is no file yet
   * @throws StoreException if it cannot be read, saying why
   */
  <T> T read(Function<History, T> question) {
    MirrorDatabase mirror = opened();
    try {
      return question.apply(History.of(mirror));
    } catch (StoreException e) {
      forget(mirror);
      // Restored or replaced meanwhile: it answers from the new file, or says what is wrong.
      return question.apply(History.of(opened()));
    }
  }

  /** Differs from the one before whenever something has been written since. */
  long version() {
    return read(history -> history.queries().changes());
  }

  private synchronized MirrorDatabase opened() {
    MirrorDatabase known = open;
    if (known != null) {
      return known;
    }
    if (Files.notExists(file)) {
      throw new NoHistoryException(file);
    }
    MirrorDatabase opened = MirrorDatabase.openReadOnly(file);
    open = opened;
    return opened;
  }

  private synchronized void forget(MirrorDatabase failed) {
    failed.close();
    if (open == failed) {
      open = null;
    }
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}

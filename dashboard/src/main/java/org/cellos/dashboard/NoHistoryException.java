package org.cellos.dashboard;

import java.io.Serial;
import java.nio.file.Path;

/** There is no mirror yet: nothing was ever run. */
final class NoHistoryException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  NoHistoryException(Path file) {
    super("There is no history yet at " + file + ". The first execution makes it.");
  }
}

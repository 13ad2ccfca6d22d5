package org.cellos.ot2;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A robot did not answer, or not in its own language: refused or reset connection, timeout, 5xx, an
 * answer that cannot be read. Whether it has acted on the request is not known.
 */
public final class RobotSilentException extends IOException {
  private static final long serialVersionUID = 1L;

  RobotSilentException(String message) {
    super(message);
  }

  RobotSilentException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

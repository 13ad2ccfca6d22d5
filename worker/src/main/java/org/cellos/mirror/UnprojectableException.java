package org.cellos.mirror;

import org.jspecify.annotations.Nullable;

/** What is in an execution's history cannot be shown as rows. The message says why. */
final class UnprojectableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnprojectableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

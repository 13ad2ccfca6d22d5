package org.cellos.handler;

import org.jspecify.annotations.Nullable;

/**
 * The worker ends, and what it follows goes on without it: the next attempt, of another worker,
 * finds it again. Says nothing about the step, and is repeated as often as it takes.
 */
public final class WorkerEndsException extends Exception {
  private static final long serialVersionUID = 1L;

  public WorkerEndsException(String message) {
    this(message, null);
  }

  public WorkerEndsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

package org.cellos.client;

/**
 * What was asked for was passed on to Temporal, and nobody has answered yet; it may still count.
 */
public final class ExecutionPendingException extends ExecutionRefusedException {
  private static final long serialVersionUID = 1L;

  public ExecutionPendingException(String message) {
    super(message);
  }

  public ExecutionPendingException(String message, Throwable cause) {
    super(message, cause);
  }
}

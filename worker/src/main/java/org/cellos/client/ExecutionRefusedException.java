package org.cellos.client;

/** What was asked of an execution cannot be done. The message says why. */
public class ExecutionRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ExecutionRefusedException(String message) {
    super(message);
  }

  public ExecutionRefusedException(String message, Throwable cause) {
    super(message, cause);
  }
}

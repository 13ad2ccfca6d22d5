package org.cellos.client;

/** The engine that has the execution did not answer; whether it heard the request is not known. */
public final class ExecutionUnreachableException extends ExecutionRefusedException {
  private static final long serialVersionUID = 1L;

  public ExecutionUnreachableException(String message, Throwable cause) {
    super(message, cause);
  }
}

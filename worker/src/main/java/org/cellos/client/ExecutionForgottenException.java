package org.cellos.client;

/** The server of an execution knows nothing of it any more. */
public final class ExecutionForgottenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ExecutionForgottenException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.cellos.handler;

/**
 * A handler was interrupted by a cancel, and its instrument has stopped for certain. The message
 * says how far the step came.
 */
public class StoppedStepException extends Exception {
  private static final long serialVersionUID = 1L;

  public StoppedStepException(String message) {
    super(message);
  }

  public StoppedStepException(String message, Throwable cause) {
    super(message, cause);
  }
}

package org.cellos.handler;

/** A step has failed and another attempt cannot help, whatever its effect class. */
public class PermanentStepException extends Exception {
  private static final long serialVersionUID = 1L;

  public PermanentStepException(String message) {
    super(message);
  }

  public PermanentStepException(String message, Throwable cause) {
    super(message, cause);
  }
}

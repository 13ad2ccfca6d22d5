package org.cellos.domain;

/** A parameter is missing or not what it must be. The message names the key and the value. */
public class ParameterException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ParameterException(String message) {
    super(message);
  }

  public ParameterException(String message, Throwable cause) {
    super(message, cause);
  }
}

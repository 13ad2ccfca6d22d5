package org.cellos.handler;

/**
 * A handler cannot find out what became of what it has begun: a person has to look. The message is
 * the evidence that the person sees, in full sentences.
 */
public class UnknownOutcomeException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnknownOutcomeException(String message) {
    super(message);
  }
}

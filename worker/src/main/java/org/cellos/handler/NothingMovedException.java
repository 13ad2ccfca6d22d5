package org.cellos.handler;

/**
 * A handler is certain that nothing was moved, and that it may be tried again as if nothing had
 * been: it was interrupted while it still prepared, or its instrument is not there.
 */
public class NothingMovedException extends Exception {
  private static final long serialVersionUID = 1L;

  public NothingMovedException(String message) {
    super(message);
  }
}

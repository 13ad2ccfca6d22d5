package org.cellos.store;

/** An execution id was asked for a second time, for something else. */
public final class ExecutionIdInUseException extends StoreException {
  private static final long serialVersionUID = 1L;

  public ExecutionIdInUseException(String message) {
    super(message);
  }
}

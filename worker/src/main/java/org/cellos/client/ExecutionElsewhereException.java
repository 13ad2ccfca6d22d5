package org.cellos.client;

/** Another living process performs the execution. */
public final class ExecutionElsewhereException extends ExecutionRefusedException {
  private static final long serialVersionUID = 1L;

  public ExecutionElsewhereException(String executionId) {
    super("The execution " + executionId + " is performed by another process.");
  }
}

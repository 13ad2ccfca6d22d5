package org.cellos.store;

import org.jspecify.annotations.Nullable;

/**
 * Writes what is found out about executions from outside: which workers live, and what keeps an
 * execution from going on. Thread-safe; may be repeated. All methods throw {@link StoreException}
 * when the file cannot be written.
 */
public interface ExecutionUpkeep {

  /**
   * A worker lives.
   *
   * @param worker for people
   * @param engineId whose executions it performs
   */
  void seen(String worker, String engineId);

  /**
   * Something keeps an open execution from going on, or does so no more.
   *
   * @param message one sentence; null for nothing
   */
  void trouble(String executionId, @Nullable String message);

  /**
   * The engine of an open execution knows nothing of it any more: it waits for a person.
   *
   * @param message what happened and what to do
   * @return whether that is new
   */
  boolean lost(String executionId, String message);

  /**
   * Adds a note to the audit log. Any execution can have notes, ended ones and those of the Python
   * original too.
   *
   * @param stepIndex the step that it is about; null for the execution as a whole
   * @param by who says so
   * @param text what is to be remembered
   * @param requestId the same when a note is said again, so that it is added once; another for
   *     every other note about this execution
   * @return whether it is new
   * @throws StoreException if there is no such execution or step, or the request was another note
   */
  boolean note(
      String executionId, @Nullable Integer stepIndex, String by, String text, String requestId);
}

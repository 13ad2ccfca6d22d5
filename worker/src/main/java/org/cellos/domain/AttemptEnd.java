package org.cellos.domain;

/** How Temporal says that an attempt, with all its repetitions, has ended. */
public sealed interface AttemptEnd {

  /** It returned. */
  record Returned(StepResult result) implements AttemptEnd {}

  /** It said itself why it failed. */
  record Threw(StepFailure failure) implements AttemptEnd {}

  /** It was cancelled. */
  record Cancelled() implements AttemptEnd {}

  /**
   * Nothing was heard of it.
   *
   * @param how what Temporal calls it, for people
   */
  record Lost(String how) implements AttemptEnd {}
}

package org.cellos.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known after an attempt, and so what comes next. */
public sealed interface Verdict {

  /**
   * The outcome is known.
   *
   * @param outcome how it ended
   * @param at when; null for an outcome without a ledger
   */
  record Ended(StepOutcome outcome, @Nullable Instant at) implements Verdict {}

  /** Nothing was moved: it may be tried again. */
  record NotStarted() implements Verdict {}

  /**
   * Only a person can find out.
   *
   * @param evidence what is known, in sentences
   */
  record Unknown(String evidence) implements Verdict {}

  /** A person does it and confirms. */
  record ForPerson() implements Verdict {}

  /** Another process goes on with the execution. */
  record TakenOver() implements Verdict {}
}

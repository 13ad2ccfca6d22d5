package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How a step ended. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
@JsonSubTypes({
  @JsonSubTypes.Type(value = StepOutcome.Completed.class, name = "completed"),
  @JsonSubTypes.Type(value = StepOutcome.Failed.class, name = "failed"),
  @JsonSubTypes.Type(value = StepOutcome.Skipped.class, name = "skipped"),
})
public sealed interface StepOutcome {

  /**
   * Done.
   *
   * @param result what was done; {@code {"dry_run": true}} in a dry run, else with {@code mode}
   */
  record Completed(Parameters result) implements StepOutcome {}

  /**
   * Left out by a person, or because nothing went wrong that it is for.
   *
   * @param result who and why
   */
  record Skipped(Parameters result) implements StepOutcome {}

  /** Not done, or not known to be done. */
  record Failed(StepFailure failure) implements StepOutcome {}
}

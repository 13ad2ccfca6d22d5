package org.cellos.workflow;

import org.cellos.domain.StepOutcome;

/** What is to be done with the step whose turn it is. */
sealed interface Turn {
  /** Perform it. */
  record Perform() implements Turn {}

  /** Nothing: this is how it ends. */
  record End(StepOutcome outcome) implements Turn {}

  /** Time has passed or another step is next: look once more. */
  record LookAgain() implements Turn {}
}

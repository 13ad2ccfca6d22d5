package org.cellos.store;

import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepStatus;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/** The outcome of a step or an attempt as columns. */
record StoredOutcome(
    StepStatus status,
    @Nullable String result,
    @Nullable String errorCode,
    @Nullable String errorMessage) {

  static StoredOutcome of(StepOutcome outcome) {
    if (outcome instanceof StepOutcome.Failed failed) {
      return new StoredOutcome(
          StepStatus.FAILED, null, failed.failure().code().wireValue(), failed.failure().message());
    }
    if (outcome instanceof StepOutcome.Skipped skipped) {
      return new StoredOutcome(StepStatus.SKIPPED, Json.write(skipped.result()), null, null);
    }
    StepOutcome.Completed completed = (StepOutcome.Completed) outcome;
    return new StoredOutcome(StepStatus.COMPLETED, Json.write(completed.result()), null, null);
  }
}

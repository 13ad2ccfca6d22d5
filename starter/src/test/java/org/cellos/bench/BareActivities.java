package org.cellos.bench;

import io.temporal.activity.ActivityInterface;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;

/** Steps with the same arguments and results as real ones. */
@ActivityInterface
public interface BareActivities {
  StepResult step(StepRequest request);
}

package org.cellos.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;

/** The activities that perform a step. Their type names are permanent: history holds them. */
@ActivityInterface
public interface StepActivities {

  /** Acknowledges the step; no instrument and no handler is called. */
  @ActivityMethod(name = "DryRunStep")
  StepResult dryRun(StepRequest request);

  /** The fallback for operation types without a handler: acknowledges the step and says so. */
  @ActivityMethod(name = "GenericStep")
  StepResult generic(StepRequest request);

  /** Calls the registered handler, or its start or stop. */
  @ActivityMethod(name = "HandlerStep")
  StepResult handler(StepRequest request);
}

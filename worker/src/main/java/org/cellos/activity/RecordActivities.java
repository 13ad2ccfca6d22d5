package org.cellos.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.time.Instant;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepTimes;

/**
 * Records that the workflow itself issues into the mirror, as local activities. They may be
 * repeated at will, and they take the times, so that history holds the times that the mirror shows.
 */
@ActivityInterface
public interface RecordActivities {

  /**
   * Claims the id and writes the execution with all its steps.
   *
   * @return when it was created
   */
  @ActivityMethod(name = "OpenExecution")
  Instant openExecution(ExecutionInput input);

  /** Decides which activity performs each step, verifies the parameters, and marks it running. */
  @ActivityMethod(name = "BeginExecution")
  BegunExecution beginExecution(BeginExecutionRequest request);

  /** Writes the final outcome of one step. */
  @ActivityMethod(name = "RecordStep")
  StepTimes recordStep(RecordStepRequest request);

  /**
   * Writes the final outcome of the execution.
   *
   * @return when it ended
   */
  @ActivityMethod(name = "RecordExecution")
  Instant recordExecution(RecordExecutionRequest request);

  /**
   * @param sequence from 1, rising by one within an execution
   */
  record BeginExecutionRequest(ExecutionInput input, long sequence, boolean dryRun) {}

  /**
   * @param sequence rising by one within an execution
   */
  record RecordStepRequest(String executionId, long sequence, int stepIndex, StepOutcome outcome) {}

  /**
   * @param sequence rising by one within an execution
   */
  record RecordExecutionRequest(String executionId, long sequence, ExecutionOutcome outcome) {}
}

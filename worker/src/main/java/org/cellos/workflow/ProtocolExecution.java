package org.cellos.workflow;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;

/** One execution of a protocol. The workflow id is the execution id. */
@WorkflowInterface
public interface ProtocolExecution {

  /** Name of the update that begins a created execution. */
  String BEGIN = "begin";

  /**
   * Records the execution, waits for its begin unless the input has it, and performs the steps.
   *
   * <p>Fails, with the step's message and an {@link org.cellos.domain.ErrorCode} as its type, when
   * a step fails; so Temporal's own status is true as well.
   */
  @WorkflowMethod(name = "ProtocolExecution")
  ExecutionOutcome perform(ExecutionInput input);

  /** Lets a created execution begin. Asking twice for the same is harmless. */
  @UpdateMethod(name = BEGIN)
  void begin(Begin begin);

  @UpdateValidatorMethod(updateName = BEGIN)
  void mayBegin(Begin begin);
}

package org.cellos.workflow;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.jspecify.annotations.Nullable;

/** One execution of a protocol. The workflow id is the execution id. */
@WorkflowInterface
public interface ProtocolExecution {

  /** Name of the update that begins a created execution. */
  String BEGIN = "begin";

  /** Name of the update that answers an open question. */
  String ANSWER = "answer";

  /** Name of the update that pauses, resumes, or changes what is to come. */
  String CONTROL = "control";

  /**
   * Records the execution, waits for its begin unless the input has it, and performs the steps.
   *
   * <p>Fails, with the step's message and an {@link org.cellos.domain.ErrorCode} as its type, when
   * a step fails; so Temporal's own status is true as well.
   *
   * @param resumed how far the execution was when its former engine lost it; null for a new one
   */
  @WorkflowMethod(name = "ProtocolExecution")
  ExecutionOutcome perform(ExecutionInput input, @Nullable ExecutionState resumed);

  /**
   * Lets a created execution begin; returns when that is recorded. Asking twice for the same is
   * harmless.
   */
  @UpdateMethod(name = BEGIN)
  void begin(Begin begin);

  @UpdateValidatorMethod(updateName = BEGIN)
  void mayBegin(Begin begin);

  /**
   * Answers the open question; returns when that is recorded. Giving the same answer twice is
   * harmless.
   */
  @UpdateMethod(name = ANSWER)
  void answer(Answer answer);

  @UpdateValidatorMethod(updateName = ANSWER)
  void mayAnswer(Answer answer);

  /**
   * Asks something of the execution; returns when it is recorded. Asking twice with one request id
   * is harmless.
   */
  @UpdateMethod(name = CONTROL)
  void control(ControlRequest request);

  @UpdateValidatorMethod(updateName = CONTROL)
  void mayControl(ControlRequest request);
}

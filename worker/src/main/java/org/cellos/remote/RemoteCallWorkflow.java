package org.cellos.remote;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.cellos.domain.Parameters;

/**
 * One call of a program elsewhere. Its workflow id names the step and its epoch, so that another
 * attempt of the step finds the call of the one before.
 */
@WorkflowInterface
public interface RemoteCallWorkflow {
  /** Name of the workflow's type. */
  String TYPE = "RemoteCall";

  /**
   * @return what the program has answered
   */
  @WorkflowMethod(name = TYPE)
  Parameters call(RemoteCall call);
}

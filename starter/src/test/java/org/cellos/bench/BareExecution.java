package org.cellos.bench;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.cellos.domain.StepRequest;

/** The least that performs steps one after another: no mirror, no ledger, no state. */
@WorkflowInterface
public interface BareExecution {

  /**
   * @param isLocal whether the steps are local activities
   * @param waits whether the first step waits for {@link #begin}
   */
  @WorkflowMethod
  void perform(List<StepRequest> steps, boolean isLocal, boolean waits);

  @UpdateMethod
  void begin();
}

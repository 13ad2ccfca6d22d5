package org.cellos.remote;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.cellos.domain.Parameters;

/** Hands a call on to the task queue of its program. Deterministic. */
public final class RemoteCallWorkflowImpl implements RemoteCallWorkflow {
  @Override
  public Parameters call(RemoteCall call) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setTaskQueue(call.taskQueue())
            .setStartToCloseTimeout(Duration.ofSeconds(call.timeoutSeconds()))
            // What is cancelled has ended only when its program says so.
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(call.attempts()).build());
    Long heartbeat = call.heartbeatSeconds();
    if (heartbeat != null) {
      options.setHeartbeatTimeout(Duration.ofSeconds(heartbeat));
    }
    return Workflow.newUntypedActivityStub(options.build())
        .execute(call.activity(), Parameters.class, call.step());
  }
}

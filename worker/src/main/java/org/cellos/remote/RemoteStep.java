package org.cellos.remote;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Instruments;
import org.cellos.domain.Mode;
import org.cellos.domain.Parameters;
import org.cellos.domain.Progress;
import org.cellos.domain.StepRequest;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;
import org.cellos.handler.StoppedStepException;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.VirtualAnswer;
import org.cellos.handler.WorkerEndsException;
import org.cellos.protocol.HandlersFile.Handler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A step that a program elsewhere performs, in whatever language. Its effect class is {@link
 * EffectClass#REATTACHABLE}: the call is a workflow of its own, and another attempt finds it by its
 * id. Thread-safe.
 */
final class RemoteStep implements StepHandler {
  private static final Logger log = LoggerFactory.getLogger(RemoteStep.class);
  private static final long LOOK_EVERY_MILLIS = 1_000;
  private static final String SIMULATED = "simulated";

  private final Handler handler;
  private final WorkflowClient temporal;
  private final String ownQueue;

  /**
   * @param ownQueue on which the call itself, which only hands on, is performed
   */
  RemoteStep(Handler handler, WorkflowClient temporal, String ownQueue) {
    this.handler = handler;
    this.temporal = temporal;
    this.ownQueue = ownQueue;
  }

  @Override
  public void verify(Parameters parameters) {
    handler.verify(parameters);
  }

  @Override
  public Map<String, ?> perform(StepContext step) throws Exception {
    if (step.request().instruments() == Instruments.VIRTUAL) {
      return VirtualAnswer.of(
          "The handler on " + handler.taskQueue() + " was told nothing: virtual instruments.");
    }
    String id = callId(step.request());
    begin(step, id);
    CompletableFuture<Parameters> answer =
        temporal.newUntypedWorkflowStub(id).getResultAsync(Parameters.class);
    try {
      return result(await(step, id, answer));
    } catch (InterruptedException e) {
      if (!step.isCancelled()) {
        throw new WorkerEndsException(
            "The worker ends; the handler goes on, and another follows it.");
      }
      return cancelled(step, id, answer);
    }
  }

  /** Another epoch is another call. */
  static String callId(StepRequest request) {
    return request.executionId()
        + "/step-"
        + (request.stepIndex() + 1)
        + "/epoch-"
        + request.epoch();
  }

  private void begin(StepContext step, String id) throws Exception {
    if (isCalled(id)) {
      // It is followed to its end, or stopped, even if nobody wants it any more.
      log.info("The call {} goes on", id);
      return;
    }
    step.requireWanted();
    WorkflowStub stub =
        temporal.newUntypedWorkflowStub(
            RemoteCallWorkflow.TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(ownQueue)
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .build());
    try {
      stub.start(
          new RemoteCall(
              step.request(),
              handler.taskQueue(),
              handler.activity(),
              handler.timeout().toSeconds(),
              handler.heartbeat().map(Duration::toSeconds).orElse(null),
              handler.attempts()));
    } catch (WorkflowExecutionAlreadyStarted e) {
      log.info("The call {} goes on", id);
    }
  }

  private boolean isCalled(String id) {
    try {
      describe(id);
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private DescribeWorkflowExecutionResponse describe(String id) {
    return temporal
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(temporal.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                .build());
  }

  private Parameters await(StepContext step, String id, CompletableFuture<Parameters> answer)
      throws Exception {
    while (true) {
      try {
        return answer.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        tellProgress(step, id);
      } catch (ExecutionException e) {
        throw failure(e.getCause() == null ? e : e.getCause());
      }
    }
  }

  private void tellProgress(StepContext step, String id) {
    try {
      for (PendingActivityInfo pending : describe(id).getPendingActivitiesList()) {
        boolean isWaiting =
            pending.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
        if (isWaiting && pending.hasLastFailure()) {
          step.heartbeat(
              handler.taskQueue()
                  + " failed and is tried again: "
                  + pending.getLastFailure().getMessage());
        } else if (isWaiting) {
          step.heartbeat(
              "No program has taken "
                  + step.request().operationType()
                  + " from the task queue "
                  + handler.taskQueue()
                  + " yet: is its handler running?",
              Map.of(Progress.UNATTENDED, true));
        } else {
          step.heartbeat(handler.taskQueue() + " is at it" + said(pending));
        }
        return;
      }
    } catch (StatusRuntimeException e) {
      log.debug("How far {} is cannot be asked now", id, e);
    }
    step.heartbeat("waits for " + handler.taskQueue());
  }

  private static String said(PendingActivityInfo pending) {
    return pending.getHeartbeatDetails().getPayloadsCount() == 0
        ? ""
        : ": " + pending.getHeartbeatDetails().getPayloads(0).getData().toStringUtf8();
  }

  private Map<String, ?> cancelled(
      StepContext step, String id, CompletableFuture<Parameters> answer) throws Exception {
    try {
      temporal.newUntypedWorkflowStub(id).cancel();
      return result(await(step, id, answer));
    } catch (InterruptedException e) {
      throw new WorkerEndsException("The worker ends before the handler has confirmed its stop.");
    } catch (WorkflowServiceException e) {
      throw new IOException("The handler could not be told to stop: " + e.getMessage(), e);
    }
  }

  private static Map<String, ?> result(Parameters answer) {
    Map<String, Object> result = new LinkedHashMap<>(answer.values());
    result.put("status", "success");
    boolean isSimulated = Boolean.TRUE.equals(result.get(SIMULATED));
    result.put("mode", isSimulated ? Mode.VIRTUAL.wireValue() : Mode.HARDWARE.wireValue());
    return result;
  }

  /** What a person has to know, in the words of the program that failed where it has any. */
  private Exception failure(Throwable thrown) {
    @Nullable Throwable cause =
        thrown instanceof WorkflowFailedException ? thrown.getCause() : thrown;
    @Nullable Throwable reason = cause instanceof ActivityFailure ? cause.getCause() : cause;
    if (reason instanceof CanceledFailure) {
      return new StoppedStepException("Stopped by the handler on " + handler.taskQueue() + ".");
    }
    if (reason instanceof ApplicationFailure said) {
      String message =
          "The handler on " + handler.taskQueue() + " failed: " + said.getOriginalMessage();
      return said.isNonRetryable() || handler.effect() != EffectClass.ONCE
          ? new PermanentStepException(message)
          : new UnknownOutcomeException(message + " Look at what it has done.");
    }
    if (reason instanceof TimeoutFailure timeout) {
      return new UnknownOutcomeException(
          "The handler on "
              + handler.taskQueue()
              + " was not heard of in time ("
              + timeout.getTimeoutType()
              + "). Look at what it has done.");
    }
    if (thrown instanceof WorkflowFailedException) {
      return new UnknownOutcomeException(
          "The call of the handler on " + handler.taskQueue() + " was ended by somebody else.");
    }
    return new IOException("The handler cannot be followed now: " + thrown.getMessage(), thrown);
  }
}

package org.cellos.engine;

import com.google.protobuf.util.Durations;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.temporal.api.enums.v1.CommandType;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells when a workflow has nothing to do but to wait: for a timer that it has just started, or for
 * somebody to tell it something.
 */
final class TimerWatch implements ServerInterceptor {
  private static final String TASK_COMPLETED =
      WorkflowServiceGrpc.getRespondWorkflowTaskCompletedMethod().getFullMethodName();

  /** What ends by itself, or ends the workflow. */
  private static final Set<CommandType> GOING_ON =
      EnumSet.of(
          CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
          CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
          CommandType.COMMAND_TYPE_FAIL_WORKFLOW_EXECUTION,
          CommandType.COMMAND_TYPE_CANCEL_WORKFLOW_EXECUTION);

  private final Consumer<Duration> onTimer;
  private final Runnable onWaiting;

  /**
   * @param onTimer called when the server has taken the timer, with how long it lasts from now
   * @param onWaiting called when the workflow waits to be told something
   */
  TimerWatch(Consumer<Duration> onTimer, Runnable onWaiting) {
    this.onTimer = onTimer;
    this.onWaiting = onWaiting;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    if (!call.getMethodDescriptor().getFullMethodName().equals(TASK_COMPLETED)) {
      return next.startCall(call, headers);
    }
    AtomicReference<@Nullable RespondWorkflowTaskCompletedRequest> completed =
        new AtomicReference<>();
    ServerCall<Q, A> watched =
        new SimpleForwardingServerCall<>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            super.close(status, trailers);
            RespondWorkflowTaskCompletedRequest request = completed.get();
            if (status.isOk() && request != null) {
              told(request);
            }
          }
        };
    return new SimpleForwardingServerCallListener<>(next.startCall(watched, headers)) {
      @Override
      public void onMessage(Q message) {
        completed.set((RespondWorkflowTaskCompletedRequest) message);
        super.onMessage(message);
      }
    };
  }

  private void told(RespondWorkflowTaskCompletedRequest request) {
    boolean isGoingOn =
        request.getForceCreateNewWorkflowTask()
            || request.getCommandsList().stream()
                .anyMatch(command -> GOING_ON.contains(command.getCommandType()));
    if (!isGoingOn) {
      request.getCommandsList().stream()
          .filter(command -> command.getCommandType() == CommandType.COMMAND_TYPE_START_TIMER)
          .map(command -> command.getStartTimerCommandAttributes().getStartToFireTimeout())
          .map(timeout -> Duration.ofMillis(Durations.toMillis(timeout)))
          .min(Duration::compareTo)
          .ifPresentOrElse(onTimer, onWaiting);
    }
  }
}

package org.cellos.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.JacksonJsonPayloadConverter;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Progress;
import org.cellos.json.Json;
import org.cellos.workflow.ProtocolExecution;
import org.jspecify.annotations.Nullable;

/** Starts and steers executions on one engine and one task queue. Thread-safe. */
public final class ExecutionClient {
  private static final String WORKFLOW_TYPE = "ProtocolExecution";
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private static final int LOOK_DEADLINE_SECONDS = 5;

  /** A workflow task that fails so often will not succeed by itself. */
  private static final int TASK_ATTEMPTS_OF_TROUBLE = 3;

  private final WorkflowClient temporal;
  private final String taskQueue;
  private final Set<String> searchAttributes;

  public ExecutionClient(WorkflowClient temporal, String taskQueue) {
    this(temporal, taskQueue, Set.of());
  }

  /**
   * @param searchAttributes those of {@link ExecutionLabels} that the namespace has
   */
  public ExecutionClient(WorkflowClient temporal, String taskQueue, Set<String> searchAttributes) {
    this.temporal = temporal;
    this.taskQueue = taskQueue;
    this.searchAttributes = searchAttributes;
  }

  /** A Temporal client that writes the project's JSON. Workers must use the same. */
  public static WorkflowClient temporalClient(WorkflowServiceStubs stubs, String namespace) {
    return WorkflowClient.newInstance(
        stubs,
        WorkflowClientOptions.newBuilder()
            .setNamespace(namespace)
            .setDataConverter(dataConverter())
            .build());
  }

  /** The form of everything that is in histories. */
  static DataConverter dataConverter() {
    return DefaultDataConverter.newDefaultInstance()
        .withPayloadConverterOverrides(new JacksonJsonPayloadConverter(Json.mapper()));
  }

  /**
   * Starts an execution; it waits for its begin unless the input has one. Starting one that is open
   * already changes nothing.
   *
   * @param resumed how far it was when its former engine lost it; null for a new one
   * @throws ExecutionRefusedException if an execution with this id has ended already
   */
  public void start(ExecutionInput input, @Nullable ExecutionState resumed) {
    WorkflowStub stub =
        temporal.newUntypedWorkflowStub(
            WORKFLOW_TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(input.executionId())
                .setTaskQueue(taskQueue)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setWorkflowIdReusePolicy(
                    resumed == null
                        ? WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE
                        // A run that gave it up has closed; that nothing is repeated is the
                        // ledger's to know.
                        : WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setStaticSummary(ExecutionLabels.summary(input))
                .setStaticDetails(ExecutionLabels.details(input))
                .setMemo(ExecutionLabels.memo(input))
                .setTypedSearchAttributes(ExecutionLabels.searchAttributes(input, searchAttributes))
                .build());
    try {
      stub.start(input, resumed);
    } catch (WorkflowExecutionAlreadyStarted e) {
      throw new ExecutionRefusedException(
          "The execution " + input.executionId() + " has ended already.", e);
    }
  }

  /**
   * Lets a created execution begin.
   *
   * @param deadline how long a worker may take to accept it
   * @throws ExecutionRefusedException if it has begun otherwise, has ended, is not known to the
   *     engine, or no worker answers in time
   */
  public void begin(String executionId, Begin begin, Duration deadline) {
    update(executionId, ProtocolExecution.BEGIN, begin, deadline, () -> false);
  }

  /**
   * Answers the open question of an execution; returns when that is recorded.
   *
   * @param deadline how long a worker may take to accept it
   * @throws ExecutionRefusedException if the answer does not fit, or no worker answers in time
   */
  public void answer(
      String executionId, Answer answer, Duration deadline, BooleanSupplier isEngineGone) {
    update(executionId, ProtocolExecution.ANSWER, answer, deadline, isEngineGone);
  }

  /**
   * Asks something of an open execution; returns when that is recorded.
   *
   * @param deadline how long a worker may take to accept it
   * @param isEngineGone whether nobody will ever answer
   * @throws ExecutionUnreachableException if nobody will
   * @throws ExecutionRefusedException if it cannot be followed, saying why, or no worker answers in
   *     time
   */
  public void control(
      String executionId, ControlRequest request, Duration deadline, BooleanSupplier isEngineGone) {
    update(executionId, ProtocolExecution.CONTROL, request, deadline, isEngineGone);
  }

  private void update(
      String executionId,
      String name,
      Object argument,
      Duration deadline,
      BooleanSupplier isEngineGone) {
    WorkflowStub stub = temporal.newUntypedWorkflowStub(executionId);
    CompletableFuture<Void> update =
        CompletableFuture.runAsync(() -> stub.update(name, Void.class, argument));
    try {
      await(executionId, update, deadline, isEngineGone);
    } catch (TimeoutException e) {
      throw new ExecutionPendingException(
          "No worker answered within "
              + deadline.toSeconds()
              + " s. One that does later may still take it: look with 'cellos show "
              + executionId
              + "' before you say it again. 'cellos worker' brings one.",
          e);
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      if (!(cause instanceof WorkflowUpdateException)
          && !(cause instanceof WorkflowNotFoundException)) {
        throw new ExecutionUnreachableException(refusal(executionId, cause), e);
      }
      throw new ExecutionRefusedException(refusal(executionId, cause), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionRefusedException("Interrupted before a worker answered.", e);
    }
  }

  /** Temporal's client tries again and again where its server has ended for good. */
  private static void await(
      String executionId,
      CompletableFuture<Void> update,
      Duration deadline,
      BooleanSupplier isEngineGone)
      throws InterruptedException, ExecutionException, TimeoutException {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      try {
        update.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (isEngineGone.getAsBoolean()) {
          throw new ExecutionUnreachableException(
              "The process that performed " + executionId + " has ended.", e);
        }
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  /** Completes with how the execution ended, whichever way it does. */
  public CompletableFuture<ExecutionOutcome> outcome(String executionId) {
    return temporal
        .newUntypedWorkflowStub(executionId)
        .getResultAsync(ExecutionOutcome.class)
        .exceptionally(ExecutionClient::failedOutcome);
  }

  /** Whether Temporal has closed the execution, however it ended. */
  public boolean hasEnded(String executionId) {
    return temporal.newUntypedWorkflowStub(executionId).describe().getCloseTime() != null;
  }

  /**
   * Whether an id on this server belongs to an execution of another history.
   *
   * @throws StatusRuntimeException if Temporal does not answer
   */
  public boolean isOfAnotherHistory(String executionId) {
    try {
      return !describe(executionId).getExecutionConfig().getTaskQueue().getName().equals(taskQueue);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /**
   * The open executions of this history, as far as the server has noticed by now; empty where it
   * cannot list them.
   *
   * @throws StatusRuntimeException if Temporal does not answer
   */
  public Optional<Set<String>> open() {
    try {
      Set<String> ids = new HashSet<>();
      ByteString page = ByteString.EMPTY;
      do {
        ListWorkflowExecutionsResponse listed =
            service()
                .listWorkflowExecutions(
                    ListWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(temporal.getOptions().getNamespace())
                        .setQuery(
                            "TaskQueue = '"
                                + taskQueue
                                + "' AND WorkflowType = '"
                                + WORKFLOW_TYPE
                                + "' AND ExecutionStatus = 'Running'")
                        .setNextPageToken(page)
                        .build());
        listed.getExecutionsList().forEach(info -> ids.add(info.getExecution().getWorkflowId()));
        page = listed.getNextPageToken();
      } while (!page.isEmpty());
      return Optional.of(ids);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private DescribeWorkflowExecutionResponse describe(String executionId) {
    return service()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(temporal.getOptions().getNamespace())
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(executionId).build())
                .build());
  }

  /** What Temporal says of an execution. */
  public sealed interface Sight {
    /**
     * It goes on.
     *
     * @param trouble what keeps it from doing so; null for nothing
     */
    record Open(String temporalRunId, @Nullable String trouble) implements Sight {}

    /**
     * Its workflow has ended.
     *
     * @param outcome empty where another workflow has the execution
     * @param fromOutside whether it was terminated or timed out, and so could not record its end
     */
    record Closed(String temporalRunId, Optional<ExecutionOutcome> outcome, boolean fromOutside)
        implements Sight {}

    /** Temporal knows nothing of it: it never did, or has forgotten. */
    record Unknown() implements Sight {}
  }

  /**
   * Looks at the newest run of an execution.
   *
   * @throws StatusRuntimeException if Temporal does not answer
   */
  public Sight look(String executionId) {
    try {
      DescribeWorkflowExecutionResponse described = describe(executionId);
      WorkflowExecution run = described.getWorkflowExecutionInfo().getExecution();
      return described.getWorkflowExecutionInfo().getStatus()
              == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
          ? new Sight.Open(run.getRunId(), trouble(described))
          : closed(run);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return new Sight.Unknown();
      }
      throw e;
    }
  }

  private Sight.Closed closed(WorkflowExecution run) {
    HistoryEvent last = lastEvent(run);
    return new Sight.Closed(
        run.getRunId(),
        ClosedWorkflows.outcome(last),
        last.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED
            || last.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT);
  }

  private HistoryEvent lastEvent(WorkflowExecution run) {
    return service()
        .getWorkflowExecutionHistory(
            GetWorkflowExecutionHistoryRequest.newBuilder()
                .setNamespace(temporal.getOptions().getNamespace())
                .setExecution(run)
                .setHistoryEventFilterType(
                    HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT)
                .build())
        .getHistory()
        .getEvents(0);
  }

  private static @Nullable String trouble(DescribeWorkflowExecutionResponse described) {
    int attempt = described.getPendingWorkflowTask().getAttempt();
    return attempt < TASK_ATTEMPTS_OF_TROUBLE
        ? described.getPendingActivitiesList().stream()
            .flatMap(pending -> unattended(pending).stream())
            .findFirst()
            .orElse(null)
        : "Its workflow task has failed "
            + (attempt - 1)
            + " times; look at the worker's output and at the Temporal Web UI.";
  }

  /** What a step says that no program has taken up; empty for all others. */
  private static Optional<String> unattended(PendingActivityInfo pending) {
    if (pending.getHeartbeatDetails().getPayloadsCount() == 0) {
      return Optional.empty();
    }
    try {
      Map<String, Object> said =
          Json.readObject(pending.getHeartbeatDetails().getPayloads(0).getData().toStringUtf8());
      return Boolean.TRUE.equals(said.get(Progress.UNATTENDED))
          ? Optional.of(String.valueOf(said.get(Progress.TEXT)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // One line for people, which most steps say.
      return Optional.empty();
    }
  }

  private WorkflowServiceBlockingStub service() {
    return temporal
        .getWorkflowServiceStubs()
        .blockingStub()
        .withDeadlineAfter(LOOK_DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Asks for an end; the instruments are stopped before the execution is cancelled.
   *
   * @throws ExecutionRefusedException if it has ended already
   */
  public void cancel(String executionId, String reason) {
    try {
      temporal.newUntypedWorkflowStub(executionId).cancel(reason);
    } catch (WorkflowNotFoundException e) {
      throw new ExecutionRefusedException(
          "The execution " + executionId + " has ended already.", e);
    }
  }

  private static ExecutionOutcome failedOutcome(Throwable thrown) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof StatusRuntimeException || failure instanceof WorkflowServiceException) {
      throw new CompletionException(
          new ExecutionUnreachableException(
              "Temporal does not answer: " + message(failure), failure));
    }
    if (failure instanceof WorkflowNotFoundException) {
      throw new CompletionException(
          new ExecutionForgottenException("Temporal knows nothing of it any more.", failure));
    }
    if (!(failure instanceof WorkflowFailedException)) {
      throw new CompletionException(failure);
    }
    Throwable cause = Optional.ofNullable(failure.getCause()).orElse(failure);
    if (cause instanceof CanceledFailure) {
      return ExecutionOutcome.cancelled("Cancelled.");
    }
    if (cause instanceof TerminatedFailure) {
      return ExecutionOutcome.failed("Terminated in Temporal, without any clean-up.");
    }
    if (cause instanceof TimeoutFailure) {
      return ExecutionOutcome.failed("Timed out in Temporal, without any clean-up.");
    }
    return ExecutionOutcome.failed(message(cause));
  }

  private static String refusal(String executionId, Throwable cause) {
    if (cause instanceof WorkflowUpdateException update && update.getCause() != null) {
      return message(update.getCause());
    }
    return "The execution " + executionId + " could not be asked: " + message(cause);
  }

  /** The sentence that somebody wrote, without what Temporal wraps around it. */
  static String message(Throwable cause) {
    if (cause instanceof ActivityFailure && cause.getCause() != null) {
      return message(cause.getCause());
    }
    if (cause instanceof ApplicationFailure application) {
      return application.getOriginalMessage();
    }
    return Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString);
  }
}

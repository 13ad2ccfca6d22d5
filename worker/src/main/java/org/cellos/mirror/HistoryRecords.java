package org.cellos.mirror;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.MarkerRecordedEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptor;
import io.temporal.common.interceptors.WorkflowOutboundCallsInterceptorBase;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records that a workflow has issued out of its history. The markers there hold only what
 * the recorder returned, so the workflow's own code is replayed: it says what it had recorded. No
 * second reading of the events could disagree with it. Not thread-safe.
 */
final class HistoryRecords implements AutoCloseable {
  private static final String LOCAL_ACTIVITY = "LocalActivity";
  private static final Set<String> RECORDS =
      Set.of(
          "OpenExecution",
          "BeginExecution",
          "RecordStep",
          "OpenDecision",
          "CloseDecision",
          "RecordControl",
          "RecordPaused",
          "RecordDetour",
          "RecordCancelling",
          "RecordExecution");

  private final WorkflowClient temporal;
  private final WorkerFactory factory;
  private final Worker worker;
  private final List<Call> calls = new ArrayList<>();

  /**
   * @param temporal with the form of what is in histories; it is not asked anything
   * @param workflow the implementation of the workflow
   */
  HistoryRecords(WorkflowClient temporal, Class<?> workflow) {
    this.temporal = temporal;
    this.factory =
        WorkerFactory.newInstance(
            temporal,
            WorkerFactoryOptions.newBuilder().setWorkerInterceptors(new Listening()).build());
    this.worker = factory.newWorker("replay");
    worker.registerWorkflowImplementationTypes(workflow);
  }

  /**
   * A record that is in a history.
   *
   * @param request what was recorded
   * @param result what the recorder returned; null where it returns nothing
   * @param at about when, for those that return no time; not before it
   * @param temporalRunId the run that issued it: a reset run begins with records of its base
   */
  record Recorded(Object request, @Nullable Object result, Instant at, String temporalRunId) {}

  /** The records of one history, in the order in which they were made. */
  List<Recorded> of(RunHistory run) throws UnprojectableException {
    synchronized (calls) {
      calls.clear();
    }
    try {
      worker.replayWorkflowExecution(replayable(run.history()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnprojectableException("Interrupted.", e);
    } catch (Exception e) {
      throw new UnprojectableException(
          "its history does not fit this version of cellos: " + firstLine(e), e);
    }
    List<Call> made;
    synchronized (calls) {
      made = List.copyOf(calls);
    }
    Map<String, Deque<Marker>> markers = markers(run);
    List<Recorded> records = new ArrayList<>();
    for (Call call : made) {
      Marker marker = markers.getOrDefault(call.type(), new ArrayDeque<>()).poll();
      if (marker == null) {
        throw new UnprojectableException(
            "its history has no marker for a record of the type " + call.type(), null);
      }
      records.add(
          new Recorded(call.request(), call.result(), marker.at(), run.writerOf(marker.eventId())));
    }
    return records;
  }

  /** An end from outside is nothing that the workflow's code could come to. */
  private static WorkflowExecutionHistory replayable(WorkflowExecutionHistory history) {
    return switch (history.getLastEvent().getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED, EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT ->
          new WorkflowExecutionHistory(
              History.newBuilder()
                  .addAllEvents(history.getEvents().subList(0, history.getEvents().size() - 1))
                  .build(),
              history.getWorkflowExecution().getWorkflowId());
      default -> history;
    };
  }

  /** The exception's chain is long, and its beginning says only that something failed. */
  private static String firstLine(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse(cause.toString());
  }

  /** The markers of records by type; records of one type follow one another. */
  private static Map<String, Deque<Marker>> markers(RunHistory run) {
    Map<String, Deque<Marker>> markers = new HashMap<>();
    for (HistoryEvent event : run.history().getEvents()) {
      if (event.getEventType() == EventType.EVENT_TYPE_MARKER_RECORDED) {
        MarkerRecordedEventAttributes marker = event.getMarkerRecordedEventAttributes();
        if (marker.getMarkerName().equals(LOCAL_ACTIVITY) && !marker.hasFailure()) {
          markers
              .computeIfAbsent(type(run, marker), type -> new ArrayDeque<>())
              .add(new Marker(event.getEventId(), RunHistory.time(event)));
        }
      }
    }
    return markers;
  }

  private static String type(RunHistory run, MarkerRecordedEventAttributes marker) {
    return run.text(marker.getDetailsMap().get("type"));
  }

  private record Call(String type, Object request, @Nullable Object result) {}

  private record Marker(long eventId, Instant at) {}

  @Override
  public void close() {
    factory.shutdownNow();
    factory.awaitTermination(Duration.ofSeconds(2).toMillis(), TimeUnit.MILLISECONDS);
  }

  private final class Listening extends WorkerInterceptorBase {
    @Override
    public WorkflowInboundCallsInterceptor interceptWorkflow(WorkflowInboundCallsInterceptor next) {
      return new WorkflowInboundCallsInterceptorBase(next) {
        @Override
        public void init(WorkflowOutboundCallsInterceptor outbound) {
          super.init(new Outbound(outbound));
        }
      };
    }
  }

  private final class Outbound extends WorkflowOutboundCallsInterceptorBase {
    Outbound(WorkflowOutboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public <R> LocalActivityOutput<R> executeLocalActivity(LocalActivityInput<R> input) {
      LocalActivityOutput<R> output = super.executeLocalActivity(input);
      if (!RECORDS.contains(input.getActivityName())) {
        return output;
      }
      // One whose marker is missing never completes in a replay.
      return new LocalActivityOutput<>(
          output
              .getResult()
              .thenApply(
                  result -> {
                    synchronized (calls) {
                      calls.add(new Call(input.getActivityName(), input.getArgs()[0], result));
                    }
                    return result;
                  }));
    }
  }

  /** The client that the histories were read with. */
  WorkflowClient temporal() {
    return temporal;
  }

  static boolean isReset(HistoryEvent event) {
    return event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        && event.getWorkflowTaskFailedEventAttributes().getCause()
            == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW;
  }
}

package org.cellos.mirror;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the histories of executions: on the server, and those that it has forgotten in files. */
final class Histories {
  /** Calls of handlers elsewhere are workflows too, and are in the history of their execution. */
  private static final String EXECUTIONS = "WorkflowType = 'ProtocolExecution'";

  private final @Nullable WorkflowClient server;
  private final @Nullable HistoryArchive archive;

  /**
   * @param server null to look into files only
   * @param archive null to ask the server only
   */
  Histories(@Nullable WorkflowClient server, @Nullable HistoryArchive archive) {
    this.server = server;
    this.archive = archive;
  }

  /** The same, without asking the server. */
  Histories inFiles() {
    return new Histories(null, archive);
  }

  /**
   * All runs of an execution that can be found.
   *
   * @param knownRuns runs that a mirror knows of
   * @param problems where a file cannot be read, a sentence about it is added
   */
  List<RunHistory> find(String executionId, Collection<String> knownRuns, List<String> problems) {
    Map<String, RunHistory> found = new LinkedHashMap<>();
    if (archive != null) {
      archive.read(executionId, problems).forEach(run -> found.put(run.runId(), run));
    }
    if (server != null) {
      Set<String> looked = new LinkedHashSet<>();
      Deque<String> wanted = new ArrayDeque<>(knownRuns);
      newestRun(server, executionId).ifPresent(wanted::addFirst);
      found.values().forEach(run -> wanted.addAll(run.otherRuns()));
      while (!wanted.isEmpty()) {
        String runId = wanted.remove();
        // What is closed does not change any more, and a file is read faster.
        boolean isClosedInFile = found.containsKey(runId) && isClosed(found.get(runId));
        if (looked.add(runId) && !isClosedInFile) {
          fetch(server, executionId, runId)
              .ifPresent(
                  run -> {
                    found.put(runId, run);
                    wanted.addAll(run.otherRuns());
                  });
        }
      }
    }
    return List.copyOf(found.values());
  }

  static Optional<RunHistory> fetch(WorkflowClient server, String executionId, String runId) {
    try {
      WorkflowExecutionHistory history = server.fetchHistory(executionId, runId);
      return history.getEvents().isEmpty()
          ? Optional.empty()
          : Optional.of(new RunHistory(runId, history, server.getOptions().getDataConverter()));
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return forgotten(e);
    }
  }

  static boolean isClosed(@Nullable RunHistory run) {
    return run != null
        && switch (run.last().getEventType()) {
          case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
              EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
              EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
              EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
              EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
              EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
              true;
          default -> false;
        };
  }

  private static Optional<String> newestRun(WorkflowClient server, String executionId) {
    try {
      return Optional.of(
          server.newUntypedWorkflowStub(executionId).describe().getExecution().getRunId());
    } catch (WorkflowNotFoundException e) {
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return forgotten(e);
    }
  }

  /** INVALID_ARGUMENT says that what a former engine called a run is none for this one. */
  private static <T> Optional<T> forgotten(StatusRuntimeException e) {
    if (e.getStatus().getCode() == Status.Code.NOT_FOUND
        || e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
      return Optional.empty();
    }
    throw e;
  }

  /**
   * The executions on a task queue, and those in files.
   *
   * @param taskQueue null for those in files only
   */
  Set<String> executionIds(@Nullable String taskQueue) {
    Set<String> ids = new TreeSet<>();
    if (archive != null) {
      ids.addAll(archive.executionIds());
    }
    if (server != null && taskQueue != null) {
      listed(server, "TaskQueue = '" + taskQueue + "' AND " + EXECUTIONS)
          .forEach(workflow -> ids.add(workflow.getExecution().getWorkflowId()));
    }
    return ids;
  }

  /** The task queues of all executions on a server. */
  static Set<String> taskQueues(WorkflowClient server) {
    Set<String> queues = new TreeSet<>();
    listed(server, EXECUTIONS).forEach(workflow -> queues.add(workflow.getTaskQueue()));
    return queues;
  }

  private static List<WorkflowExecutionMetadata> listed(WorkflowClient server, String query) {
    try (Stream<WorkflowExecutionMetadata> workflows = server.listExecutions(query)) {
      return workflows.toList();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        // The in-memory server keeps no list.
        return List.of();
      }
      throw e;
    }
  }
}

package org.cellos.client;

import io.temporal.api.common.v1.Payloads;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes;
import io.temporal.common.converter.DataConverter;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionOutcome;

/** What the end of a workflow in Temporal means for its execution. */
public final class ClosedWorkflows {
  private static final String NOTHING_STOPPED = "Nothing was stopped or cleaned up.";
  private static final DataConverter CONVERTER = ExecutionClient.dataConverter();

  /** These workflows end without an end of their execution, which another one has. */
  private static final Set<String> NOT_OURS =
      Set.of(ErrorCode.ID_IN_USE.wireValue(), ErrorCode.TAKEN_OVER.wireValue());

  private ClosedWorkflows() {}

  /**
   * How the execution ended.
   *
   * @param last the last event of the workflow's history
   * @return empty if the workflow is open, or another one has the execution
   */
  public static Optional<ExecutionOutcome> outcome(HistoryEvent last) {
    return switch (last.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED ->
          Optional.of(
              ExecutionOutcome.failed(
                  terminated(last.getWorkflowExecutionTerminatedEventAttributes())));
      case EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT ->
          Optional.of(ExecutionOutcome.failed("Timed out in Temporal. " + NOTHING_STOPPED));
      case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED ->
          failed(last.getWorkflowExecutionFailedEventAttributes().getFailure());
      case EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED ->
          Optional.of(ExecutionOutcome.cancelled("Cancelled."));
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED ->
          Optional.of(completed(last.getWorkflowExecutionCompletedEventAttributes().getResult()));
      default -> Optional.empty();
    };
  }

  private static String terminated(WorkflowExecutionTerminatedEventAttributes event) {
    StringBuilder text = new StringBuilder("Terminated in Temporal");
    if (!event.getIdentity().isBlank()) {
      text.append(" by ").append(event.getIdentity().strip());
    }
    // The sentence brings its own full stop.
    String reason = event.getReason().strip().replaceFirst("\\.$", "");
    if (!reason.isEmpty()) {
      text.append(": ").append(reason);
    }
    return text.append(". ").append(NOTHING_STOPPED).toString();
  }

  private static Optional<ExecutionOutcome> failed(Failure failure) {
    return NOT_OURS.contains(failure.getApplicationFailureInfo().getType())
        ? Optional.empty()
        : Optional.of(
            ExecutionOutcome.failed(
                ExecutionClient.message(CONVERTER.failureToException(failure))));
  }

  private static ExecutionOutcome completed(Payloads result) {
    return Optional.ofNullable(
            CONVERTER.fromPayloads(
                0, Optional.of(result), ExecutionOutcome.class, ExecutionOutcome.class))
        .orElseGet(ExecutionOutcome::completed);
  }
}

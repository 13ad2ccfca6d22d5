package org.cellos.mirror;

import com.google.protobuf.Timestamp;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowTaskFailedEventAttributes;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The history of one Temporal run of an execution.
 *
 * @param runId the run
 * @param history from its first event on
 * @param converter the form of what is in it
 */
record RunHistory(String runId, WorkflowExecutionHistory history, DataConverter converter) {

  static Instant time(HistoryEvent event) {
    Timestamp time = event.getEventTime();
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  List<HistoryEvent> events() {
    return history.getEvents();
  }

  HistoryEvent last() {
    return events().get(events().size() - 1);
  }

  /** When this run began: a reset one with its reset, although it has older events. */
  Instant begin() {
    return resets().stream()
        .reduce((first, second) -> second)
        .or(() -> events().stream().findFirst())
        .map(RunHistory::time)
        .orElse(Instant.EPOCH);
  }

  /** The run that wrote an event: before a reset it is the base of the reset. */
  String writerOf(long eventId) {
    return resets().stream()
        .filter(reset -> eventId < reset.getEventId())
        .findFirst()
        .map(reset -> reset.getWorkflowTaskFailedEventAttributes().getBaseRunId())
        .orElse(runId);
  }

  /** The other runs of the execution that this one tells of. */
  Set<String> otherRuns() {
    Set<String> runs = new LinkedHashSet<>();
    for (HistoryEvent reset : resets()) {
      WorkflowTaskFailedEventAttributes attributes = reset.getWorkflowTaskFailedEventAttributes();
      runs.add(attributes.getBaseRunId());
      runs.add(attributes.getNewRunId());
    }
    HistoryEvent first = events().get(0);
    if (first.hasWorkflowExecutionStartedEventAttributes()) {
      runs.add(first.getWorkflowExecutionStartedEventAttributes().getContinuedExecutionRunId());
    }
    if (last().getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW) {
      runs.add(last().getWorkflowExecutionContinuedAsNewEventAttributes().getNewExecutionRunId());
    }
    runs.remove("");
    runs.remove(runId);
    return runs;
  }

  private List<HistoryEvent> resets() {
    return events().stream().filter(HistoryRecords::isReset).toList();
  }

  String text(@Nullable Payloads payloads) {
    return Optional.ofNullable(payloads).map(some -> value(some, String.class)).orElse("");
  }

  <T> T value(Payloads payloads, Class<T> type) {
    return converter.fromPayloads(0, Optional.of(payloads), type, type);
  }
}

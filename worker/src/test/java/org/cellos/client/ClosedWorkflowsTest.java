package org.cellos.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.WorkflowExecutionCompletedEventAttributes;
import io.temporal.api.history.v1.WorkflowExecutionFailedEventAttributes;
import io.temporal.api.history.v1.WorkflowExecutionTerminatedEventAttributes;
import io.temporal.failure.ApplicationFailure;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionOutcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClosedWorkflowsTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          ada@bench, wrong flask, 'Terminated in Temporal by ada@bench: wrong flask.'
          ada@bench, wrong flask., 'Terminated in Temporal by ada@bench: wrong flask.'
          ada@bench, '', 'Terminated in Temporal by ada@bench.'
          '', wrong flask, 'Terminated in Temporal: wrong flask.'
          ' ', ' ', 'Terminated in Temporal.'
          """)
  void aTerminatedOneHasFailedAndSaysWhoAndWhy(String identity, String reason, String sentence) {
    HistoryEvent event =
        HistoryEvent.newBuilder()
            .setEventType(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED)
            .setWorkflowExecutionTerminatedEventAttributes(
                WorkflowExecutionTerminatedEventAttributes.newBuilder()
                    .setIdentity(identity)
                    .setReason(reason))
            .build();

    assertThat(ClosedWorkflows.outcome(event))
        .contains(ExecutionOutcome.failed(sentence + " Nothing was stopped or cleaned up."));
  }

  @Test
  void oneThatTimedOutHasFailed() {
    assertThat(ClosedWorkflows.outcome(event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT)))
        .contains(
            ExecutionOutcome.failed("Timed out in Temporal. Nothing was stopped or cleaned up."));
  }

  @Test
  void aFailedOneHasItsOwnMessage() {
    assertThat(ClosedWorkflows.outcome(failed(ErrorCode.STEP_FAILED)))
        .contains(ExecutionOutcome.failed("The lamp is broken"));
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {"ID_IN_USE", "TAKEN_OVER"})
  void oneWhoseExecutionAnotherHasSaysNothingOfIt(ErrorCode code) {
    assertThat(ClosedWorkflows.outcome(failed(code))).isEmpty();
  }

  @Test
  void aCompletedOneHasItsOwnResult() {
    ExecutionOutcome outcome = ExecutionOutcome.completed();
    HistoryEvent event =
        HistoryEvent.newBuilder()
            .setEventType(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
            .setWorkflowExecutionCompletedEventAttributes(
                WorkflowExecutionCompletedEventAttributes.newBuilder()
                    .setResult(ExecutionClient.dataConverter().toPayloads(outcome).orElseThrow()))
            .build();

    assertThat(ClosedWorkflows.outcome(event)).contains(outcome);
  }

  @Test
  void aCancelledOneIsCancelled() {
    assertThat(ClosedWorkflows.outcome(event(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED)))
        .contains(ExecutionOutcome.cancelled("Cancelled."));
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      names = {
        "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED",
        "EVENT_TYPE_WORKFLOW_TASK_COMPLETED",
        "EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW"
      })
  void anOpenOneHasNoOutcome(EventType type) {
    assertThat(ClosedWorkflows.outcome(event(type))).isEmpty();
  }

  private static HistoryEvent event(EventType type) {
    return HistoryEvent.newBuilder().setEventType(type).build();
  }

  private static HistoryEvent failed(ErrorCode code) {
    return HistoryEvent.newBuilder()
        .setEventType(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED)
        .setWorkflowExecutionFailedEventAttributes(
            WorkflowExecutionFailedEventAttributes.newBuilder()
                .setFailure(
                    ExecutionClient.dataConverter()
                        .exceptionToFailure(
                            ApplicationFailure.newNonRetryableFailure(
                                "The lamp is broken", code.wireValue()))))
        .build();
  }
}

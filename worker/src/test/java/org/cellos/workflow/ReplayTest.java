package org.cellos.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Running executions survive a new version of the workflow only if their histories replay on it.
 */
class ReplayTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 5.0, "temperature_c", 37.0));
  private static final UnitOp IMAGE = UnitOp.of("image", "Image", Map.of());

  @TempDir Path folder;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    executor = WorkflowExecutor.open(folder.resolve("executions.db"), EngineChoice.inMemory());
    executor.registerHandler(
        "image",
        step -> {
          throw new IllegalStateException("The lamp is broken");
        });
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void aCompletedExecutionReplays() {
    String id = perform(List.of(DISPENSE, INCUBATE), false, ExecutionStatus.COMPLETED);

    assertReplays(history(id));
  }

  @Test
  void aCompletedDryRunOfManyStepsReplays() {
    String id =
        perform(java.util.Collections.nCopies(60, DISPENSE), true, ExecutionStatus.COMPLETED);

    assertReplays(history(id));
  }

  @Test
  void aFailedExecutionReplays() {
    String id = perform(List.of(DISPENSE, IMAGE, INCUBATE), false, ExecutionStatus.FAILED);

    assertReplays(history(id));
  }

  @Test
  void aCancelledExecutionReplays() {
    String id = create(List.of(UnitOp.of("incubate", "Incubate", longTime()), DISPENSE));
    executor.begin(id, false);
    executor.cancel(id, "test");
    executor.await(id);

    assertReplays(history(id));
  }

  @Test
  void anIncompatibleHistoryIsCaught() {
    String id = perform(List.of(DISPENSE, INCUBATE), false, ExecutionStatus.COMPLETED);
    String changed = history(id).toJson(false).replace("HandlerStep", "AnotherStep");

    assertThatThrownBy(() -> replay(WorkflowExecutionHistory.fromJson(changed)))
        .hasMessageContaining("NonDeterministicException")
        .hasMessageContaining("AnotherStep");
  }

  @Test
  void historyReadsLikeTheProtocol() {
    String id = perform(List.of(DISPENSE, INCUBATE), false, ExecutionStatus.COMPLETED);

    assertThat(summaries(history(id)))
        .contains(
            "\"1 · Give medium\"",
            "\"2 · Incubate (start)\"",
            "\"2 · Incubate (wait)\"",
            "\"2 · Incubate (stop)\"");
  }

  private static List<String> summaries(WorkflowExecutionHistory history) {
    return history.getEvents().stream()
        .filter(io.temporal.api.history.v1.HistoryEvent::hasUserMetadata)
        .map(event -> event.getUserMetadata().getSummary().getData().toStringUtf8())
        .toList();
  }

  private String perform(List<UnitOp> unitOps, boolean dryRun, ExecutionStatus expected) {
    ExecutionRecord finished = executor.execute(create(unitOps), dryRun);
    assertThat(finished.status()).isEqualTo(expected);
    return finished.executionId();
  }

  private String create(List<UnitOp> unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", unitOps, Map.of())
        .executionId();
  }

  private static Map<String, Object> longTime() {
    return Map.of("minutes", 100_000.0, "temperature_c", 37.0);
  }

  private WorkflowExecutionHistory history(String executionId) {
    return temporal().fetchHistory(executionId);
  }

  private WorkflowClient temporal() {
    return ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
  }

  private void assertReplays(WorkflowExecutionHistory history) {
    assertThatCode(() -> replay(history)).doesNotThrowAnyException();
  }

  private void replay(WorkflowExecutionHistory history) throws Exception {
    try (TestWorkflowEnvironment environment =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(temporal().getOptions())
                .build())) {
      Worker worker = environment.newWorker("replay");
      worker.registerWorkflowImplementationTypes(ProtocolExecutionImpl.class);
      worker.replayWorkflowExecution(history);
    }
  }
}

package org.cellos.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.cellos.HistoryCorpus;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepAction;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.worker.LostIntent;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Running executions survive a new version of the workflow only if their histories replay on it.
 */
class ReplayTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 5.0, "temperature_c", 37.0));

  /** Two seconds at the default speed-up. */
  private static final UnitOp REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final UnitOp IMAGE = UnitOp.of("image", "Image", Map.of());

  @TempDir Path folder;
  private WorkflowExecutor executor;
  private String scenario;

  @BeforeEach
  void open(TestInfo test) {
    scenario =
        test.getTestMethod().orElseThrow().getName()
            + test.getDisplayName().replaceAll(".*\\(\\)", "");
    open();
  }

  private void open() {
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
    String id = perform(Collections.nCopies(60, DISPENSE), true, ExecutionStatus.COMPLETED);

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
  void anExecutionThatIsCancelledInAStepReplays() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          begun.countDown();
          Thread.sleep(Duration.ofMinutes(1).toMillis());
          return Map.of();
        });
    String id = create(List.of(DISPENSE, IMAGE, DISPENSE));
    executor.begin(id, false);
    begun.await();
    executor.cancel(id, "by ada");
    // It was interrupted, and has not said that its instrument stopped.
    answer(id, 1, StepAction.PERFORM, Choice.SKIP);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

    assertReplays(history(id));
  }

  @ParameterizedTest
  @EnumSource(
      value = Choice.class,
      names = {"DONE", "AGAIN", "SKIP", "ABORT"})
  void aDecidedExecutionReplays(Choice choice) throws Exception {
    String id = create(List.of(DISPENSE, INCUBATE, DISPENSE));
    LostIntent.plant(database(), id, 0, StepAction.PERFORM);
    LostIntent.plant(database(), id, 1, StepAction.STOP);
    executor.begin(id, false);
    answer(id, 0, StepAction.PERFORM, choice);
    if (choice != Choice.ABORT) {
      answer(id, 1, StepAction.STOP, choice);
    }
    executor.await(id);

    assertReplays(history(id));
  }

  @Test
  void anExecutionThatIsCancelledWhileItAsksReplays() throws Exception {
    String id = create(List.of(DISPENSE, DISPENSE));
    LostIntent.plant(database(), id, 0, StepAction.PERFORM);
    executor.begin(id, false);
    await().until(() -> !executor.queries().decisions(id).isEmpty());
    executor.cancel(id, "by ada");
    await().until(() -> executor.queries().decisions(id).get(0).question().isAskedForCancel());
    answer(id, 0, StepAction.PERFORM, Choice.DONE);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

    assertReplays(history(id));
  }

  @Test
  void aResumedExecutionReplays() throws Exception {
    String id = resumed();
    executor.resume(id);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertReplays(history(id));
  }

  @Test
  void anExecutionThatIsResumedToBeCancelledReplays() throws Exception {
    String id = resumed();
    executor.close();
    executor =
        WorkflowExecutor.reach(
            database(), EngineChoice.inMemory(), WitnessLog.none(), id, "by ada");
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

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

  /** An execution whose engine has ended in the middle of an incubation. */
  private String resumed() {
    String id = create(List.of(DISPENSE, REST, DISPENSE));
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 2);
    executor.close();
    open();
    return id;
  }

  private void answer(String id, int stepIndex, StepAction action, Choice choice) {
    await()
        .until(
            () ->
                executor.queries().decisions(id).stream()
                    .anyMatch(asked -> asked.isOpen() && asked.question().action() == action));
    executor.answer(
        id, new Answer(action + "-1", stepIndex, 1, action, choice, null, "ada", "test"));
  }

  private Path database() {
    return folder.resolve("executions.db");
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
    HistoryCorpus.recordWhereAsked(scenario, history);
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

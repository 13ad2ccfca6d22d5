package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.cellos.client.ExecutionElsewhereException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.client.ExecutionUnreachableException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.StepHandler;
import org.cellos.handler.StoppedStepException;
import org.cellos.protocol.ProtocolException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An in-memory engine forgets everything when it ends; its executions go on all the same. Here the
 * engines end in order; the fault tests kill them.
 */
class ResumptionTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Two seconds at the default speed-up. */
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final UnitOp LONG_INCUBATION =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

  @TempDir private Path folder;
  private Path database;
  private Witness witness;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    database = folder.resolve("executions.db");
    witness = new Witness(folder.resolve("witness.jsonl"));
    executor = another();
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void whatWasCreatedInOneProcessIsPerformedInAnother() {
    String id = create(DISPENSE);
    reopen();

    assertThat(executor.execute(id, false).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(witness.effects()).containsExactly("0/1");
  }

  @Test
  void anIncubationKeepsItsPlannedEndAndNothingIsRepeated() {
    String id = create(DISPENSE, INCUBATE, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    reopen();

    executor.resume(id);
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1");
    StepRecord rest = executor.steps(id).get(1);
    assertThat(Duration.between(rest.startTime(), rest.endTime()))
        .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(60));
    assertThat(executor.queries().decisions(id)).isEmpty();
  }

  @Test
  void aWaitThatIsOverdueEndsAtOnceAndSaysSo() {
    String id = create(INCUBATE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 1);
    executor.close();
    await().pollDelay(Duration.ofMillis(3500)).until(() -> true);
    executor = another();

    executor.resume(id);
    executor.await(id);

    StepRecord rest = executor.steps(id).get(0);
    assertThat(rest.status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(rest.result().number("overdue_minutes")).isGreaterThan(60);
    assertThat(rest.result().text("note")).contains("min longer than planned");
  }

  @Test
  void anUnrelatedExecutorResumesNothing() {
    String id = create(DISPENSE, LONG_INCUBATION);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    reopen();

    executor.execute(create(DISPENSE), false);

    assertThat(executor.getExecutionStatus(id).orElseThrow().status())
        .isEqualTo(ExecutionStatus.RUNNING);
    assertThatThrownBy(() -> executor.cancel(id, "test"))
        .isInstanceOf(ExecutionRefusedException.class);
  }

  @Test
  void aWorkerResumesEverythingThatNobodyPerforms() {
    String resting = create(DISPENSE, INCUBATE);
    executor.begin(resting, false);
    String waiting = create(DISPENSE);
    await().until(() -> witness.effects().size() == 2);
    reopen();
    try (WorkflowExecutor living = another()) {
      String others =
          living
              .createExecutionFromProtocol("test", null, null, "t", List.of(DISPENSE), Map.of())
              .executionId();

      executor.resumeAbandoned();

      assertThat(executor.await(resting).status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(executor.execute(waiting, true).status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(living.execute(others, true).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
  }

  @Test
  void rowsOfThePythonOriginalAreNeverTouched() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO executions (execution_id, workflow_name, status, created_at)
          VALUES ('theirs', 'Feed', 'running', '2025-11-28T14:56:16')""");
    }
    ExecutionRecord before = executor.getExecutionStatus("theirs").orElseThrow();

    assertThat(executor.resumeAbandoned()).isEmpty();
    assertThatThrownBy(() -> executor.resume("theirs"))
        .hasMessageContaining("was written by another program");
    assertThatThrownBy(() -> reach("theirs").close())
        .hasMessageContaining("There is no execution theirs of this program");

    assertThat(executor.getExecutionStatus("theirs")).contains(before);
  }

  @Test
  void onlyOneOfManyTakesAnExecutionOver() {
    String id = create(DISPENSE, INCUBATE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    reopen();
    try (WorkflowExecutor second = another()) {
      executor.resume(id);

      assertThatThrownBy(() -> second.resume(id)).isInstanceOf(ExecutionElsewhereException.class);
      executor.await(id);
    }
    assertThat(witness.effects()).hasSize(2);
  }

  @Test
  void anotherProcessReachesTheOneThatPerforms() {
    String id = create(DISPENSE, LONG_INCUBATION, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);

    try (WorkflowExecutor visitor = reach(id)) {
      assertThat(visitor.engine().endsWithProcess()).isFalse();
      assertThat(visitor.engine().id()).isEqualTo(executor.engine().id());
      visitor.cancel(id, "by ada: contaminated");
      ExecutionRecord ended = visitor.await(id);

      assertThat(ended.status()).isEqualTo(ExecutionStatus.CANCELLED);
      assertThat(ended.errorMessage()).isEqualTo("Cancelled: by ada: contaminated");
    }
    assertThat(executor.queries().attempts(id))
        .extracting(attempt -> attempt.action())
        .containsExactly(StepAction.PERFORM, StepAction.START, StepAction.STOP);
  }

  /** It is for who performs; who steers does not read it. */
  @Test
  void aWrongHandlersFileKeepsNobodyFromSteering() throws IOException {
    String id = create(DISPENSE, LONG_INCUBATION, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    Files.writeString(database.resolveSibling("handlers.yaml"), "handlers: [wrong]\n");

    try (WorkflowExecutor visitor = reach(id)) {
      visitor.cancel(id, "by ada: contaminated");
      assertThat(visitor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    }
    executor.close();
    assertThatThrownBy(this::another)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("handlers.yaml");
  }

  @Test
  void whoAsksAProcessThatHasEndedIsToldSoAtOnce() {
    String id = create(DISPENSE, LONG_INCUBATION, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);

    try (WorkflowExecutor visitor = reach(id)) {
      executor.close();

      ControlRequest pause = new ControlRequest("p", "ada", null, new Control.Pause(true));
      assertThatThrownBy(() -> visitor.control(id, pause))
          .isInstanceOf(ExecutionUnreachableException.class)
          .hasMessageContaining("has ended");
    }
    executor = another();
  }

  @Test
  void whatNobodyPerformsIsReachedByPerformingIt() {
    String id = create(DISPENSE, INCUBATE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    executor.close();

    executor = reach(id);

    assertThat(executor.engine().endsWithProcess()).isTrue();
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void anExecutionThatIsReachedToBeCancelledBeginsNoFurtherStep() {
    String id = create(DISPENSE, LONG_INCUBATION, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    executor.close();

    executor =
        WorkflowExecutor.reach(database, EngineChoice.inMemory(), witness.log(), id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1");
    assertThat(executor.queries().attempts(id))
        .extracting(attempt -> attempt.action())
        .containsExactly(StepAction.PERFORM, StepAction.START, StepAction.STOP);
  }

  @Test
  void anOpenQuestionIsOneQuestionWhoeverAsksIt() throws SQLException {
    String id = create(DISPENSE, DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    executor.begin(id, false);
    DecisionRecord asked = awaitQuestion(id);
    reopen();
    executor.resume(id);
    executor.answer(id, new Answer("r", 0, 1, StepAction.PERFORM, Choice.SKIP, null, "ada", null));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(executor.queries().decisions(id)).hasSize(1);
    assertThat(executor.queries().decisions(id).get(0).openedAt()).isEqualTo(asked.openedAt());
    assertThat(executor.steps(id).get(0).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(witness.effects()).containsExactly("1/1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aQuestionIsAnsweredInAPauseAndNothingMovesBeforeItsEnd(boolean atOnce) throws SQLException {
    String id = create(DISPENSE, DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    executor.begin(id, false);
    awaitQuestion(id);
    executor.control(id, new ControlRequest("p", "ada", "lunch", new Control.Pause(atOnce)));
    reopen();
    executor.resume(id);

    executor.answer(id, new Answer("r", 0, 1, StepAction.PERFORM, Choice.DONE, null, "ada", null));

    assertThat(executor.queries().decisions(id).get(0).isOpen()).isFalse();
    assertThat(executor.getExecutionStatus(id).orElseThrow().status())
        .isEqualTo(ExecutionStatus.PAUSED);
    assertThat(witness.effects()).isEmpty();
    executor.control(id, new ControlRequest("q", "ada", null, new Control.Resume()));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("1/1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatWasStoppedForAPauseIsAskedByTheNextEngineToo(boolean isResumedFirst) {
    AtomicInteger begun = new AtomicInteger();
    executor.registerHandler("image", untilItIsStopped(begun));
    String id = create(UnitOp.of("image", "Image", Map.of()), DISPENSE);
    executor.begin(id, false);
    await().until(() -> begun.get() == 1);
    executor.control(id, new ControlRequest("p", "ada", "lunch", new Control.Pause(true)));
    awaitQuestion(id);
    reopen();
    executor.registerHandler("image", untilItIsStopped(begun));
    executor.resume(id);

    ControlRequest goOn = new ControlRequest("q", "ada", null, new Control.Resume());
    if (isResumedFirst) {
      executor.control(id, goOn);
    }
    executor.answer(id, new Answer("r", 0, 1, StepAction.PERFORM, Choice.DONE, null, "ada", null));
    if (!isResumedFirst) {
      executor.control(id, goOn);
    }

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(begun).as("not again").hasValue(1);
    assertThat(executor.queries().decisions(id)).hasSize(1);
  }

  private static StepHandler untilItIsStopped(AtomicInteger begun) {
    return step -> {
      begun.incrementAndGet();
      try {
        new CountDownLatch(1).await();
        return Map.of();
      } catch (InterruptedException e) {
        throw new StoppedStepException("Stopped half way.");
      }
    };
  }

  @Test
  void anExecutionThatHasFailedDoesNotGoOnBecauseItsEndWasNotRecorded() throws SQLException {
    executor.registerHandler(
        "image",
        step -> {
          throw new IllegalStateException("The lamp is broken");
        });
    String id = create(UnitOp.of("image", "Image", Map.of()), DISPENSE);
    executor.execute(id, false);
    executor.close();
    // As a process leaves it that is killed between the records of the step and of the execution.
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE executions SET status = 'running', completed_at = NULL");
      statement.execute("UPDATE execution_steps SET status = 'pending' WHERE step_index = 1");
    }
    executor = another();

    executor.resume(id);
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.errorMessage()).isEqualTo("The lamp is broken");
    assertThat(witness.effects()).isEmpty();
  }

  @Test
  void aCancelledIncubationIsNotShownAsDone() {
    String id = create(LONG_INCUBATION, DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 1);
    executor.close();
    executor =
        WorkflowExecutor.reach(database, EngineChoice.inMemory(), witness.log(), id, "by ada");
    executor.await(id);

    StepRecord rest = executor.steps(id).get(0);
    assertThat(rest.status()).isEqualTo(StepStatus.FAILED);
    assertThat(rest.errorMessage()).isEqualTo("Cancelled before the step had ended.");
    assertThat(rest.result()).isNull();
  }

  @Test
  void aHandlerThatIsGoneFailsTheStepAndNothingElse() {
    AtomicInteger images = new AtomicInteger();
    executor.registerHandler(
        "image",
        step -> {
          images.incrementAndGet();
          return Map.of();
        });
    String id = create(INCUBATE, UnitOp.of("image", "Image", Map.of()), DISPENSE);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 1);
    reopen();

    executor.resume(id);
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.errorMessage()).contains("This worker has no handler for 'image'");
    assertThat(images).hasValue(0);
    assertThat(witness.effects()).containsExactly("0/1");
  }

  private DecisionRecord awaitQuestion(String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> executor.queries().decisions(id), list -> !list.isEmpty())
        .get(0);
  }

  private WorkflowExecutor reach(String id) {
    return WorkflowExecutor.reach(database, EngineChoice.inMemory(), witness.log(), id, null);
  }

  private void reopen() {
    executor.close();
    executor = another();
  }

  private WorkflowExecutor another() {
    return WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log());
  }

  private String create(UnitOp... unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", List.of(unitOps), Map.of())
        .executionId();
  }
}

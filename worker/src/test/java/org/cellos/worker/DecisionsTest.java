package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.StepContext;
import org.cellos.handler.TimedStepHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only a person can know is asked, and the answer is done. */
class DecisionsTest {
  private static final UnitOp ASPIRATE =
      UnitOp.of("aspirate", "Take medium", Map.of("volume_ml", 5.0, "from", "flask_t75"));
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 30.0, "temperature_c", 37.0));
  private static final UnitOp SHORT_INCUBATION =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 0.001, "temperature_c", 37.0));
  private static final UnitOp LONG_INCUBATION =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

  @TempDir private Path folder;
  private Path database;
  private Witness witness;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    database = folder.resolve("executions.db");
    witness = new Witness(folder.resolve("witness.jsonl"));
    executor = WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log());
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void anUnknownOutcomeIsAskedAndNothingMovesMeanwhile() throws SQLException {
    String id = create(ASPIRATE, DISPENSE);
    LostIntent.plant(database, id, 1, StepAction.PERFORM);

    DecisionRecord asked = beginUntilAsked(id);

    assertThat(asked.question().text())
        .isEqualTo("Nobody knows whether step 2 (Give medium) was done.");
    assertThat(asked.question().evidence())
        .contains("Worker 17@bench was about to do it at", "may move 5.0 mL a second time");
    assertThat(asked.question().choices())
        .containsExactly(Choice.DONE, Choice.PARTLY, Choice.AGAIN, Choice.SKIP, Choice.ABORT);
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.FAILED);
    assertThat(step(id, 1).errorMessage()).contains("Nobody knows", "17@bench");
    assertThat(witness.effects()).containsExactly("0/1");
  }

  @ParameterizedTest
  @CsvSource({
    "DONE, , completed, completed, '0/1 2/1'",
    "PARTLY, 2.5, completed, completed, '0/1 2/1'",
    "AGAIN, , completed, completed, '0/1 1/2 2/1'",
    "SKIP, , completed, skipped, '0/1 2/1'",
    "ABORT, , failed, failed, '0/1'",
  })
  void theAnswerIsDoneAndKept(
      Choice choice, @Nullable Double amount, String execution, String step, String effects)
      throws SQLException {
    String id = create(ASPIRATE, DISPENSE, ASPIRATE);
    LostIntent.plant(database, id, 1, StepAction.PERFORM);
    DecisionRecord asked = beginUntilAsked(id);

    executor.answer(id, answer(asked, "request-1", choice, amount));
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status().wireValue()).isEqualTo(execution);
    assertThat(step(id, 1).status().wireValue()).isEqualTo(step);
    assertThat(String.join(" ", witness.effects())).isEqualTo(effects);
    DecisionRecord answered = executor.queries().decisions(id).get(0);
    assertThat(answered.choice()).isEqualTo(choice.wireValue());
    assertThat(answered.decidedBy()).isEqualTo("ada");
    assertThat(answered.reason()).isEqualTo("I looked");
    assertThat(answered.amountMillilitres()).isEqualTo(amount);
    assertThat(sql("SELECT what FROM audit_log WHERE who = 'ada'"))
        .containsExactly(choice.wireValue() + (amount == null ? "" : " " + amount + " mL"));
  }

  @Test
  void aResultByAPersonsWordSaysSo() throws SQLException {
    String id = create(DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);

    executor.answer(id, answer(beginUntilAsked(id), "request-1", Choice.PARTLY, 2.5));
    executor.await(id);

    assertThat(step(id, 0).result().values())
        .containsEntry("mode", "virtual")
        .containsEntry("simulated", true)
        .containsEntry("volume_ml", 5.0)
        .containsEntry("moved_ml", 2.5)
        .containsEntry("decided", "partly")
        .containsEntry("decided_by", "ada");
  }

  @Test
  void anAbortSaysWhoAndWhy() throws SQLException {
    String id = create(DISPENSE, ASPIRATE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);

    executor.answer(id, answer(beginUntilAsked(id), "request-1", Choice.ABORT, null));

    assertThat(executor.await(id).errorMessage())
        .isEqualTo("Aborted by ada at 'Give medium': I looked");
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
  }

  @Test
  void wrongAnswersAreRefusedAndTheQuestionStaysOpen() throws SQLException {
    String id = create(DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    DecisionRecord asked = beginUntilAsked(id);

    assertThatThrownBy(() -> executor.answer(id, answer(asked, "r", Choice.PARTLY, null)))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessage("'partly' needs --amount: how many mL were moved.");
    assertThatThrownBy(() -> executor.answer(id, answer(asked, "r", Choice.PARTLY, 5.0)))
        .hasMessageContaining("below the step's 5.0 mL, not 5.0");
    Answer stale = new Answer("r", 0, 2, StepAction.PERFORM, Choice.DONE, null, "ada", null);
    assertThatThrownBy(() -> executor.answer(id, stale))
        .hasMessageContaining("The question has changed");

    assertThat(executor.queries().decisions(id)).containsExactly(asked);
  }

  @Test
  void theSameAnswerTwiceIsOne() throws SQLException {
    String id = create(DISPENSE, LONG_INCUBATION);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    Answer again = answer(beginUntilAsked(id), "request-1", Choice.AGAIN, null);

    executor.answer(id, again);
    executor.answer(id, again);

    assertThatThrownBy(
            () ->
                executor.answer(
                    id,
                    new Answer("r2", 0, 1, StepAction.PERFORM, Choice.AGAIN, null, "bob", null)))
        .hasMessageContaining("There is no open question");
    await().until(() -> witness.effects().size() == 2);
    assertThat(witness.effects()).containsExactly("0/2", "1/1");
  }

  @ParameterizedTest
  @CsvSource({"DONE, cancelled, completed", "SKIP, cancelled, skipped", "ABORT, failed, failed"})
  void aCancelDoesNotEndWhatIsInDoubt(Choice choice, String execution, String step)
      throws SQLException {
    String id = create(DISPENSE, ASPIRATE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    beginUntilAsked(id);

    executor.cancel(id, "by ada: contaminated");
    await().until(() -> awaitQuestion(id).question().isAskedForCancel());
    DecisionRecord asked = awaitQuestion(id);
    assertThat(asked.question().text())
        .startsWith("The execution is being cancelled. Nobody knows");
    assertThat(asked.question().choices()).doesNotContain(Choice.AGAIN);
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    executor.answer(id, answer(asked, "request-1", choice, null));

    assertThat(executor.await(id).status().wireValue()).isEqualTo(execution);
    assertThat(step(id, 0).status().wireValue()).isEqualTo(step);
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(witness.effects()).isEmpty();
  }

  @Test
  void aCancelStopsWhatMayHaveStartedInsteadOfAsking() throws SQLException {
    String id = create(LONG_INCUBATION, DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.START);
    beginUntilAsked(id);

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(executor.queries().attempts(id))
        .extracting(attempt -> attempt.action())
        .contains(StepAction.STOP);
    assertThat(executor.queries().decisions(id)).noneMatch(DecisionRecord::isOpen);
  }

  @Test
  void aCancelDuringAStopLetsItFinish() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    executor.registerHandler(
        "rotate",
        EffectClass.ONCE,
        new TimedStepHandler() {
          @Override
          public Map<String, ?> start(StepContext step) {
            return Map.of();
          }

          @Override
          public Map<String, ?> stop(StepContext step) throws InterruptedException {
            stopping.countDown();
            cancelled.await();
            // Longer than the grace that other steps get.
            Thread.sleep(Duration.ofSeconds(4).toMillis());
            return Map.of("turns", 3);
          }
        });
    String id = create(UnitOp.of("rotate", "Rotate", Map.of("minutes", 0.001)), DISPENSE);
    executor.begin(id, false);
    stopping.await();

    executor.cancel(id, "test");
    cancelled.countDown();

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(step(id, 0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(executor.queries().decisions(id)).isEmpty();
  }

  @Test
  void aHandlerThatIsInterruptedAndSaysNothingLeavesADoubt() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          entered.countDown();
          new CountDownLatch(1).await();
          return Map.of();
        });
    String id = create(UnitOp.of("image", "Image", Map.of()), DISPENSE);
    executor.begin(id, false);
    entered.await();

    executor.cancel(id, "test");

    assertThat(awaitQuestion(id).question().evidence())
        .contains("did not say that its instrument has stopped");
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.PAUSED);
  }

  @Test
  void anAnswerToWhatTheInstrumentHasReportedMeanwhileIsRefused() throws SQLException {
    String id = create(DISPENSE, ASPIRATE);
    LostIntent.plant(database, id, 0, StepAction.PERFORM);
    DecisionRecord asked = beginUntilAsked(id);
    sql(
        """
        UPDATE effect_ledger SET closed_at = '2026-03-01T09:30:05.000000+00:00',
          outcome = '{"outcome":"completed","result":{"mode":"virtual","moved_ml":5.0}}'""");

    assertThatThrownBy(() -> executor.answer(id, answer(asked, "r", Choice.AGAIN, null)))
        .hasMessageContaining("came too late: it is known meanwhile");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(step(id, 0).result().number("moved_ml")).isEqualTo(5.0);
    assertThat(executor.queries().decisions(id).get(0).choice()).isEqualTo("settled");
    assertThat(witness.effects()).containsExactly("1/1");
  }

  @Test
  void anUnknownStartThatWasDoneWaitsFromItsIntent() throws SQLException {
    String id = create(INCUBATE, DISPENSE);
    LostIntent.plant(database, id, 0, StepAction.START);
    DecisionRecord asked = beginUntilAsked(id);
    assertThat(asked.question().text()).contains("whether the vessel is in");

    executor.answer(id, answer(asked, "request-1", Choice.DONE, null));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    // The intent is years old, and the wait with it.
    assertThat(step(id, 0).result().number("overdue_minutes")).isGreaterThan(1000);
    assertThat(witness.effects()).containsExactly("1/1");
  }

  @Test
  void aStopThatFailsInACancelAsksAPerson() {
    AtomicInteger stops = new AtomicInteger();
    executor.registerHandler("rotate", EffectClass.ONCE, rotator(stops, 1));
    String id = create(UnitOp.of("rotate", "Rotate", Map.of("minutes", 100_000.0)), DISPENSE);
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 1);

    executor.cancel(id, "test");
    DecisionRecord asked = awaitQuestion(id);

    assertThat(asked.question().evidence()).contains("could not be stopped: The rotor is stuck");
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    executor.answer(id, answer(asked, "request-1", Choice.AGAIN, null));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(stops).hasValue(2);
  }

  @Test
  void aCancelThatNobodyConfirmsFails() {
    executor.registerHandler("rotate", EffectClass.ONCE, rotator(new AtomicInteger(), 9));
    String id = create(UnitOp.of("rotate", "Rotate", Map.of("minutes", 100_000.0)), DISPENSE);
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 1);

    executor.cancel(id, "test");
    executor.answer(id, answer(awaitQuestion(id), "request-1", Choice.ABORT, null));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution(id).errorMessage()).contains("Aborted by ada at 'Rotate'");
  }

  @Test
  void aPersonDoesAndConfirmsEachStepOfAManualExecution() {
    String id = createManual(DISPENSE, SHORT_INCUBATION, ASPIRATE);
    executor.begin(id, false);

    DecisionRecord first = awaitQuestion(id);
    assertThat(first.question().kind()).isEqualTo(Question.Kind.CONFIRMATION);
    assertThat(first.question().text()).isEqualTo("Do step 1 by hand and confirm it: Give medium.");
    executor.answer(id, answer(first, "1", Choice.DONE, 4.8));
    DecisionRecord start = awaitQuestion(id);
    assertThat(start.question().text()).startsWith("Begin step 2 by hand");
    executor.answer(id, answer(start, "2", Choice.DONE, null));
    DecisionRecord stop = awaitQuestion(id);
    assertThat(stop.question().text()).startsWith("End step 2 by hand");
    executor.answer(id, answer(stop, "3", Choice.DONE, null));
    executor.answer(id, answer(awaitQuestion(id), "4", Choice.SKIP, null));

    ExecutionRecord ended = executor.await(id);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(ended.simulated()).isFalse();
    assertThat(step(id, 0).result().values())
        .containsEntry("mode", "manual")
        .containsEntry("confirmed_by", "ada")
        .containsEntry("moved_ml", 4.8)
        .doesNotContainKey("simulated");
    assertThat(step(id, 1).result().text("mode")).isEqualTo("manual");
    assertThat(step(id, 2).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(witness.effects()).isEmpty();
  }

  private static TimedStepHandler rotator(AtomicInteger stops, int failingStops) {
    return new TimedStepHandler() {
      @Override
      public Map<String, ?> start(StepContext step) {
        return Map.of();
      }

      @Override
      public Map<String, ?> stop(StepContext step) {
        if (stops.incrementAndGet() <= failingStops) {
          throw new IllegalStateException("The rotor is stuck");
        }
        return Map.of();
      }
    };
  }

  private DecisionRecord beginUntilAsked(String id) {
    executor.begin(id, false);
    return awaitQuestion(id);
  }

  private DecisionRecord awaitQuestion(String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                executor.queries().decisions(id).stream()
                    .filter(DecisionRecord::isOpen)
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static Answer answer(
      DecisionRecord asked, String requestId, Choice choice, @Nullable Double amount) {
    Question question = asked.question();
    return new Answer(
        requestId,
        question.stepIndex(),
        question.epoch(),
        question.action(),
        choice,
        amount,
        "ada",
        "I looked");
  }

  private List<String> sql(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            rows.add(result.getString(1));
          }
        }
      }
      return rows;
    }
  }

  private String create(UnitOp... unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", List.of(unitOps), Map.of())
        .executionId();
  }

  private String createManual(UnitOp... unitOps) {
    ExecutionInput input =
        ExecutionInputs.ofUnitOps(
            "manual", "test", null, null, "test", List.of(unitOps), Parameters.none());
    return executor.create(input.performedBy(Instruments.MANUAL, 1)).executionId();
  }

  private ExecutionRecord execution(String id) {
    return executor.getExecutionStatus(id).orElseThrow();
  }

  private StepRecord step(String id, int index) {
    return executor.steps(id).get(index);
  }
}

package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MirrorDifference;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.MirrorVerification.NotCompared;
import org.cellos.domain.MirrorVerification.Reason;
import org.cellos.domain.StepAction;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What Temporal's history projects is what the mirror has. */
class MirrorVerificationTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 5.0, "temperature_c", 37.0));

  /** Two seconds at the default speed-up. */
  private static final UnitOp REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final UnitOp LONG_REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

  private static final UnitOp IMAGE = UnitOp.of("image", "Image", Map.of());

  @TempDir Path folder;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    executor = WorkflowExecutor.open(database(), EngineChoice.inMemory());
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
  void aCompletedExecutionIsAsItsHistorySays() {
    perform(List.of(DISPENSE, INCUBATE), false, ExecutionStatus.COMPLETED);

    assertNoDifference(1);
  }

  @Test
  void aDryRunOfManyStepsIsAsItsHistorySays() {
    perform(Collections.nCopies(60, DISPENSE), true, ExecutionStatus.COMPLETED);

    assertNoDifference(1);
  }

  @Test
  void aFailedExecutionIsAsItsHistorySays() {
    perform(List.of(DISPENSE, IMAGE, DISPENSE), false, ExecutionStatus.FAILED);
    perform(
        List.of(UnitOp.of("incubate", "Rest", Map.of()), DISPENSE), false, ExecutionStatus.FAILED);

    assertNoDifference(2);
  }

  @Test
  void aPendingExecutionIsAsItsHistorySays() {
    create(List.of(DISPENSE));

    assertNoDifference(1);
  }

  @Test
  void anExecutionInTheMiddleIsAsItsHistorySays() {
    String id = create(List.of(DISPENSE, LONG_REST, DISPENSE));
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 2);

    assertNoDifference(1);
  }

  @Test
  void whileItsInstrumentHoldsItAnExecutionIsPausedAndItsHistoryDoesNotContradict()
      throws Exception {
    CountDownLatch doorOpen = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          step.heldByInstrument("The door is open. Close it.");
          doorOpen.countDown();
          seen.await();
          step.goesOn();
          ended.await();
          return Map.of();
        });
    String id = create(List.of(DISPENSE, IMAGE));
    executor.begin(id, false);
    doorOpen.await();

    assertThat(found(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(found(id).errorMessage()).isEqualTo("The door is open. Close it.");
    assertNoDifference(1);
    assertThatThrownBy(
            () ->
                executor.control(id, new ControlRequest("r-1", "ada", null, new Control.Resume())))
        .hasMessage(
            "Nobody here has paused "
                + id
                + ", so that it cannot be resumed from here. The door is open. Close it.");
    change("UPDATE executions SET error_message = 'all is well' WHERE execution_id = ?", id);
    assertThat(verify().differences())
        .extracting(MirrorDifference::column)
        .containsExactly("error_message");
    change(
        "UPDATE executions SET error_message = 'The door is open. Close it.' WHERE execution_id = ?",
        id);

    seen.countDown();
    await().until(() -> found(id).status() == ExecutionStatus.RUNNING);
    assertThat(found(id).errorMessage()).isNull();
    assertNoDifference(1);
    change("UPDATE executions SET status = 'paused' WHERE execution_id = ?", id);
    assertThat(verify().differences())
        .extracting(MirrorDifference::column)
        .containsExactly("status");
    change("UPDATE executions SET status = 'running' WHERE execution_id = ?", id);
    ended.countDown();
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertNoDifference(1);
  }

  @Test
  void aCancelledExecutionIsAsItsHistorySays() {
    String id = create(List.of(DISPENSE, LONG_REST, DISPENSE));
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 2);
    executor.cancel(id, "by ada");
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

    assertNoDifference(1);
  }

  @Test
  void anExecutionThatIsCancelledInAStepIsAsItsHistorySays() throws Exception {
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
    await().until(() -> !executor.queries().decisions(id).isEmpty());
    assertNoDifference(1);
    answer(id, 1, StepAction.PERFORM, Choice.SKIP);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

    assertNoDifference(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Choice.class,
      names = {"DONE", "AGAIN", "SKIP", "ABORT"})
  void aDecidedExecutionIsAsItsHistorySays(Choice choice) throws Exception {
    String id = create(List.of(DISPENSE, INCUBATE, DISPENSE));
    LostIntent.plant(database(), id, 0, StepAction.PERFORM);
    LostIntent.plant(database(), id, 1, StepAction.STOP);
    executor.begin(id, false);
    answer(id, 0, StepAction.PERFORM, choice);
    if (choice != Choice.ABORT) {
      answer(id, 1, StepAction.STOP, choice);
    }
    executor.await(id);

    assertNoDifference(1);
  }

  @Test
  void aResumedExecutionIsComparedFromWhereItWasResumed() {
    String id = resumed();
    executor.resume(id);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertNoDifference(1);
  }

  @Test
  void aPlantedDifferenceIsFoundInEachColumn() throws Exception {
    String id = create(List.of(DISPENSE));
    LostIntent.plant(database(), id, 0, StepAction.PERFORM);
    executor.begin(id, false);
    answer(id, 0, StepAction.PERFORM, Choice.DONE);
    executor.await(id);
    assertNoDifference(1);

    for (String column : columns("executions", "execution_id")) {
      assertPlantedIsFound(id, "executions", "", column);
    }
    for (String column : columns("execution_steps", "execution_id", "step_index")) {
      assertPlantedIsFound(id, "execution_steps", "step 0", column);
    }
    for (String column :
        List.of("question", "choice", "amount_ml", "decided_by", "reason", "decided_at")) {
      assertPlantedIsFound(id, "decisions", "step 0, perform, epoch 1", column);
    }
  }

  private void assertPlantedIsFound(String id, String table, String row, String column)
      throws SQLException {
    String where = " WHERE execution_id = '" + id + "'";
    String was = query("SELECT " + column + " FROM " + table + where).get(0);
    change("UPDATE " + table + " SET " + column + " = 'planted'" + where);

    assertThat(verify().differences())
        .as(table + "." + column)
        .containsExactly(new MirrorDifference(id, table, row, column, "planted", was));
    change("UPDATE " + table + " SET " + column + " = ?" + where, was);
  }

  private List<String> columns(String table, String... others) throws SQLException {
    List<String> columns =
        new ArrayList<>(query("SELECT name FROM pragma_table_info('" + table + "')"));
    columns.removeAll(List.of(others));
    assertThat(columns).hasSizeGreaterThan(8);
    return columns;
  }

  private List<String> query(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        PreparedStatement query = connection.prepareStatement(statement);
        ResultSet rows = query.executeQuery()) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "execution_steps, step 1, DELETE FROM execution_steps WHERE step_index = 1",
    "execution_steps, step 7, INSERT INTO execution_steps (step_id; execution_id; step_index) SELECT '7'; execution_id; 7 FROM executions",
  })
  void aRowThatIsMissingOrTooMuchIsFound(String table, String row, String statement)
      throws Exception {
    perform(List.of(DISPENSE, DISPENSE), true, ExecutionStatus.COMPLETED);
    change(statement.replace(';', ','));

    assertThat(verify().differences())
        .singleElement()
        .extracting(MirrorDifference::table, MirrorDifference::row, MirrorDifference::column)
        .containsExactly(table, row, "(row)");
  }

  @Test
  void aStepThatIsCalledDoneWithoutARecordIsFound() throws Exception {
    String id = create(List.of(DISPENSE, LONG_REST, DISPENSE));
    executor.begin(id, false);
    await().until(() -> executor.queries().attempts(id).size() == 2);
    change(
        "INSERT INTO step_outcomes (execution_id, step_index, closed_with_execution)"
            + " VALUES (?, 2, 0)",
        id);
    change("UPDATE execution_steps SET status = 'completed' WHERE step_index = 2");

    assertThat(verify().differences())
        .singleElement()
        .extracting(MirrorDifference::row, MirrorDifference::column, MirrorDifference::mirror)
        .containsExactly("step 2", "status", "completed");
  }

  @Test
  void whatIsElsewhereIsNamedAndNotCompared() throws Exception {
    String id = perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    executor.close();
    change(
        "INSERT INTO executions (execution_id, status, created_at)"
            + " VALUES ('original', 'completed', '2020-03-01T09:30:00')");
    open();

    MirrorVerification verification = verify();

    assertThat(verification.compared()).isZero();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.notCompared())
        .extracting(NotCompared::executionId, NotCompared::reason)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple("original", Reason.OTHER_PROGRAM),
            org.assertj.core.groups.Tuple.tuple(id, Reason.OTHER_ENGINE));
  }

  private ExecutionRecord found(String id) {
    return executor.queries().find(id).orElseThrow();
  }

  private void assertNoDifference(int compared) {
    MirrorVerification verification = verify();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.notCompared()).isEmpty();
    assertThat(verification.problems()).isEmpty();
    assertThat(verification.compared()).isEqualTo(compared);
  }

  private MirrorVerification verify() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      return MirrorMaintenance.verify(mirror, executor.engine());
    }
  }

  private void change(String statement, String... arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        PreparedStatement update = connection.prepareStatement(statement)) {
      for (int i = 0; i < arguments.length; i++) {
        update.setString(i + 1, arguments[i]);
      }
      assertThat(update.executeUpdate()).isEqualTo(1);
    }
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

  private String perform(List<UnitOp> unitOps, boolean dryRun, ExecutionStatus expected) {
    String id = create(unitOps);
    assertThat(executor.execute(id, dryRun).status()).isEqualTo(expected);
    return id;
  }

  private String create(List<UnitOp> unitOps) {
    return executor
        .createExecutionFromProtocol(
            "test", "iPSC", "flask_t75", "test", unitOps, Map.of("researcher", "ada"))
        .executionId();
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

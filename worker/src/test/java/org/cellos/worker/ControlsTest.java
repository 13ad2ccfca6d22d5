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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.cellos.HistoryCorpus;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.StoppedStepException;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People intervene in an execution, and it is true what is said of that. */
class ControlsTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
  private static final UnitOp IMAGE = UnitOp.of("image", "Image", Map.of());
  private static final UnitOp WEIGH = UnitOp.of("weigh", "Weigh", Map.of());

  /** Three seconds at the default speed-up. */
  private static final UnitOp REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 180.0, "temperature_c", 37.0));

  private static final UnitOp LONG_REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

  @TempDir private Path folder;
  private Witness witness;
  private WorkflowExecutor executor;
  private final CountDownLatch imaging = new CountDownLatch(1);
  private final CountDownLatch lamp = new CountDownLatch(1);
  private final AtomicInteger weighings = new AtomicInteger();

  @BeforeEach
  void open() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    witness = new Witness(folder.resolve("witness.jsonl"));
    executor = executor();
  }

  private WorkflowExecutor executor() {
    WorkflowExecutor opened =
        WorkflowExecutor.open(database(), EngineChoice.inMemory(), witness.log());
    // It takes until the lamp is warm, and says when it was interrupted.
    opened.registerHandler(
        "image",
        EffectClass.ONCE,
        step -> {
          imaging.countDown();
          try {
            lamp.await();
          } catch (InterruptedException e) {
            throw new StoppedStepException("The lamp is off.");
          }
          return Map.of("status", "success");
        });
    // It fails the first time.
    opened.registerHandler(
        "weigh",
        EffectClass.ONCE,
        step -> {
          if (weighings.incrementAndGet() == 1) {
            throw new IllegalStateException("The balance is not level");
          }
          return Map.of("status", "success", "weighing", weighings.get());
        });
    return opened;
  }

  @AfterEach
  void close(TestInfo test) {
    lamp.countDown();
    HistoryCorpus.recordWhereAsked(test, executor);
    executor.close();
  }

  @Test
  void aPauseLetsTheStepUnderWayEndAndNoOtherBegin() throws Exception {
    String id = begin(IMAGE, DISPENSE);
    imaging.await();

    executor.control(id, request("1", new Control.Pause(false)));
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution(id).errorMessage())
        .isEqualTo("Pausing before the next step by ada: warm medium.");
    lamp.countDown();

    awaitStatus(id, ExecutionStatus.PAUSED);
    assertThat(execution(id).errorMessage()).isEqualTo("Paused by ada: warm medium.");
    assertThat(step(id, 0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.PENDING);
    assertThat(witness.effects()).isEmpty();
    assertNoDifference();

    executor.control(id, request("2", new Control.Resume()));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(execution(id).errorMessage()).isNull();
    assertThat(witness.effects()).containsExactly("1/1");
    assertThat(audit()).containsExactly("ada|pause|warm medium", "ada|resume|warm medium");
    assertNoDifference();
  }

  @Test
  void aPauseAtOnceInterruptsAndAPersonSaysWhatWasDone() throws Exception {
    String id = begin(IMAGE, DISPENSE);
    imaging.await();

    executor.control(id, request("1", new Control.Pause(true)));
    DecisionRecord asked = awaitQuestion(id);

    assertThat(asked.question().evidence())
        .startsWith("It was paused at once by ada: warm medium.")
        .contains("has confirmed that it stopped");
    assertThat(witness.effects()).isEmpty();
    lamp.countDown();
    executor.answer(id, answer(asked, Choice.AGAIN));
    awaitStatus(id, ExecutionStatus.PAUSED);
    assertThat(step(id, 0).attempts()).as("nothing moves before it is resumed").isEqualTo(1);

    executor.control(id, request("2", new Control.Resume()));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(step(id, 0).attempts()).isEqualTo(2);
    assertNoDifference();
  }

  @Test
  void aPauseAtOnceLeavesTheVesselInTheIncubatorAndTheClockGoesOn() {
    String id = begin(REST, DISPENSE);
    await().until(() -> witness.effects().size() == 1);

    executor.control(id, request("1", new Control.Pause(true)));
    awaitStatus(id, ExecutionStatus.PAUSED);
    assertThat(step(id, 0).status()).isEqualTo(StepStatus.RUNNING);
    // Longer than the rest would have taken.
    await().pollDelay(Duration.ofSeconds(5)).until(() -> witness.effects().size() == 1);
    executor.control(id, request("2", new Control.Resume()));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(step(id, 0).result().number("overdue_minutes")).isGreaterThan(60.0);
    assertThat(step(id, 0).result().text("note")).endsWith("the execution was paused.");
    assertNoDifference();
  }

  @Test
  void aCancelEndsAPause() {
    String id = begin(LONG_REST, DISPENSE);
    await().until(() -> witness.effects().size() == 1);
    executor.control(id, request("1", new Control.Pause(true)));
    awaitStatus(id, ExecutionStatus.PAUSED);

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).as("the vessel was taken out").hasSize(1);
    assertNoDifference();
  }

  @Test
  void aStepThatHasNotBegunIsLeftOutAndAnotherIsChanged() throws Exception {
    String id = begin(IMAGE, DISPENSE, DISPENSE);
    imaging.await();

    executor.control(id, request("1", new Control.Skip(1)));
    executor.control(
        id, request("2", new Control.Edit(2, Parameters.of(Map.of("volume_ml", 2.5)))));
    assertThat(step(id, 2).parameters().number("volume_ml")).isEqualTo(2.5);
    lamp.countDown();
    executor.await(id);

    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(step(id, 1).result().text("note")).isEqualTo("Left out by ada: warm medium.");
    assertThat(step(id, 2).name()).isEqualTo("Give medium [changed: volume_ml 2.5]");
    assertThat(step(id, 2).result().number("moved_ml")).isEqualTo(2.5);
    assertThat(witness.effects()).containsExactly("2/1");
    assertThat(audit())
        .containsExactly("ada|skip|warm medium", "ada|edit: volume_ml from 5.0 to 2.5|warm medium");
    assertNoDifference();
  }

  @Test
  void whatIsIllegalIsRefusedWithTheReason() throws Exception {
    String id = create(IMAGE, DISPENSE);
    assertRefused(id, new Control.Pause(false), "has not begun");
    assertRefused(id, new Control.Resume(), "is not paused");
    executor.begin(id, false);
    imaging.await();

    assertRefused(id, new Control.Resume(), "is not paused");
    assertRefused(id, new Control.Skip(0), "under way");
    assertRefused(id, new Control.Skip(7), "no such step");
    assertRefused(id, new Control.Retry(0), "has not ended");
    assertRefused(id, new Control.Edit(1, Parameters.of(Map.of("volume", 1.0))), "volume_ml");
    assertRefused(id, new Control.Edit(1, Parameters.of(Map.of("volume_ml", "x"))), "another kind");
    assertRefused(id, new Control.Edit(1, Parameters.of(Map.of("volume_ml", 0))), "above 0");
    executor.control(id, request("1", new Control.Pause(false)));
    assertRefused(id, new Control.Pause(false), "paused already, by ada: warm medium.");
    lamp.countDown();
    awaitStatus(id, ExecutionStatus.PAUSED);
    assertRefused(id, new Control.Skip(0), "has ended");
    executor.control(id, request("2", new Control.Resume()));
    executor.await(id);
    assertRefused(id, new Control.Pause(false), "it is completed");
    assertRefused(id, new Control.Retry(0), "it is completed");
    assertThat(audit()).containsExactly("ada|pause|warm medium", "ada|resume|warm medium");
  }

  @Test
  void aRequestThatIsRepeatedHasOneEffect() throws Exception {
    String id = begin(IMAGE, DISPENSE);
    imaging.await();
    ControlRequest pause = request("1", new Control.Pause(false));

    List<CompletableFuture<Void>> clicks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      clicks.add(CompletableFuture.runAsync(() -> executor.control(id, pause)));
    }
    clicks.forEach(CompletableFuture::join);
    lamp.countDown();
    awaitStatus(id, ExecutionStatus.PAUSED);
    executor.control(id, request("2", new Control.Resume()));
    executor.await(id);
    // Long after it has had its effect.
    executor.control(id, pause);

    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(audit()).containsExactly("ada|pause|warm medium", "ada|resume|warm medium");
  }

  @Test
  void aFailedStepIsRetriedAndTheExecutionGoesOn() {
    String id = begin(DISPENSE, WEIGH, DISPENSE);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    ControlRequest retry = request("1", new Control.Retry(1));

    executor.control(id, retry);
    executor.control(id, retry);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(execution(id).errorMessage()).isNull();
    assertThat(step(id, 1).result().number("weighing")).isEqualTo(2);
    assertThat(step(id, 1).errorMessage()).isNull();
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertThat(audit()).contains("ada|retry|warm medium");
    assertNoDifference();
  }

  @Test
  void aFailedStepIsLeftOutAndTheExecutionGoesOn() {
    String id = begin(DISPENSE, WEIGH, DISPENSE);
    executor.await(id);

    executor.control(id, request("1", new Control.Skip(1)));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(weighings).hasValue(1);
    assertNoDifference();
  }

  @Test
  void aFailedStepIsRetriedByAnotherProcess() {
    String id = begin(DISPENSE, WEIGH, DISPENSE);
    executor.await(id);
    executor.close();
    executor = executor();

    executor.control(id, request("1", new Control.Retry(1)));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPauseOutlivesItsProcess(boolean atOnce) {
    String id = begin(LONG_REST, DISPENSE);
    await().until(() -> witness.effects().size() == 1);
    executor.control(id, request("1", new Control.Pause(atOnce)));
    executor.control(id, request("2", new Control.Skip(1)));
    executor.close();
    executor = executor();
    executor.resume(id);

    if (atOnce) {
      awaitStatus(id, ExecutionStatus.PAUSED);
      assertThat(execution(id).errorMessage()).isEqualTo("Paused by ada: warm medium.");
    }
    executor.control(id, request("3", new Control.Resume()));
    executor.control(id, request("2", new Control.Skip(1)));
    executor.cancel(id, "by ada");
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(audit()).filteredOn(row -> row.contains("|skip|")).hasSize(1);
  }

  @Test
  void aPauseBetweenTwoStepsOutlivesItsProcess() throws Exception {
    String id = begin(IMAGE, DISPENSE);
    imaging.await();
    executor.control(id, request("1", new Control.Pause(false)));
    lamp.countDown();
    awaitStatus(id, ExecutionStatus.PAUSED);
    executor.close();
    executor = executor();

    executor.resume(id);

    awaitStatus(id, ExecutionStatus.PAUSED);
    await().pollDelay(Duration.ofSeconds(2)).until(() -> witness.effects().isEmpty());
    executor.control(id, request("2", new Control.Resume()));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("1/1");
    assertNoDifference();
  }

  @Test
  void whatNobodyPerformsFollowsBeforeItGoesOn() {
    String id = begin(REST, DISPENSE, DISPENSE);
    await().until(() -> witness.effects().size() == 1);
    executor.close();
    executor = executor();

    executor.control(id, request("1", new Control.Skip(1)));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertThat(audit()).contains("ada|skip|warm medium");
  }

  /** Each step leaves some ten events; after two thousand the workflow continues as new. */
  @Test
  void aLongProtocolContinuesAsNewAndNothingIsLost() {
    int steps = 450;
    String id = create(Collections.nCopies(steps, DISPENSE).toArray(UnitOp[]::new));
    ControlRequest skipLast = request("skip-last", new Control.Skip(steps - 1));
    executor.control(id, skipLast);
    executor.begin(id, false);
    int pauses = 0;
    for (int at = 40; at < steps - 40; at += 60) {
      int from = at;
      await().until(() -> witness.effects().size() >= from);
      executor.control(id, request("pause-" + at, new Control.Pause(false)));
      awaitStatus(id, ExecutionStatus.PAUSED);
      executor.control(
          id,
          request(
              "edit-" + at, new Control.Edit(at + 30, Parameters.of(Map.of("volume_ml", 1.5)))));
      executor.control(id, request("resume-" + at, new Control.Resume()));
      executor.control(id, skipLast);
      pauses++;
    }

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(witness.effects()).hasSize(steps - 1).doesNotHaveDuplicates();
    assertThat(sql("SELECT ordinal FROM execution_runs")).as("Temporal runs").hasSizeGreaterThan(1);
    assertThat(step(id, steps - 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(executor.steps(id))
        .filteredOn(step -> step.name().contains("[changed: volume_ml 1.5]"))
        .hasSize(pauses)
        .allSatisfy(step -> assertThat(step.result().number("moved_ml")).isEqualTo(1.5));
    assertThat(audit()).hasSize(1 + 3 * pauses);
    assertNoDifference();
  }

  private String create(UnitOp... unitOps) {
    return executor
        .createExecutionFromProtocol(
            "steered", "iPSC", "flask_t75", "feed", List.of(unitOps), Map.of())
        .executionId();
  }

  private String begin(UnitOp... unitOps) {
    String id = create(unitOps);
    executor.begin(id, false);
    return id;
  }

  private static ControlRequest request(String id, Control control) {
    return new ControlRequest(id, "ada", "warm medium", control);
  }

  private void assertRefused(String id, Control control, String why) {
    assertThatThrownBy(() -> executor.control(id, request("refused", control)))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessageContaining(why);
  }

  private void assertNoDifference() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      MirrorVerification verification = MirrorMaintenance.verify(mirror, executor.engine());
      assertThat(verification.differences()).isEmpty();
      assertThat(verification.problems()).isEmpty();
    }
  }

  private DecisionRecord awaitQuestion(String id) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> executor.queries().decisions(id).stream().anyMatch(DecisionRecord::isOpen));
    return executor.queries().decisions(id).stream()
        .filter(DecisionRecord::isOpen)
        .findFirst()
        .orElseThrow();
  }

  private static Answer answer(DecisionRecord asked, Choice choice) {
    Question question = asked.question();
    return new Answer(
        "answer-1",
        question.stepIndex(),
        question.epoch(),
        question.action(),
        choice,
        null,
        "ada",
        null);
  }

  private void awaitStatus(String id, ExecutionStatus status) {
    await().atMost(Duration.ofSeconds(30)).until(() -> execution(id).status() == status);
  }

  private ExecutionRecord execution(String id) {
    return executor.getExecutionStatus(id).orElseThrow();
  }

  private StepRecord step(String id, int index) {
    return executor.steps(id).get(index);
  }

  /** What people did. */
  private List<String> audit() {
    return sql(
        "SELECT who || '|' || what || '|' || reason FROM audit_log WHERE who = 'ada'"
            + " ORDER BY audit_id");
  }

  private List<String> sql(String query) {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(result.getString(1));
      }
      return rows;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

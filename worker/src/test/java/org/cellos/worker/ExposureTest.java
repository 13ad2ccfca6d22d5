package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.cellos.HistoryCorpus;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.engine.EngineChoice;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An enzyme acts as long as the protocol says, or the cells are rescued and a person is asked. */
class ExposureTest {
  /** A minute of the protocol is a second. */
  private static final double SPEED_UP = 60;

  private static final String ENZYME =
      """
      protocol: detach
      vessel: T75
      starts_with_ml: 0
      steps:
        - {operation: dispense, reagent: accutase, volume_ml: 5, to: vessel, mark: enzyme_on}
      """;

  /** The second step can be held up. */
  private static final String HELD = ENZYME + "  - {operation: image, parameters: {}}\n";

  private static final String STOP =
      "  - {operation: dispense, reagent: dpbs, volume_ml: 5, to: vessel, window: {since: enzyme_on, ";

  private static final String RESCUE =
      "rescue: [{operation: dispense, reagent: dpbs, volume_ml: 9, to: vessel}]}}\n";

  private static final String COUNT = "  - {operation: count, vessel: vessel, volume_ml: 0.1}\n";

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
    // It takes until the lamp is warm.
    opened.registerHandler(
        "image",
        EffectClass.ONCE,
        step -> {
          imaging.countDown();
          lamp.await();
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
          return Map.of("status", "success");
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
  void aStepInTimeIsPerformedAndItsRescueIsNotNeeded() throws Exception {
    String id = begin(ENZYME + STOP + "at_most_minutes: 60, " + RESCUE + COUNT);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(witness.effects()).containsExactly("0/1", "2/1", "3/1");
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(note(id, 1)).isEqualTo("Not needed: step 2 begins in time.");
    assertThat(executor.queries().decisions(id)).isEmpty();
    assertNoDifference();
  }

  @Test
  void aStepThatComesTooEarlyWaits() throws Exception {
    String id = begin(ENZYME + STOP + "at_least_minutes: 2, at_most_minutes: 60, " + RESCUE);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(Duration.between(step(id, 0).endTime(), step(id, 2).startTime()))
        .isBetween(Duration.ofMillis(1900), Duration.ofSeconds(30));
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertNoDifference();
  }

  @Test
  void aStepThatWaitsForItsTimeCanBePausedAndLeftOut() throws Exception {
    String id = begin(ENZYME + STOP + "at_least_minutes: 60000}}\n" + COUNT);
    await().until(() -> step(id, 0).status() == StepStatus.COMPLETED);

    executor.control(id, request("1", new Control.Pause(false)));
    awaitStatus(id, ExecutionStatus.PAUSED);
    executor.control(id, request("2", new Control.Resume()));
    executor.control(id, request("3", new Control.Skip(1)));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertNoDifference();
  }

  @Test
  void aCancelEndsTheWaitForTheTime() throws Exception {
    String id = begin(ENZYME + STOP + "at_least_minutes: 60000}}\n");
    await().until(() -> step(id, 0).status() == StepStatus.COMPLETED);

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1");
    assertNoDifference();
  }

  @Test
  void aPauseMakesItLateAndTheCellsAreRescuedOnceBeforeAPersonIsAsked() throws Exception {
    String id = pausedUntilLate();
    assertThat(witness.effects()).as("nothing moves while paused").containsExactly("0/1");

    executor.control(id, request("2", new Control.Resume()));
    DecisionRecord asked = awaitQuestion(id);

    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    Question question = asked.question();
    assertThat(question.kind()).isEqualTo(Question.Kind.LATE);
    assertThat(question.action()).isEqualTo(StepAction.BEGIN);
    assertThat(question.text())
        .startsWith("Step 3 (Dispense 5.0 mL dpbs into T75 Flask) is late: it had to begin within")
        .endsWith("2 min of step 1 (Dispense 5.0 mL accutase into T75 Flask).");
    assertThat(question.evidence())
        .startsWith("It is late by ")
        .endsWith(" Its rescue was performed: 3r1.");
    assertThat(question.choices()).containsExactly(Choice.GO_ON, Choice.SKIP, Choice.ABORT);
    assertThat(step(id, 3).status()).isEqualTo(StepStatus.PENDING);
    assertThat(execution(id).status()).isEqualTo(ExecutionStatus.PAUSED);
    assertNoDifference();

    executor.answer(id, answer(asked, Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1", "3/1", "4/1");
    assertNoDifference();
  }

  @ParameterizedTest
  @CsvSource({
    "GO_ON, completed, completed, 0/1 2/1 3/1 4/1",
    "SKIP, completed, skipped, 0/1 2/1 4/1",
    "ABORT, failed, failed, 0/1 2/1"
  })
  void eachAnswerDoesWhatItSays(Choice choice, String execution, String step, String effects)
      throws Exception {
    String id = pausedUntilLate();
    executor.control(id, request("2", new Control.Resume()));

    executor.answer(id, answer(awaitQuestion(id), choice));

    assertThat(executor.await(id).status().wireValue()).isEqualTo(execution);
    assertThat(step(id, 3).status().wireValue()).isEqualTo(step);
    assertThat(String.join(" ", witness.effects())).isEqualTo(effects);
    assertNoDifference();
  }

  @Test
  void aPauseDuringTheWaitMayMakeItLate() throws Exception {
    String id = begin(ENZYME + STOP + "at_least_minutes: 2, at_most_minutes: 4, " + RESCUE + COUNT);
    await().until(() -> step(id, 0).status() == StepStatus.COMPLETED);
    executor.control(id, request("1", new Control.Pause(false)));
    awaitStatus(id, ExecutionStatus.PAUSED);
    letPass(Duration.ofSeconds(5));
    executor.control(id, request("2", new Control.Resume()));

    executor.answer(id, answer(awaitQuestion(id), Choice.GO_ON));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1");
    assertNoDifference();
  }

  @Test
  void aRescueThatWasNotNeededIsGoneBackToWhereTheStepIsHeldUpAfterIt() throws Exception {
    String id =
        begin(
            ENZYME
                + "  - {operation: weigh, parameters: {}, window: {since: enzyme_on,"
                + " at_most_minutes: 3, "
                + RESCUE);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    letPass(Duration.ofSeconds(4));

    executor.control(id, request("1", new Control.Retry(2)));
    DecisionRecord asked = awaitQuestion(id);

    assertThat(step(id, 1).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1");
    executor.answer(id, answer(asked, Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(weighings).hasValue(2);
    assertNoDifference();
  }

  @Test
  void aStepThatFailsAfterItsRescueIsRetriedWithoutAnotherRescueOrQuestion() throws Exception {
    String id =
        begin(
            HELD
                + "  - {operation: weigh, parameters: {}, window: {since: enzyme_on,"
                + " at_most_minutes: 2, "
                + RESCUE);
    pauseUntilLate(id);
    executor.control(id, request("2", new Control.Resume()));
    executor.answer(id, answer(awaitQuestion(id), Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);

    executor.control(id, request("3", new Control.Retry(3)));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertThat(executor.queries().decisions(id)).hasSize(1);
    assertThat(weighings).hasValue(2);
    assertNoDifference();
  }

  @Test
  void aStepWithoutRescueIsOnlyAskedAbout() throws Exception {
    String id = begin(HELD + STOP + "at_most_minutes: 2}}\n" + COUNT);
    pauseUntilLate(id);
    executor.control(id, request("2", new Control.Resume()));
    DecisionRecord asked = awaitQuestion(id);

    assertThat(asked.question().evidence()).endsWith(" It has no rescue.");
    assertThat(witness.effects()).containsExactly("0/1");
    executor.answer(id, answer(asked, Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1", "3/1");
    assertNoDifference();
  }

  @Test
  void aCancelNeedsNoAnswerAboutWhatIsLate() throws Exception {
    String id = pausedUntilLate();
    executor.control(id, request("2", new Control.Resume()));
    awaitQuestion(id);

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertNoDifference();
  }

  @Test
  void theClockRunsThroughACrashAndNothingIsDoneTwice() throws Exception {
    String id = pausedUntilLate();
    executor.control(id, request("2", new Control.Resume()));
    awaitQuestion(id);
    reopen();
    executor.resume(id);
    DecisionRecord asked = awaitQuestion(id);

    assertThat(asked.question().evidence()).contains("Its rescue was performed: 3r1.");
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    executor.answer(id, answer(asked, Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1", "3/1", "4/1");
    assertThat(executor.queries().decisions(id)).hasSize(1);
    assertNoDifference();
  }

  @Test
  void aCrashMakesItLate() throws Exception {
    String id =
        begin(
            ENZYME
                + "  - {operation: incubate, vessel: vessel, minutes: 3, temperature_c: 37}\n"
                + STOP
                + "at_most_minutes: 5, "
                + RESCUE
                + COUNT);
    await().until(() -> witness.effects().size() == 2);
    executor.close();
    letPass(Duration.ofSeconds(6));
    executor = executor();

    executor.resume(id);
    DecisionRecord asked = awaitQuestion(id);

    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1");
    assertNoDifference();
    executor.answer(id, answer(asked, Choice.GO_ON));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1", "4/1");
  }

  @Test
  void anAnswerOutlivesItsProcess() throws Exception {
    String id =
        begin(
            HELD
                + STOP
                + "at_most_minutes: 2}}\n"
                + "  - {operation: incubate, vessel: vessel, minutes: 900, temperature_c: 37}\n");
    pauseUntilLate(id);
    executor.control(id, request("2", new Control.Resume()));
    DecisionRecord asked = awaitQuestion(id);
    // Paused while the person thinks: it does not begin with the answer.
    executor.control(id, request("3", new Control.Pause(false)));
    executor.answer(id, answer(asked, Choice.GO_ON));
    awaitStatus(id, ExecutionStatus.PAUSED);
    assertThat(witness.effects()).containsExactly("0/1");
    reopen();

    executor.resume(id);
    letPass(Duration.ofSeconds(1));
    awaitStatus(id, ExecutionStatus.PAUSED);
    assertThat(witness.effects()).as("nothing moves while paused").containsExactly("0/1");
    executor.control(id, request("4", new Control.Resume()));
    await().until(() -> witness.effects().size() == 3);

    assertThat(witness.effects()).containsExactly("0/1", "2/1", "3/1");
    assertThat(executor.queries().decisions(id)).hasSize(1);
  }

  @Test
  void aStepThatBeganInTimeIsNotLateBecauseItsProcessEnds() throws Exception {
    String id =
        begin(
            ENZYME
                + "  - {operation: incubate, vessel: vessel, minutes: 6, temperature_c: 37,"
                + " window: {since: enzyme_on, at_most_minutes: 3, "
                + RESCUE);
    await().until(() -> witness.effects().size() == 2);
    executor.close();
    letPass(Duration.ofSeconds(4));
    executor = executor();

    executor.resume(id);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(executor.queries().decisions(id)).isEmpty();
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertNoDifference();
  }

  @Test
  void aMarkCountsFromWhenItsStepWasDoneWhateverWasRecordedLater() throws Exception {
    executor.close();
    CountDownLatch done = new CountDownLatch(1);
    executor = WorkflowExecutor.open(database(), EngineChoice.inMemory(), witness.log());
    executor.registerHandler(
        "image",
        EffectClass.ONCE,
        step -> {
          done.countDown();
          return Map.of();
        });
    String id =
        create(
            "protocol: x\nsteps:\n  - {operation: image, parameters: {}, mark: enzyme_on}\n"
                + "  - {operation: swirl, parameters: {}, window: {since: enzyme_on,"
                + " at_most_minutes: 3}}\n");
    LostIntent.plant(database(), id, 0, StepAction.PERFORM);
    sql(
        """
        UPDATE effect_ledger SET closed_at = intent_at,
          outcome = '{"outcome":"completed","result":{"mode":"virtual"}}'""");
    executor.begin(id, false);

    assertThat(awaitQuestion(id).question().kind()).isEqualTo(Question.Kind.LATE);
    assertThat(done.getCount()).isEqualTo(1);
  }

  @Test
  void aStepThatWasLeftOutStartsNoClock() throws Exception {
    String id = create(HELD + STOP + "at_least_minutes: 60000, at_most_minutes: 60001, " + RESCUE);
    executor.control(id, request("1", new Control.Skip(0)));
    lamp.countDown();
    executor.begin(id, false);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(note(id, 2)).isEqualTo("Not needed: step 1 was not done.");
    assertThat(witness.effects()).containsExactly("3/1");
    assertNoDifference();
  }

  @Test
  void aDryRunKeepsNoTimes() throws Exception {
    String id =
        create(ENZYME + STOP + "at_least_minutes: 60000, at_most_minutes: 60001, " + RESCUE);

    assertThat(executor.execute(id, true).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(step(id, 1).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(note(id, 1)).isEqualTo("Not needed: a dry run keeps no times.");
    assertThat(step(id, 2).status()).isEqualTo(StepStatus.COMPLETED);
    assertNoDifference();
  }

  @Test
  void aRescueByHandIsAskedForFirst() throws Exception {
    String id =
        executor
            .create(
                ExecutionInputs.ofResolved(
                    "by-hand",
                    resolve(ENZYME + STOP + "at_most_minutes: 0.02, " + RESCUE),
                    Parameters.none(),
                    Instruments.MANUAL,
                    1,
                    null))
            .executionId();
    executor.begin(id, false);
    executor.control(id, request("1", new Control.Pause(false)));
    executor.answer(id, answer(awaitQuestion(id), Choice.DONE));
    letPass(Duration.ofSeconds(2));
    executor.control(id, request("2", new Control.Resume()));

    DecisionRecord rescue = awaitQuestion(id);
    assertThat(rescue.question().text()).startsWith("Do step 2r1 by hand");
    executor.answer(id, answer(rescue, Choice.DONE));
    DecisionRecord late = awaitQuestion(id);
    assertThat(late.question().kind()).isEqualTo(Question.Kind.LATE);
    executor.answer(id, answer(late, Choice.GO_ON));
    executor.answer(id, answer(awaitQuestion(id), Choice.DONE));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertNoDifference();
  }

  /** An execution that is paused after its second step until its fourth comes too late. */
  private String pausedUntilLate() throws Exception {
    String id = begin(HELD + STOP + "at_most_minutes: 2, " + RESCUE + COUNT);
    pauseUntilLate(id);
    return id;
  }

  private void pauseUntilLate(String id) throws InterruptedException {
    imaging.await();
    executor.control(id, request("1", new Control.Pause(false)));
    lamp.countDown();
    awaitStatus(id, ExecutionStatus.PAUSED);
    letPass(Duration.ofSeconds(3));
  }

  private static void letPass(Duration duration) {
    await().pollDelay(duration).atMost(duration.plusSeconds(30)).until(() -> true);
  }

  private void reopen() {
    executor.close();
    executor = executor();
  }

  private String begin(String yaml) throws IOException {
    String id = create(yaml);
    executor.begin(id, false);
    return id;
  }

  private String create(String yaml) throws IOException {
    return executor
        .create(
            ExecutionInputs.ofResolved(
                ExecutionInputs.newExecutionId(),
                resolve(yaml),
                Parameters.none(),
                Instruments.VIRTUAL,
                SPEED_UP,
                null))
        .executionId();
  }

  private ResolvedProtocol resolve(String yaml) throws IOException {
    return new ProtocolResolver(ProtocolData.load(Optional.empty()))
        .resolveFile(
            Files.writeString(folder.resolve("mine.yaml"), yaml),
            Optional.empty(),
            Optional.empty());
  }

  private static ControlRequest request(String id, Control control) {
    return new ControlRequest(id, "ada", "warm medium", control);
  }

  private DecisionRecord awaitQuestion(String id) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> executor.queries().decisions(id).stream().anyMatch(DecisionRecord::isOpen));
    return executor.queries().decisions(id).stream()
        .filter(DecisionRecord::isOpen)
        .findFirst()
        .orElseThrow();
  }

  private static Answer answer(DecisionRecord asked, Choice choice) {
    Question question = asked.question();
    return new Answer(
        "answer-" + question.stepIndex() + question.action(),
        question.stepIndex(),
        question.epoch(),
        question.action(),
        choice,
        null,
        "ada",
        null);
  }

  private void awaitStatus(String id, ExecutionStatus status) {
    await().atMost(Duration.ofSeconds(60)).until(() -> execution(id).status() == status);
  }

  private void assertNoDifference() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      MirrorVerification verification = MirrorMaintenance.verify(mirror, executor.engine());
      assertThat(verification.differences()).isEmpty();
      assertThat(verification.problems()).isEmpty();
    }
  }

  private void sql(String change) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement statement = connection.createStatement()) {
      statement.execute(change);
    }
  }

  private ExecutionRecord execution(String id) {
    return executor.getExecutionStatus(id).orElseThrow();
  }

  private StepRecord step(String id, int index) {
    return executor.steps(id).get(index);
  }

  private String note(String id, int index) {
    return step(id, index).result().text("note");
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.cellos.HistoryCorpus;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.Controls;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
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
import org.junit.jupiter.params.provider.ValueSource;

/** However an execution ends that has begun, it leaves the state behind that its protocol asks. */
class SafeStateTest {
  private static final String HEAD =
      """
      protocol: careful
      vessel: T75
      starts_with_ml: 10
      """;

  private static final String DISPENSE =
      "  - {operation: dispense, reagent: dpbs, volume_ml: 1, to: vessel}\n";
  private static final String WEIGH = "  - {operation: weigh, parameters: {}}\n";

  /** Two hours, a second each. */
  private static final String REST =
      "  - {operation: incubate, vessel: vessel, minutes: 120, temperature_c: 37}\n";

  private static final String LONG_REST =
      "  - {operation: incubate, vessel: vessel, minutes: 100000, temperature_c: 37}\n";

  private static final String PARK = "  - {operation: park, parameters: {}}\n";

  @TempDir private Path folder;
  private Witness witness;
  private WorkflowExecutor executor;
  private final AtomicInteger weighings = new AtomicInteger();
  private int failingWeighings = 1;
  private final CountDownLatch parking = new CountDownLatch(1);
  private volatile CountDownLatch parked = new CountDownLatch(0);
  private final AtomicInteger parkings = new AtomicInteger();

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
    opened.registerHandler(
        "weigh",
        EffectClass.ONCE,
        step -> {
          if (weighings.incrementAndGet() <= failingWeighings) {
            throw new IllegalStateException("The balance is not level");
          }
          return Map.of("status", "success");
        });
    opened.registerHandler(
        "jam",
        EffectClass.ONCE,
        step -> {
          throw new IllegalStateException("The pump is jammed");
        });
    // It may be held up before it does anything.
    opened.registerHandler(
        "park",
        EffectClass.IDEMPOTENT,
        step -> {
          parking.countDown();
          parked.await();
          parkings.incrementAndGet();
          return Map.of("status", "success");
        });
    return opened;
  }

  @AfterEach
  void close(TestInfo test) {
    parked.countDown();
    HistoryCorpus.recordWhereAsked(test, executor);
    executor.close();
  }

  @Test
  void whereEveryStepEndsAsPlannedItIsNotNeeded() throws Exception {
    String id = begin(protocol(DISPENSE, DISPENSE + DISPENSE));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(witness.effects()).containsExactly("0/1");
    assertThat(statuses(id)).containsExactly("completed", "skipped", "skipped");
    assertThat(step(id, 1).result().text("note"))
        .isEqualTo("Not needed: every step has ended as planned.");
    assertNoDifference();
  }

  @Test
  void aFailureLeadsToIt() throws Exception {
    String id = begin(protocol(DISPENSE + WEIGH + DISPENSE, DISPENSE + DISPENSE));

    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.errorMessage()).isEqualTo("The balance is not level");
    assertThat(statuses(id))
        .containsExactly("completed", "failed", "skipped", "completed", "completed");
    assertThat(witness.effects()).containsExactly("0/1", "3/1", "4/1");
    assertNoDifference();
  }

  @Test
  void aCancelStopsTheInstrumentFirstAndThenLeadsToIt() throws Exception {
    String id = begin(protocol(DISPENSE + LONG_REST + DISPENSE, DISPENSE + REST));
    await().until(() -> witness.effects().size() == 2);

    executor.cancel(id, "by ada");
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(ended.errorMessage()).isEqualTo("Cancelled: by ada");
    assertThat(statuses(id))
        .containsExactly("completed", "failed", "skipped", "completed", "completed");
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "3/1", "4/1");
    StepAttemptRecord stop = attempt(id, 1, StepAction.STOP);
    assertThat(attempt(id, 3, StepAction.PERFORM).startedAt()).isAfterOrEqualTo(stop.endedAt());
    assertThat(Duration.between(step(id, 4).startTime(), step(id, 4).endTime()))
        .as("a cancel does not cut it short")
        .isGreaterThan(Duration.ofMillis(1900));
    assertNoDifference();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCancelOfAPausedExecutionLeadsToIt(boolean atOnce) throws Exception {
    String id = begin(protocol(DISPENSE + REST + DISPENSE, DISPENSE));
    await().until(() -> witness.effects().size() == 2);
    executor.control(id, request("1", new Control.Pause(atOnce)));
    awaitStatus(id, ExecutionStatus.PAUSED);

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "3/1");
    assertNoDifference();
  }

  @Test
  void anAbortLeadsToIt() throws Exception {
    String id = create(protocol(DISPENSE + DISPENSE, DISPENSE));
    LostIntent.plant(database(), id, 1, StepAction.PERFORM);
    executor.begin(id, false);

    executor.answer(id, answer(awaitQuestion(id), Choice.ABORT));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(witness.effects()).containsExactly("0/1", "2/1");
    assertNoDifference();
  }

  @Test
  void whatHasNotBegunNeedsNone() throws Exception {
    String id = create(protocol(DISPENSE, DISPENSE));

    executor.cancel(id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).isEmpty();
    assertThat(statuses(id)).containsExactly("skipped", "skipped");
    assertNoDifference();
  }

  @Test
  void aDryRunMovesNothingForItEither() throws Exception {
    String id = create(protocol(DISPENSE, DISPENSE));

    assertThat(executor.execute(id, true).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(statuses(id)).containsExactly("completed", "skipped");
    assertThat(witness.effects()).isEmpty();
    assertNoDifference();
  }

  @Test
  void oneOfItsStepsFailsAndTheOthersArePerformed() throws Exception {
    String id = begin(protocol(WEIGH, "  - {operation: jam, parameters: {}}\n" + DISPENSE));

    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.errorMessage())
        .isEqualTo(
            "The balance is not level. The safe state was not reached: step S1 (Jam): The pump is"
                + " jammed");
    assertThat(statuses(id)).containsExactly("failed", "failed", "completed");
    assertThat(step(id, 1).errorMessage()).isEqualTo("The pump is jammed");
    assertThat(witness.effects()).containsExactly("2/1");
    assertNoDifference();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProcessThatEndsInItIsFollowedByAnotherThatGoesOn(boolean isCancel) throws Exception {
    parked = new CountDownLatch(1);
    String id =
        begin(
            protocol(
                DISPENSE + (isCancel ? LONG_REST : WEIGH) + DISPENSE, DISPENSE + PARK + DISPENSE));
    if (isCancel) {
      await().until(() -> witness.effects().size() == 2);
      executor.cancel(id, "by ada");
    }
    parking.await();
    // It ends with the step under way, and begins no other.
    CompletableFuture<Void> closing = CompletableFuture.runAsync(executor::close);
    await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
    parked.countDown();
    closing.join();
    assertThat(witness.effects()).doesNotContain("5/1");
    executor = executor();

    executor.resume(id);
    ExecutionRecord ended = executor.await(id);

    assertThat(ended.status())
        .isEqualTo(isCancel ? ExecutionStatus.CANCELLED : ExecutionStatus.FAILED);
    assertThat(ended.errorMessage())
        .isEqualTo(isCancel ? "Cancelled: by ada" : "The balance is not level");
    assertThat(statuses(id))
        .containsExactly("completed", "failed", "skipped", "completed", "completed", "completed");
    List<String> effects = new ArrayList<>(witness.effects());
    effects.remove("1/1");
    assertThat(effects).containsExactly("0/1", "3/1", "5/1");
    assertThat(parkings).hasValue(1);
    assertThat(executor.queries().decisions(id)).isEmpty();
    assertNoDifference();
  }

  @Test
  void aCancelChangesNothingOfIt() throws Exception {
    parked = new CountDownLatch(1);
    String id = begin(protocol(WEIGH, PARK + DISPENSE));
    parking.await();

    executor.cancel(id, "by ada");
    assertThatThrownBy(() -> executor.control(id, request("1", new Control.Skip(2))))
        .isInstanceOf(ExecutionRefusedException.class);
    // Longer than the grace that a step gets which is cancelled.
    await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
    parked.countDown();

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(statuses(id)).containsExactly("failed", "completed", "completed");
    assertThat(parkings).hasValue(1);
    assertNoDifference();
  }

  @Test
  void anExecutionThatIsReachedToBeCancelledComesToIt() throws Exception {
    String id = begin(protocol(DISPENSE + LONG_REST + DISPENSE, DISPENSE));
    await().until(() -> witness.effects().size() == 2);
    executor.close();

    executor =
        WorkflowExecutor.reach(database(), EngineChoice.inMemory(), witness.log(), id, "by ada");

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "3/1");
    assertNoDifference();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRetryThatFailsLeadsToItOnceMore(boolean byAnotherProcess) throws Exception {
    failingWeighings = 2;
    String id = begin(protocol(DISPENSE + WEIGH + DISPENSE, DISPENSE));
    executor.await(id);
    assertThat(witness.effects()).containsExactly("0/1", "3/1");
    if (byAnotherProcess) {
      executor.close();
      executor = executor();
    }

    executor.control(id, request("1", new Control.Retry(1)));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(witness.effects()).containsExactly("0/1", "3/1", "3/2");
    assertThat(statuses(id)).containsExactly("completed", "failed", "skipped", "completed");
    assertNoDifference();

    executor.control(id, request("2", new Control.Retry(1)));
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1", "3/1", "3/2", "2/1");
    assertThat(statuses(id)).containsExactly("completed", "completed", "completed", "skipped");
    assertNoDifference();
  }

  @Test
  void whatIsInDoubtIsAskedAboutAndDoesNotStandInForTheNextTime() throws Exception {
    failingWeighings = 2;
    String id = create(protocol(WEIGH, DISPENSE));
    LostIntent.plant(database(), id, 1, StepAction.PERFORM);
    executor.begin(id, false);
    executor.answer(id, answer(awaitQuestion(id), Choice.AGAIN));
    executor.await(id);
    assertThat(witness.effects()).containsExactly("1/2");

    executor.control(id, request("1", new Control.Retry(0)));
    executor.await(id);

    assertThat(witness.effects()).containsExactly("1/2", "1/3");
    assertNoDifference();
  }

  @Test
  void whoeverAbortsInItWantsNothingMoreToBeMoved() throws Exception {
    String id = create(protocol(WEIGH, DISPENSE + DISPENSE));
    LostIntent.plant(database(), id, 1, StepAction.PERFORM);
    executor.begin(id, false);

    executor.answer(id, answer(awaitQuestion(id), Choice.ABORT));

    assertThat(executor.await(id).errorMessage())
        .startsWith("The balance is not level. The safe state was not reached: step S1 (")
        .contains("Aborted by ada");
    assertThat(statuses(id)).containsExactly("failed", "failed", "skipped");
    assertThat(witness.effects()).isEmpty();
    assertNoDifference();
  }

  @Test
  void aQuestionInItSaysThatTheExecutionIsBeingCancelled() throws Exception {
    String id = create(protocol(DISPENSE + LONG_REST, DISPENSE));
    LostIntent.plant(database(), id, 2, StepAction.PERFORM);
    executor.begin(id, false);
    await().until(() -> witness.effects().size() == 2);
    executor.cancel(id, "by ada");

    DecisionRecord asked = awaitQuestion(id);
    assertThat(asked.question().isAskedForCancel()).isTrue();
    executor.answer(id, answer(asked, Choice.DONE));

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(witness.effects()).containsExactly("0/1", "1/1");
    assertNoDifference();
  }

  @Test
  void oneOfItsStepsIsLeftOutWhereSomebodyWantsThat() throws Exception {
    String id = create(protocol(DISPENSE + WEIGH, DISPENSE + DISPENSE));
    executor.control(id, request("1", new Control.Skip(2)));
    executor.begin(id, false);

    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(statuses(id)).containsExactly("completed", "failed", "skipped", "completed");
    assertThat(witness.effects()).containsExactly("0/1", "3/1");
    assertNoDifference();
  }

  @Test
  void aRerunBeginsWithAnOrdinaryStep() throws Exception {
    ExecutionInput input = input(protocol(DISPENSE, DISPENSE));

    assertThatThrownBy(() -> ExecutionInputs.rerun("again", input, Controls.none(), 1, null))
        .hasMessage(
            "step S1 is a step of the safe state, which is performed only where it is needed:"
                + " begin with an ordinary step");
  }

  private static String protocol(String steps, String safeState) {
    return HEAD + "steps:\n" + steps + "safe_state:\n" + safeState;
  }

  private String begin(String yaml) throws IOException {
    String id = create(yaml);
    executor.begin(id, false);
    return id;
  }

  private String create(String yaml) throws IOException {
    return executor.create(input(yaml)).executionId();
  }

  private ExecutionInput input(String yaml) throws IOException {
    return ExecutionInputs.ofResolved(
        ExecutionInputs.newExecutionId(),
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolveFile(
                Files.writeString(folder.resolve("mine.yaml"), yaml),
                Optional.empty(),
                Optional.empty()),
        Parameters.none(),
        Instruments.VIRTUAL,
        ExecutionInput.DEFAULT_SPEED_UP,
        null);
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
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> executor.getExecutionStatus(id).orElseThrow().status() == status);
  }

  private StepAttemptRecord attempt(String id, int stepIndex, StepAction action) {
    return executor.queries().attempts(id).stream()
        .filter(attempt -> attempt.stepIndex() == stepIndex && attempt.action() == action)
        .findFirst()
        .orElseThrow();
  }

  private void assertNoDifference() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      MirrorVerification verification = MirrorMaintenance.verify(mirror, executor.engine());
      assertThat(verification.differences()).isEmpty();
      assertThat(verification.problems()).isEmpty();
    }
  }

  private List<String> statuses(String id) {
    return executor.steps(id).stream().map(step -> step.status().wireValue()).toList();
  }

  private StepRecord step(String id, int index) {
    return executor.steps(id).get(index);
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

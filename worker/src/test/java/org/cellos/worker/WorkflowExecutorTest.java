package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;
import org.cellos.handler.StoppedStepException;
import org.cellos.handler.TimedStepHandler;
import org.cellos.instrument.WitnessLog;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented behaviour, on a real SQLite file and the in-memory engine. */
class WorkflowExecutorTest {
  @TempDir Path folder;

  private Path database;
  private Path witness;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    database = folder.resolve("executions.db");
    witness = folder.resolve("witness.jsonl");
    executor = reopened();
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void createsAPendingExecutionWithItsStepsAndRetrievesIt() {
    ExecutionRecord created =
        executor.createExecutionFromProtocol(
            "daily feed",
            "iPSC",
            "flask_t75",
            "feed",
            feed(),
            Map.of("researcher", "ada", "batch", 7));

    ExecutionRecord retrieved = executor.getExecutionStatus(created.executionId()).orElseThrow();
    assertThat(retrieved).isEqualTo(created);
    assertThat(retrieved.status()).isEqualTo(ExecutionStatus.PENDING);
    assertThat(retrieved.workflowName()).isEqualTo("daily feed");
    assertThat(retrieved.cellLine()).isEqualTo("iPSC");
    assertThat(retrieved.vesselId()).isEqualTo("flask_t75");
    assertThat(retrieved.operationType()).isEqualTo("feed");
    assertThat(retrieved.metadata().values()).containsEntry("researcher", "ada");
    assertThat(retrieved.startedAt()).isNull();
    assertThat(executor.steps(created.executionId()))
        .extracting(StepRecord::name, StepRecord::status)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("Take the old medium", StepStatus.PENDING),
            org.assertj.core.groups.Tuple.tuple("Give new medium", StepStatus.PENDING));
  }

  @Test
  void dryRunAcknowledgesEveryStepAndCallsNothing() {
    AtomicInteger calls = new AtomicInteger();
    executor.registerHandler(
        "image",
        step -> {
          calls.incrementAndGet();
          return Map.of();
        });
    List<UnitOp> unitOps = new ArrayList<>(feed());
    unitOps.add(UnitOp.of("image", "Image the flask", Map.of()));

    ExecutionRecord finished = executor.execute(create(unitOps), true);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(finished.dryRun()).isTrue();
    assertThat(executor.steps(finished.executionId()))
        .hasSize(3)
        .allSatisfy(
            step -> {
              assertThat(step.status()).isEqualTo(StepStatus.COMPLETED);
              assertThat(step.result()).isEqualTo(Parameters.of(Map.of("dry_run", true)));
              assertThat(step.startTime()).isNotNull();
              assertThat(step.endTime()).isAfterOrEqualTo(step.startTime());
            });
    assertThat(calls).hasValue(0);
    assertThat(witness).doesNotExist();
  }

  @Test
  void aRealRunOnVirtualInstrumentsReturnsWhatWasMoved() throws IOException {
    ExecutionRecord finished = executor.execute(create(feed()), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(finished.dryRun()).isFalse();
    assertThat(finished.simulated()).isTrue();
    assertThat(finished.startedAt()).isAfterOrEqualTo(finished.createdAt());
    assertThat(finished.completedAt()).isAfterOrEqualTo(finished.startedAt());
    List<StepRecord> steps = executor.steps(finished.executionId());
    assertThat(steps.get(0).result().values())
        .containsEntry("mode", "virtual")
        .containsEntry("simulated", true)
        .containsEntry("volume_ml", 15.0)
        .containsEntry("available_ml", 12.0)
        .containsEntry("moved_ml", 12.0);
    assertThat(steps.get(1).result().values())
        .containsEntry("reagent", "mtesr_plus_kit")
        .containsEntry("moved_ml", 15.0);
    assertThat(Files.readAllLines(witness))
        .hasSize(2)
        .first()
        .asString()
        .contains(finished.executionId(), "\"step_index\":0", "\"epoch\":1");
  }

  @Test
  void compositesAreExpandedAndNumberedThroughTheWholeExecution() {
    UnitOp wash = UnitOp.composite("wash", "Wash", "wash", Parameters.none(), feed());
    UnitOp thaw =
        UnitOp.composite(
            "thaw", "Thaw", "thaw", Parameters.none(), List.of(wash, feed().get(0), wash));

    ExecutionRecord finished = executor.execute(create(List.of(thaw, wash)), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(executor.steps(finished.executionId()))
        .hasSize(7)
        .extracting(StepRecord::stepIndex)
        .containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void aCustomHandlerGetsTheStepAndItsResultIsKept() {
    List<String> seen = new CopyOnWriteArrayList<>();
    executor.registerHandler(
        "image",
        step -> {
          seen.add(step.request().name() + " " + step.parameters().text("channel"));
          return Map.of("status", "success", "images", 12, "files", List.of("a.tif", "b.tif"));
        });

    ExecutionRecord finished =
        executor.execute(
            create(List.of(UnitOp.of("image", "Image the flask", Map.of("channel", "DAPI")))),
            false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(seen).containsExactly("Image the flask DAPI");
    assertThat(executor.steps(finished.executionId()).get(0).result().values())
        .containsEntry("images", 12L)
        .containsEntry("files", List.of("a.tif", "b.tif"))
        .containsEntry("mode", "virtual");
  }

  @Test
  void anOperationWithoutHandlerIsAcknowledgedAsGeneric() {
    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("vortex", "Vortex the tube", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(executor.steps(finished.executionId()).get(0).result().values())
        .containsEntry("generic", true)
        .containsEntry("mode", "virtual");
  }

  @Test
  void aFailingHandlerFailsStepAndExecutionWithItsMessageAndSkipsTheRest() {
    AtomicInteger calls = new AtomicInteger();
    executor.registerHandler(
        "image",
        step -> {
          calls.incrementAndGet();
          throw new IllegalStateException("The lamp is broken");
        });

    ExecutionRecord finished =
        executor.execute(
            create(
                List.of(
                    feed().get(0), UnitOp.of("image", "Image the flask", Map.of()), feed().get(1))),
            false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).isEqualTo("The lamp is broken");
    assertThat(finished.completedAt()).isNotNull();
    List<StepRecord> steps = executor.steps(finished.executionId());
    assertThat(steps)
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.SKIPPED);
    assertThat(steps.get(1).errorMessage()).isEqualTo("The lamp is broken");
    assertThat(calls).as("attempts of a step that may happen once").hasValue(1);
  }

  @Test
  void aHandlerThatReturnsAnErrorHasFailed() {
    executor.registerHandler("image", step -> Map.of("status", "error", "error", "no focus found"));

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).isEqualTo("no focus found");
  }

  /** Dead workers may cost it a hundred attempts; a folder that cannot be written does not. */
  @Test
  void whatIsFoundAgainAndFailsByItselfIsTriedFiveTimes() {
    executor.registerHandler(
        "sequence",
        EffectClass.REATTACHABLE,
        step -> {
          throw new IOException("The folder cannot be written");
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("sequence", "Sequence", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).isEqualTo("The folder cannot be written");
    assertThat(executor.queries().attempts(finished.executionId())).hasSize(5);
  }

  @Test
  void aRetriedJobShowsEachOfItsAttempts() {
    executor.registerHandler(
        "sequence",
        EffectClass.IDEMPOTENT,
        step -> {
          if (step.attempt() < 3) {
            throw new IOException("The sequencer is busy");
          }
          return Map.of("reads", 1000);
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("sequence", "Sequence", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    StepRecord step = executor.steps(finished.executionId()).get(0);
    assertThat(step.attempts()).isEqualTo(3);
    assertThat(step.errorMessage()).isNull();
    assertThat(executor.queries().attempts(finished.executionId()))
        .extracting(attempt -> attempt.attempt() + " " + attempt.outcome())
        .containsExactly("1 failed", "2 failed", "3 completed");
  }

  @Test
  void anIncubationIsOneAttemptThoughItIsStartedAndStopped() throws IOException {
    ExecutionRecord finished =
        executor.execute(
            create(
                List.of(
                    UnitOp.of("incubate", "Incubate", Map.of("minutes", 60, "temperature_c", 37)))),
            false);

    StepRecord step = executor.steps(finished.executionId()).get(0);
    assertThat(step.attempts()).isEqualTo(1);
    assertThat(step.result().values())
        .containsEntry("minutes", 60.0)
        .containsEntry("speed_up", 3600.0);
    assertThat(java.time.Duration.between(step.startTime(), step.endTime()))
        .as("an hour at a speed-up of 3600")
        .isGreaterThanOrEqualTo(java.time.Duration.ofSeconds(1));
    assertThat(Files.readAllLines(witness)).hasSize(1);
  }

  @Test
  void aPermanentFailureIsNotRepeated() {
    AtomicInteger calls = new AtomicInteger();
    executor.registerHandler(
        "sequence",
        EffectClass.IDEMPOTENT,
        step -> {
          calls.incrementAndGet();
          throw new PermanentStepException("No such flow cell");
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("sequence", "Sequence", Map.of()))), false);

    assertThat(finished.errorMessage()).isEqualTo("No such flow cell");
    assertThat(calls).hasValue(1);
  }

  @Test
  void aMissingQuantityIsFoundBeforeAnythingMoves() {
    ExecutionRecord finished =
        executor.execute(
            create(
                List.of(feed().get(0), UnitOp.of("dispense", "Give an unknown amount", Map.of()))),
            false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage())
        .isEqualTo("Step 2 (Give an unknown amount): the parameter volume_ml is missing.");
    assertThat(executor.steps(finished.executionId()))
        .extracting(StepRecord::status)
        .containsOnly(StepStatus.SKIPPED);
    assertThat(witness).doesNotExist();
  }

  @Test
  void aResultTooLargeForHistoryFailsTheStepOnceAndSaysWhatToDo() {
    AtomicInteger calls = new AtomicInteger();
    executor.registerHandler(
        "image",
        EffectClass.IDEMPOTENT,
        step -> {
          calls.incrementAndGet();
          return Map.of("pixels", "x".repeat(3_000_000));
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).contains("The step was done", "return where it is");
    assertThat(calls).hasValue(1);
  }

  @Test
  void statusIsVisibleWhileAStepIsUnderWay() throws Exception {
    java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.CountDownLatch mayReturn = new java.util.concurrent.CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          entered.countDown();
          mayReturn.await();
          return Map.of();
        });
    String id = create(List.of(UnitOp.of("image", "Image", Map.of()), feed().get(0)));
    executor.begin(id, false);
    entered.await();

    assertThat(executor.getExecutionStatus(id).orElseThrow().status())
        .isEqualTo(ExecutionStatus.RUNNING);
    assertThat(executor.steps(id))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.RUNNING, StepStatus.PENDING);

    mayReturn.countDown();
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  @Test
  void historyIsQueriedByStatusNewestFirst() {
    executor.registerHandler(
        "image",
        step -> {
          throw new IllegalStateException("The lamp is broken");
        });
    String pending = create(feed());
    String completed = executor.execute(create(feed()), true).executionId();
    String failed =
        executor
            .execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false)
            .executionId();

    assertThat(executor.listExecutions())
        .extracting(ExecutionRecord::executionId)
        .containsExactly(failed, completed, pending);
    assertThat(executor.listExecutions(ExecutionStatus.FAILED))
        .extracting(ExecutionRecord::executionId)
        .containsExactly(failed);
    assertThat(executor.listExecutions(ExecutionStatus.PENDING))
        .extracting(ExecutionRecord::executionId)
        .containsExactly(pending);
  }

  @Test
  void anExecutionBeginsOnlyOnce() {
    String id = executor.execute(create(feed()), true).executionId();

    assertThatThrownBy(() -> executor.execute(id, false))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessageContaining("is completed");
    assertThatThrownBy(() -> executor.execute("no-such-id", true))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessage("There is no execution no-such-id.");
  }

  @Test
  void anIdThatBelongsToSomethingElseIsRefusedAndNothingChanges() {
    String id = create(feed());
    ExecutionInput other =
        ExecutionInputs.ofUnitOps(
            id, "another", "HEK293", "flask_t25", "feed", feed(), Parameters.none());

    assertThatThrownBy(() -> executor.create(other))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessageContaining("belongs to another execution");
    assertThat(executor.getExecutionStatus(id).orElseThrow().workflowName()).isEqualTo("test");
  }

  @Test
  void aPendingExecutionBeginsOnALaterEngineWithTheSameIdAndInput() {
    String id = create(feed());
    executor.close();
    executor = reopened();

    ExecutionRecord finished = executor.execute(id, false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(finished.executionId()).isEqualTo(id);
    assertThat(executor.listExecutions()).hasSize(1);
  }

  @Test
  void aCancelledExecutionSaysSoAndSkipsWhatWasNotBegun() throws Exception {
    String id =
        create(
            List.of(
                UnitOp.of(
                    "incubate",
                    "Incubate for a long time",
                    Map.of("minutes", 100_000, "temperature_c", 37, "vessel", "flask_t75")),
                feed().get(0)));
    executor.begin(id, false);
    org.awaitility.Awaitility.await().until(() -> Files.exists(witness));

    executor.cancel(id, "changed my mind");
    ExecutionRecord finished = executor.await(id);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(executor.steps(id))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.FAILED, StepStatus.SKIPPED);
  }

  @Test
  void aCancelReachesAHandlerThatBlocks() throws Exception {
    java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          entered.countDown();
          try {
            new java.util.concurrent.CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new StoppedStepException("Stopped after 3 of 12 images.", e);
          }
          return Map.of();
        });
    String id = create(List.of(UnitOp.of("image", "Image", Map.of()), feed().get(0)));
    executor.begin(id, false);
    entered.await();

    executor.cancel(id, "wrong flask");
    ExecutionRecord finished = executor.await(id);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(finished.errorMessage()).isEqualTo("Cancelled: wrong flask");
    assertThat(executor.outcome(id).join().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(executor.steps(id))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.FAILED, StepStatus.SKIPPED);
    assertThat(executor.steps(id).get(0).errorMessage()).isEqualTo("Stopped after 3 of 12 images.");
    assertThat(executor.queries().decisions(id)).isEmpty();
    assertThat(witness).doesNotExist();
  }

  @Test
  void aStepThatFinishesAfterTheCancelKeepsItsOutcomeAndTheExecutionIsCancelled() throws Exception {
    java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
    java.util.concurrent.CountDownLatch cancelled = new java.util.concurrent.CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          entered.countDown();
          cancelled.await();
          return Map.of("images", 1);
        });
    String id = create(List.of(UnitOp.of("image", "Image", Map.of())));
    executor.begin(id, false);
    entered.await();

    executor.cancel(id, "");
    cancelled.countDown();
    ExecutionRecord finished = executor.await(id);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(executor.outcome(id).join().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(executor.steps(id).get(0).status()).isEqualTo(StepStatus.COMPLETED);
  }

  @Test
  void aCancelledIncubationIsStopped() throws Exception {
    List<String> calls = new CopyOnWriteArrayList<>();
    executor.registerHandler(
        "heat",
        EffectClass.ONCE,
        new TimedStepHandler() {
          @Override
          public Map<String, ?> start(StepContext step) {
            calls.add("start");
            return Map.of();
          }

          @Override
          public Map<String, ?> stop(StepContext step) {
            calls.add("stop");
            return Map.of();
          }
        });
    String id = create(List.of(UnitOp.of("heat", "Heat", Map.of("minutes", 100_000))));
    executor.begin(id, false);
    org.awaitility.Awaitility.await().until(() -> calls.contains("start"));

    executor.cancel(id, "too hot");
    ExecutionRecord finished = executor.await(id);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(calls).containsExactly("start", "stop");
    assertThat(executor.steps(id).get(0).errorMessage())
        .isEqualTo("Cancelled before the step had ended.");
  }

  @Test
  void aCheckThatThrowsAnythingIsAProblemBeforeTheStart() {
    executor.registerHandler(
        "image",
        new StepHandler() {
          @Override
          public Map<String, ?> perform(StepContext step) {
            return Map.of();
          }

          @Override
          public void verify(Parameters parameters) {
            throw new UnsupportedOperationException("no such camera");
          }
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false);

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).isEqualTo("Step 1 (Image): no such camera.");
  }

  @Test
  void anErrorInAHandlerFailsTheStepLikeAnException() {
    executor.registerHandler(
        "image",
        step -> {
          throw new AssertionError("impossible focus");
        });

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false);

    assertThat(finished.errorMessage()).isEqualTo("impossible focus");
    assertThat(executor.queries().attempts(finished.executionId()))
        .extracting(attempt -> attempt.outcome())
        .containsExactly(StepStatus.FAILED);
  }

  @Test
  void anUnusableResultSaysThatTheStepWasDone() {
    executor.registerHandler(
        "image",
        EffectClass.IDEMPOTENT,
        step -> java.util.Collections.singletonMap("images", null));

    ExecutionRecord finished =
        executor.execute(create(List.of(UnitOp.of("image", "Image", Map.of()))), false);

    assertThat(finished.errorMessage())
        .startsWith("The step was done, but its result cannot be kept: the parameter images");
    assertThat(executor.steps(finished.executionId()).get(0).attempts()).isEqualTo(1);
  }

  @Test
  void twoProcessesWithOneIdPerformItOnce() throws Exception {
    ExecutionInput input =
        ExecutionInputs.ofUnitOps(
                "one-id", "test", "iPSC", "flask_t75", "feed", feed(), Parameters.none())
            .begunAs(new Begin(false));
    List<Throwable> refusals = new CopyOnWriteArrayList<>();
    try (WorkflowExecutor second = reopened()) {
      List<Thread> starts = new ArrayList<>();
      for (WorkflowExecutor one : List.of(executor, second)) {
        Thread start =
            new Thread(
                () -> {
                  try {
                    one.create(input);
                  } catch (ExecutionRefusedException e) {
                    refusals.add(e);
                  }
                });
        starts.add(start);
        start.start();
      }
      for (Thread start : starts) {
        start.join();
      }
      org.awaitility.Awaitility.await()
          .until(
              () ->
                  executor.getExecutionStatus("one-id").orElseThrow().status()
                      == ExecutionStatus.COMPLETED);
      assertThat(Files.readAllLines(witness)).hasSize(2);
      assertThat(refusals).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void aWorkerThatStopsWaitsForTheStepUnderWay() throws Exception {
    java.util.concurrent.CountDownLatch entered = new java.util.concurrent.CountDownLatch(1);
    executor.registerHandler(
        "image",
        step -> {
          entered.countDown();
          Thread.sleep(1500);
          return Map.of("images", 1);
        });
    String id = create(List.of(UnitOp.of("image", "Image", Map.of())));
    executor.begin(id, false);
    entered.await();

    executor.close();

    executor = reopened();
    assertThat(executor.queries().attempts(id))
        .extracting(attempt -> attempt.outcome())
        .containsExactly(StepStatus.COMPLETED);
  }

  @Test
  void aWorkerOfAnotherMirrorOnTheSameEngineDoesNotTakeItsSteps() {
    try (MirrorDatabase other = MirrorDatabase.open(folder.resolve("other.db"));
        MirrorDatabase same = MirrorDatabase.openReadOnly(database)) {
      assertThat(ExecutionWorker.taskQueue(other)).isNotEqualTo(ExecutionWorker.taskQueue(same));
    }
  }

  private WorkflowExecutor reopened() {
    return WorkflowExecutor.open(
        database, EngineChoice.inMemory(), WitnessLog.appendingTo(witness));
  }

  private String create(List<UnitOp> unitOps) {
    return executor
        .createExecutionFromProtocol("test", "iPSC", "flask_t75", "test", unitOps, Map.of())
        .executionId();
  }

  private static List<UnitOp> feed() {
    return List.of(
        UnitOp.of(
            "aspirate",
            "Take the old medium",
            Map.of(
                "volume_ml",
                15.0,
                "from",
                "flask_t75",
                "to",
                "waste",
                "contents_before",
                Map.of("flask_t75", 12.0))),
        UnitOp.of(
            "dispense",
            "Give new medium",
            Map.of("volume_ml", 15.0, "to", "flask_t75", "reagent", "mtesr_plus_kit")));
  }
}

package org.cellos.worklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepRequest;
import org.cellos.engine.EngineChoice;
import org.cellos.handler.StepContext;
import org.cellos.handler.WorkerEndsException;
import org.cellos.protocol.HandlersFile.Worklist;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolException;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device that works through files, and whoever answers for it. */
@Timeout(120)
class WorklistStepTest {
  private static final String NAME = "x_step-1_epoch-1.csv";

  @TempDir private Path folder;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() throws IOException {
    Files.writeString(
        folder.resolve("handlers.yaml"),
        "handlers: {transfer: {worklist: lists, timeout_minutes: 60,"
            + " parameters: {liquid_class: text}}}\n");
    executor = executor();
  }

  private WorkflowExecutor executor() {
    return WorkflowExecutor.open(folder.resolve("executions.db"), EngineChoice.inMemory());
  }

  @AfterEach
  void close() {
    executor.close();
  }

  private void start(Instruments instruments) throws IOException {
    Path own =
        Files.writeString(
            folder.resolve("own.yaml"),
            """
            protocol: dilute
            steps:
              - operation: transfer
                parameters:
                  liquid_class: "water, cold"
                  transfers:
                    - {source: A1, target: B1, volume_ul: 50.5}
                    - {source: A2, target: B2, volume_ul: 20}
            """);
    executor.create(
        ExecutionInputs.ofResolved(
            "x",
            new ProtocolResolver(ProtocolData.load(Optional.empty()))
                .resolveFile(own, Optional.empty(), Optional.empty()),
            Parameters.none(),
            instruments,
            1,
            new Begin(false)));
  }

  private Path list() {
    return folder.resolve("lists").resolve(NAME);
  }

  private void answer(String ending, String text) throws IOException {
    Path draft = Files.writeString(folder.resolve("draft"), text);
    Files.move(draft, list().resolveSibling(NAME + ending));
  }

  private static void until(java.util.concurrent.Callable<Boolean> condition) {
    await().dontCatchUncaughtExceptions().atMost(Duration.ofSeconds(60)).until(condition);
  }

  private ExecutionStatus status() {
    return executor.getExecutionStatus("x").orElseThrow().status();
  }

  @Test
  void aListIsWrittenAndItsAnswerIsTheResult() throws IOException {
    start(Instruments.HARDWARE);
    until(() -> Files.exists(list()));
    assertThat(Files.readAllLines(list()))
        .containsExactly(
            "liquid_class,source,target,volume_ul",
            "\"water, cold\",A1,B1,50.5",
            "\"water, cold\",A2,B2,20");
    assertThat(status()).isEqualTo(ExecutionStatus.RUNNING);

    answer(".done", "{\"transferred\": 2}");

    ExecutionRecord ended = executor.await("x");
    assertThat(ended.status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(ended.simulated()).isFalse();
    StepRecord step = executor.steps("x").get(0);
    assertThat(step.result().values())
        .containsEntry("transferred", 2L)
        .containsEntry("mode", "hardware");
  }

  @Test
  void anotherWorkerWritesNoSecondListThoughTheDeviceHasTakenTheFirst() throws Exception {
    Worklist worklist =
        new Worklist("transfer", folder.resolve("lists"), Duration.ofHours(1), Map.of());
    WorklistStep step = new WorklistStep(worklist, Duration.ofMillis(10));
    FutureTask<Object> first = new FutureTask<>(() -> step.perform(new Attempt(false)));
    Thread worker = new Thread(first);
    worker.start();
    until(() -> Files.exists(list()));
    Files.move(list(), folder.resolve("taken.csv"));
    // The worker ends.
    worker.interrupt();
    assertThatThrownBy(first::get).hasCauseInstanceOf(WorkerEndsException.class);

    FutureTask<Map<String, ?>> second = new FutureTask<>(() -> step.perform(new Attempt(false)));
    new Thread(second).start();
    answer(".done", "two of two");

    assertThat(second.get().get("note")).isEqualTo("two of two");
    assertThat(list()).doesNotExist();
  }

  @Test
  void aCrashBeforeTheListWasHandedOverHandsItOver() throws Exception {
    Files.createDirectories(folder.resolve("lists"));
    Files.writeString(list().resolveSibling(NAME + ".given"), "");
    Files.writeString(list().resolveSibling(NAME + ".draft"), "volu");

    start(Instruments.HARDWARE);

    until(() -> Files.exists(list()));
    assertThat(list()).content().contains("water, cold");
    answer(".done", "");
    assertThat(executor.await("x").status()).isEqualTo(ExecutionStatus.COMPLETED);
  }

  private record Attempt(boolean isCancelled) implements StepContext {
    @Override
    public StepRequest request() {
      return new StepRequest(
          "x",
          "step-id",
          0,
          1,
          StepAction.PERFORM,
          "Transfer",
          "transfer",
          Parameters.of(Map.of("volume_ul", 5.0)),
          null,
          null,
          Instruments.HARDWARE,
          1,
          EffectClass.REATTACHABLE);
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public void heartbeat(String progress, Map<String, ?> details) {
      assertThat(progress).contains(NAME);
    }

    @Override
    public void heldByInstrument(String reason) {
      throw new AssertionError("a file pauses nobody");
    }

    @Override
    public void goesOn() {}

    @Override
    public void requireWanted() {}
  }

  @Test
  void aFailureIsAQuestionInTheWordsOfWhoAnswered() throws IOException {
    start(Instruments.HARDWARE);
    until(() -> Files.exists(list()));

    answer(".failed", "clot in tip 3");

    until(() -> status() == ExecutionStatus.PAUSED);
    assertThat(executor.queries().decisions("x").get(0).question().evidence())
        .contains("clot in tip 3");
  }

  @Test
  void aCancelTakesTheListAwayAndAsks() throws IOException {
    start(Instruments.HARDWARE);
    until(() -> Files.exists(list()));

    executor.cancel("x", "by ada");

    until(() -> !executor.queries().decisions("x").isEmpty());
    assertThat(list()).doesNotExist();
    assertThat(list().resolveSibling(NAME + ".cancelled")).exists();
    assertThat(status()).isEqualTo(ExecutionStatus.PAUSED);
  }

  @Test
  void virtualInstrumentsWriteNothing() throws IOException {
    start(Instruments.VIRTUAL);

    assertThat(executor.await("x").simulated()).isTrue();
    assertThat(folder.resolve("lists")).doesNotExist();
  }

  @Test
  void aListAndATaskQueueAreTwoThings() throws IOException {
    executor.close();
    Files.writeString(
        folder.resolve("handlers.yaml"),
        "handlers: {transfer: {worklist: lists, timeout_minutes: 60, task_queue: q}}\n");

    assertThatThrownBy(this::executor)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("task_queue: is not a known key");
  }
}

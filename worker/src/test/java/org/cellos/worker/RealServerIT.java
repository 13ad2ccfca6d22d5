package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.converter.RawValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.cellos.TemporalServer;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionClient.Sight;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.handler.StepHandler;
import org.cellos.instrument.WitnessLog;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on a real Temporal server. */
class RealServerIT {
  @TempDir static Path serverFolder;
  private static TemporalServer server;

  @TempDir Path folder;

  @BeforeAll
  static void startServer() throws IOException {
    server = TemporalServer.start(serverFolder);
  }

  @AfterAll
  static void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aPassageRunsAndTemporalsOwnStatusIsTrue() throws IOException {
    Path witness = folder.resolve("witness.jsonl");
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(
            folder.resolve("executions.db"), server.choice(), WitnessLog.appendingTo(witness))) {
      assertThat(executor.engine().kind()).isEqualTo(Engine.Kind.EXTERNAL);
      ExecutionInput input = passage(new Begin(false));

      executor.create(input);
      ExecutionRecord finished = executor.await(input.executionId());

      assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(executor.steps(finished.executionId()))
          .hasSize(13)
          .allSatisfy(step -> assertThat(step.status()).isEqualTo(StepStatus.COMPLETED));
      assertThat(Files.readAllLines(witness)).hasSize(13);
      WorkflowExecutionDescription description = describe(executor, finished.executionId());
      assertThat(description.getStatus())
          .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED);
      assertThat(description.getStaticSummary())
          .isEqualTo("passage of iPSC in flask_t75 (13 steps)");
    }
  }

  @Test
  void aFailedExecutionIsFailedInTemporalToo() {
    try (WorkflowExecutor executor = open("executions.db")) {
      executor.registerHandler(
          "image",
          EffectClass.ONCE,
          step -> {
            throw new IllegalStateException("The lamp is broken");
          });
      ExecutionRecord created =
          executor.createExecutionFromProtocol(
              "imaging",
              "iPSC",
              "flask_t75",
              "image",
              List.of(UnitOp.of("image", "Image the flask", Map.of())),
              Map.of());

      ExecutionRecord finished = executor.execute(created.executionId(), false);

      assertThat(finished.errorMessage()).isEqualTo("The lamp is broken");
      assertThat(describe(executor, finished.executionId()).getStatus())
          .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_FAILED);
    }
  }

  /** Row 35: the server would refuse it after the instrument has acted. */
  @Test
  void aResultThatHistoryCannotHoldIsOneAttemptAndAClearError() {
    Map<String, Map<String, ?>> results =
        Map.of(
            "3 MB",
            Map.of("pixels", "x".repeat(3_000_000)),
            "a null",
            Collections.singletonMap("images", null),
            "no number",
            Map.of("volume_ml", Double.NaN),
            "no JSON",
            Map.of("thread", new Object()));
    for (EffectClass effectClass : List.of(EffectClass.ONCE, EffectClass.IDEMPOTENT)) {
      results.forEach(
          (what, result) -> {
            AtomicInteger calls = new AtomicInteger();
            ExecutionRecord finished =
                imaging(
                    effectClass,
                    step -> {
                      calls.incrementAndGet();
                      return result;
                    });

            assertThat(finished.status()).as(what).isEqualTo(ExecutionStatus.FAILED);
            assertThat(finished.errorMessage())
                .as(what)
                .startsWith("The step was done, but its result cannot be kept: ");
            assertThat(calls).as(what).hasValue(1);
          });
    }
  }

  /** What an exception carries goes into history as well. */
  @Test
  void anErrorThatHistoryCannotHoldIsOneAttemptAndAClearError() {
    AtomicInteger calls = new AtomicInteger();

    ExecutionRecord finished =
        imaging(
            EffectClass.ONCE,
            step -> {
              calls.incrementAndGet();
              throw new IllegalStateException("The lamp is broken " + "x".repeat(3_000_000));
            });

    assertThat(finished.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(finished.errorMessage()).startsWith("The lamp is broken").hasSizeLessThan(100_000);
    assertThat(calls).hasValue(1);
  }

  /**
   * Row 35: somebody's input is encrypted with a key that is not here. It must wait for a worker
   * that has the key, and be seen to wait, instead of being failed or half performed.
   */
  @Test
  void anInputThatCannotBeReadIsNotPerformedAndHindersNobody() throws IOException {
    Path witness = folder.resolve("witness.jsonl");
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(
            folder.resolve("executions.db"), server.choice(), WitnessLog.appendingTo(witness))) {
      WorkflowClient temporal =
          ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
      Payload encrypted =
          Payload.newBuilder()
              .putMetadata("encoding", ByteString.copyFromUtf8("binary/encrypted"))
              .setData(ByteString.copyFromUtf8("?"))
              .build();
      temporal
          .newUntypedWorkflowStub(
              "ProtocolExecution",
              WorkflowOptions.newBuilder()
                  .setWorkflowId("unreadable")
                  .setTaskQueue(executor.taskQueue())
                  .build())
          .start(new RawValue(encrypted), null);
      ExecutionClient client = new ExecutionClient(temporal, executor.taskQueue());
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () ->
                  assertThat(client.look("unreadable"))
                      .asInstanceOf(InstanceOfAssertFactories.type(Sight.Open.class))
                      .extracting(Sight.Open::trouble)
                      .asString()
                      .contains("workflow task has failed"));
      assertThat(witness).doesNotExist();
      assertThat(executor.listExecutions()).isEmpty();

      ExecutionInput input = passage(new Begin(false));
      executor.create(input);
      assertThat(executor.await(input.executionId()).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
  }

  private ExecutionRecord imaging(EffectClass effectClass, StepHandler handler) {
    try (WorkflowExecutor executor = open("executions.db")) {
      executor.registerHandler("image", effectClass, handler);
      ExecutionRecord created =
          executor.createExecutionFromProtocol(
              "imaging",
              "iPSC",
              "flask_t75",
              "image",
              List.of(UnitOp.of("image", "Image the flask", Map.of())),
              Map.of());
      return executor.execute(created.executionId(), false);
    }
  }

  @Test
  void oneProcessCreatesAndAnotherExecutes() {
    ExecutionInput input = passage(null);
    try (WorkflowExecutor first = open("executions.db")) {
      assertThat(first.create(input).status()).isEqualTo(ExecutionStatus.PENDING);
    }
    try (WorkflowExecutor second = open("executions.db")) {
      ExecutionRecord finished = second.execute(input.executionId(), true);

      assertThat(finished.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(second.steps(finished.executionId()))
          .extracting(StepRecord::result)
          .containsOnly(Parameters.of(Map.of("dry_run", true)));
    }
  }

  @Test
  void anIncubationOutlivesTheWorkerThatStartedIt() throws IOException {
    Path database = folder.resolve("executions.db");
    Path witness = folder.resolve("witness.jsonl");
    List<UnitOp> unitOps =
        List.of(
            UnitOp.of("incubate", "Rest", Map.of("minutes", 600, "temperature_c", 37)),
            UnitOp.of("dispense", "Feed", Map.of("volume_ml", 1.0, "to", "flask_t75")));
    String id = "resting";
    try (WorkflowExecutor first =
        WorkflowExecutor.open(database, server.choice(), WitnessLog.appendingTo(witness))) {
      first.create(
          ExecutionInputs.ofUnitOps(id, "rest", null, null, "rest", unitOps, Parameters.none()));
      first.begin(id, false);
      Awaitility.await()
          .until(
              () ->
                  first.queries().attempts(id).stream()
                      .anyMatch(attempt -> attempt.endedAt() != null));
    }

    try (WorkflowExecutor second =
        WorkflowExecutor.open(database, server.choice(), WitnessLog.appendingTo(witness))) {
      assertThat(second.getExecutionStatus(id).orElseThrow().status())
          .isEqualTo(ExecutionStatus.RUNNING);
      assertThat(second.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
    assertThat(Files.readAllLines(witness)).hasSize(2);
  }

  @Test
  void startingTheSameIdTwiceIsOneExecution() {
    try (WorkflowExecutor executor = open("executions.db")) {
      ExecutionInput input = passage(null);
      executor.create(input);
      executor.create(input);
      executor.execute(input.executionId(), true);

      assertThat(executor.listExecutions()).hasSize(1);
      assertThatThrownBy(() -> executor.create(input))
          .isInstanceOf(ExecutionRefusedException.class)
          .hasMessageContaining("has ended already");
    }
  }

  @Test
  void anIdOfAnotherHistoryIsRefusedAtOnce() {
    ExecutionInput input = passage(new Begin(true));
    try (WorkflowExecutor one = open("one.db");
        WorkflowExecutor two = open("two.db")) {
      one.create(input);
      one.await(input.executionId());

      assertThatThrownBy(() -> two.create(input))
          .isInstanceOf(ExecutionRefusedException.class)
          .hasMessageContaining("belongs to an execution of another history");
      assertThat(two.listExecutions()).isEmpty();
    }
  }

  @Test
  void anExecutionIsRecordedOnlyInTheMirrorItWasStartedFor() {
    try (WorkflowExecutor one = open("one.db");
        WorkflowExecutor two = open("two.db")) {
      for (int i = 0; i < 5; i++) {
        ExecutionInput input = passage(new Begin(true));
        one.create(input);
        one.await(input.executionId());
      }

      assertThat(one.listExecutions()).hasSize(5);
      assertThat(two.listExecutions()).isEmpty();
    }
  }

  private WorkflowExecutor open(String database) {
    return WorkflowExecutor.open(folder.resolve(database), server.choice());
  }

  private static ExecutionInput passage(Begin begin) {
    ResolvedProtocol protocol =
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolve("passage", "iPSC", "T75", Profile.ORIGINAL);
    return ExecutionInputs.ofResolved(
        ExecutionInputs.newExecutionId(),
        protocol,
        Parameters.none(),
        Instruments.VIRTUAL,
        ExecutionInput.DEFAULT_SPEED_UP,
        begin);
  }

  private static WorkflowExecutionDescription describe(
      WorkflowExecutor executor, String executionId) {
    WorkflowClient temporal =
        ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
    return temporal.newUntypedWorkflowStub(executionId).describe();
  }
}

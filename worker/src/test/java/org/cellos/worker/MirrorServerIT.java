package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.cellos.TemporalServer;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.Choice;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MirrorDifference;
import org.cellos.domain.MirrorRebuild;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.Engines;
import org.cellos.mirror.HistoryExports;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people and accidents do to workflows on a real server, and the mirror of it. */
class MirrorServerIT {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Two seconds at the default speed-up. */
  private static final UnitOp REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final UnitOp LONG_REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

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
  void aTerminatedExecutionIsClosedWithTheReason() {
    String id;
    try (WorkflowExecutor executor = open()) {
      id = resting(executor);
      temporal(executor).newUntypedWorkflowStub(id).terminate("wrong flask");
    }
    ExecutionStatus before;
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      before = mirror.queries().find(id).orElseThrow().status();
    }
    assertThat(verify().notCompared()).isEmpty();
    // As long as nobody has told the mirror, it differs.
    assertThat(verify().differences())
        .extracting(MirrorDifference::column)
        .containsAll(before.isTerminal() ? List.of() : List.of("status", "error_message"));

    assertThat(rebuild(Optional.empty()).projected()).isEqualTo(1);

    assertNoDifference(1);
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      var record = mirror.queries().find(id).orElseThrow();
      assertThat(record.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(record.errorMessage())
          .startsWith("Terminated in Temporal by ")
          .endsWith(": wrong flask. Nothing was stopped or cleaned up.");
      assertThat(mirror.queries().steps(id).get(2).status()).isEqualTo(StepStatus.SKIPPED);
    }
  }

  @Test
  void aResetExecutionIsProjectedFromBothOfItsRuns() throws IOException {
    try (WorkflowExecutor executor = open()) {
      String id = execute(executor, List.of(DISPENSE, DISPENSE, DISPENSE));
      assertThat(export(executor)).isEqualTo(1);
      reset(executor, id);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  executor
                          .queries()
                          .details(id)
                          .orElseThrow()
                          .temporalRunId()
                          .equals(newest(executor, id))
                      && executor.getExecutionStatus(id).orElseThrow().status().isTerminal());

      assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
      await().until(() -> export(executor) == 1);
    }
    assertNoDifference(1);
    assertThat(rebuild(Optional.empty()).projected()).isEqualTo(1);
    assertNoDifference(1);
  }

  @Test
  void aFileThatIsGoneIsMadeAnewFromTheServer() throws IOException {
    List<String> ids = new ArrayList<>();
    String mirrorId;
    try (WorkflowExecutor executor = open()) {
      for (int i = 0; i < 3; i++) {
        ids.add(execute(executor, Collections.nCopies(30, DISPENSE)));
      }
      ids.add(resting(executor));
      try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
        mirrorId = mirror.mirrorId();
      }
      assertNoDifference(4);
    }
    Files.delete(database());
    await()
        .untilAsserted(
            () -> {
              Files.deleteIfExists(database());
              MirrorRebuild rebuild = rebuild(Optional.of(mirrorId));
              assertThat(rebuild.projected()).isEqualTo(4);
              assertThat(rebuild.asking()).containsExactly(ids.get(3));
            });

    assertNoDifference(4);
    // What the mirror has lost since, its history still tells.
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      assertThat(mirror.queries().attempts(ids.get(3))).hasSize(2);
    }
  }

  @Test
  void whereTheLedgerIsLostPhysicalStepsAskAPerson() throws Exception {
    String id = "asking";
    try (WorkflowExecutor executor = open()) {
      executor.create(
          ExecutionInputs.ofUnitOps(
              id, "t", null, null, "t", List.of(DISPENSE, REST, DISPENSE), Parameters.none()));
      executor.begin(id, false);
      await().until(() -> executor.queries().attempts(id).size() == 2);
    }
    // As if a write-ahead log had been deleted: the file is whole, and of before.
    change("DELETE FROM effect_ledger");
    change("DELETE FROM step_attempts");
    change("UPDATE execution_progress SET sequence = 1");

    assertThat(rebuild(Optional.empty()).asking()).containsExactly(id);

    try (WorkflowExecutor executor = open()) {
      answer(executor, id, 1, StepAction.STOP);
      answer(executor, id, 2, StepAction.PERFORM);
      assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    }
    assertNoDifference(1);
  }

  private static void answer(
      WorkflowExecutor executor, String id, int stepIndex, StepAction action) {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                executor.queries().decisions(id).stream()
                    .anyMatch(
                        asked -> asked.isOpen() && asked.question().stepIndex() == stepIndex));
    executor.answer(
        id, new Answer("a" + stepIndex, stepIndex, 1, action, Choice.DONE, null, "ada", "saw it"));
  }

  private void change(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  @Test
  void whileExecutionsGoOnNothingDiffers() {
    try (WorkflowExecutor executor = open()) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String id = "going-on-" + UUID.randomUUID();
        executor.create(
            ExecutionInputs.ofUnitOps(
                    id, "t", null, null, "t", Collections.nCopies(20, DISPENSE), Parameters.none())
                .begunAs(new Begin(true)));
        ids.add(id);
      }
      do {
        assertThat(verify().differences()).isEmpty();
      } while (ids.stream()
          .anyMatch(id -> !executor.getExecutionStatus(id).orElseThrow().status().isTerminal()));
      assertNoDifference(20);
    }
  }

  /** Prints how long it takes; {@code -Dcellos.measure=1000} makes it many. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void manyExecutionsAreRebuilt() throws IOException {
    int many = Integer.getInteger("cellos.measure", 30);
    try (WorkflowExecutor executor = open()) {
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        ids.add("measured-" + UUID.randomUUID());
        executor.create(
            ExecutionInputs.ofUnitOps(
                    ids.get(i),
                    "t",
                    null,
                    null,
                    "t",
                    Collections.nCopies(10, DISPENSE),
                    Parameters.none())
                .begunAs(new Begin(true)));
      }
      ids.forEach(executor::await);
    }
    long begin = System.nanoTime();
    assertNoDifference(many);
    long verified = System.nanoTime();
    assertThat(rebuild(Optional.empty()).projected()).isEqualTo(many);
    long rebuilt = System.nanoTime();
    assertNoDifference(many);
    System.out.printf(
        "%d executions: verified in %.1f s, rebuilt in %.1f s%n",
        many, (verified - begin) / 1e9, (rebuilt - verified) / 1e9);
  }

  private WorkflowExecutor open() {
    return WorkflowExecutor.open(database(), server.choice());
  }

  private static String execute(WorkflowExecutor executor, List<UnitOp> unitOps) {
    String id =
        executor
            .createExecutionFromProtocol("test", null, null, "test", unitOps, Map.of())
            .executionId();
    assertThat(executor.execute(id, true).status()).isEqualTo(ExecutionStatus.COMPLETED);
    return id;
  }

  /** An execution in the middle of an incubation. */
  private static String resting(WorkflowExecutor executor) {
    String id =
        executor
            .createExecutionFromProtocol(
                "test", null, null, "test", List.of(DISPENSE, LONG_REST, DISPENSE), Map.of())
            .executionId();
    executor.begin(id, false);
    await()
        .until(
            () ->
                temporal(executor).fetchHistory(id).getEvents().stream()
                        .filter(
                            event ->
                                event.getEventType()
                                    == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED)
                        .count()
                    == 2);
    return id;
  }

  /** To its first completed workflow task after the begin. */
  private static void reset(WorkflowExecutor executor, String id) {
    long task =
        temporal(executor).fetchHistory(id).getEvents().stream()
            .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
            .map(HistoryEvent::getEventId)
            .skip(1)
            .findFirst()
            .orElseThrow();
    executor
        .engine()
        .stubs()
        .blockingStub()
        .resetWorkflowExecution(
            ResetWorkflowExecutionRequest.newBuilder()
                .setNamespace(executor.engine().namespace())
                .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                .setReason("test")
                .setWorkflowTaskFinishEventId(task)
                .setRequestId(UUID.randomUUID().toString())
                .build());
  }

  private static String newest(WorkflowExecutor executor, String id) {
    return temporal(executor).newUntypedWorkflowStub(id).describe().getExecution().getRunId();
  }

  private int export(WorkflowExecutor executor) throws IOException {
    try (MirrorDatabase mirror = MirrorDatabase.open(database())) {
      return new HistoryExports(mirror, temporal(executor), executor.engine().id())
          .exportClosed(100);
    }
  }

  private MirrorVerification verify() {
    return MirrorMaintenance.verify(database(), server.choice());
  }

  private void assertNoDifference(int compared) {
    MirrorVerification verification = verify();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.notCompared()).isEmpty();
    assertThat(verification.compared()).isEqualTo(compared);
  }

  private MirrorRebuild rebuild(Optional<String> mirrorId) {
    try (Engine engine = Engines.open(server.choice())) {
      return MirrorMaintenance.rebuild(database(), engine, mirrorId, "ada");
    }
  }

  private static WorkflowClient temporal(WorkflowExecutor executor) {
    return ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.TerminateWorkflowExecutionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.cellos.domain.Begin;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Lease;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.Parameters;
import org.cellos.domain.Priority;
import org.cellos.domain.Profile;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.cellos.engine.EngineChoice;
import org.cellos.view.History;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several executions want one robot, or one centrifuge. */
@Timeout(120)
class SharedEquipmentTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final UnitOp ROBOT = UnitOp.of("robot_protocol", "Play", Map.of("robot", "ot2-a"));

  @TempDir private Path folder;
  private WorkflowExecutor executor;
  private final List<String> served = new CopyOnWriteArrayList<>();
  private final Semaphore mayEnd = new Semaphore(0);

  @BeforeEach
  void open() {
    executor = executor();
  }

  private WorkflowExecutor executor() {
    WorkflowExecutor opened =
        WorkflowExecutor.open(folder.resolve("executions.db"), EngineChoice.inMemory());
    // Stands in for what moves: each use lasts until the test lets it end.
    for (String operation : List.of("robot_protocol", "centrifuge")) {
      opened.registerHandler(
          operation,
          EffectClass.IDEMPOTENT,
          step -> {
            served.add(step.request().executionId());
            mayEnd.acquire();
            return Map.of("status", "success");
          });
    }
    return opened;
  }

  @AfterEach
  void close() {
    mayEnd.release(1_000);
    executor.close();
  }

  private void start(String id, Priority priority, UnitOp... unitOps) {
    executor.create(
        new ExecutionInput(
            id,
            id,
            null,
            null,
            "own",
            Profile.ORIGINAL,
            Instruments.HARDWARE,
            1,
            Step.numbered(List.of(unitOps)),
            List.of(),
            Parameters.of(Map.of(Priority.KEY, priority.wireValue())),
            Usd.ZERO,
            Usd.ZERO,
            1,
            new Begin(false),
            null));
  }

  private void start(String id) {
    start(id, Priority.NORMAL, ROBOT);
  }

  private void startHolder() {
    start("holder");
    until(() -> served.size() == 1);
  }

  private void startWaiting(String id) {
    start(id);
    until(() -> waiting().contains(id));
  }

  private static void until(Callable<Boolean> condition) {
    await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(condition);
  }

  private List<String> waiting() {
    return executor.queries().leases().stream()
        .filter(lease -> !lease.isGranted())
        .map(Lease::executionId)
        .toList();
  }

  private List<String> waitsOf(String id) {
    return History.of(executor.mirror()).equipmentWaits(id);
  }

  private ExecutionStatus status(String id) {
    return executor.getExecutionStatus(id).orElseThrow().status();
  }

  @Test
  void twentyInTheQueueKeepTheirOrderAndStartByThemselves() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      // Their names say nothing of their order.
      String id = "x" + (i * 5 % 21);
      start(id);
      ids.add(id);
      int atMost = i;
      until(() -> served.size() == 1 && waiting().size() == atMost);
    }
    assertThat(waiting()).isEqualTo(ids.subList(1, 21));
    assertThat(waitsOf(ids.get(2)))
        .singleElement()
        .asString()
        .startsWith("Waits for ot2-a since ")
        .contains("number 2 of 20 in the queue; in use by x0.");

    for (int i = 1; i <= 21; i++) {
      mayEnd.release();
      int ended = i;
      until(() -> status(ids.get(ended - 1)) == ExecutionStatus.COMPLETED);
      until(() -> served.size() == Math.min(ended + 1, 21));
    }
    assertThat(served).isEqualTo(ids);
    assertThat(executor.queries().leases()).isEmpty();
  }

  @Test
  void theUrgentComesBeforeThoseWhoWait() {
    startHolder();
    startWaiting("normal");
    start("urgent", Priority.URGENT, ROBOT);
    until(() -> waiting().size() == 2);

    mayEnd.release(2);

    until(() -> served.size() == 3);
    assertThat(served).containsExactly("holder", "urgent", "normal");
  }

  @Test
  void whatWasWaitedForIsInTheHistoryAndIsNoStep() {
    startHolder();
    startWaiting("next");
    mayEnd.release(2);
    executor.await("next");

    MirrorVerification verification =
        MirrorMaintenance.verify(executor.mirror(), executor.engine());

    assertThat(verification.problems()).isEmpty();
    assertThat(verification.notCompared()).isEmpty();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.compared()).isEqualTo(2);
  }

  @Test
  void whoIsTerminatedGivesItBack() {
    startHolder();
    startWaiting("next");

    executor
        .engine()
        .stubs()
        .blockingStub()
        .terminateWorkflowExecution(
            TerminateWorkflowExecutionRequest.newBuilder()
                .setNamespace(executor.engine().namespace())
                .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId("holder"))
                .setReason("of no use")
                .build());

    until(() -> served.contains("next"));
    assertThat(status("holder")).isEqualTo(ExecutionStatus.FAILED);
  }

  @Test
  void whoIsCancelledLeavesTheQueue() {
    startHolder();
    startWaiting("first");
    startWaiting("second");

    executor.cancel("first", "not needed");
    until(() -> status("first") == ExecutionStatus.CANCELLED);
    assertThat(waiting()).containsExactly("second");
    mayEnd.release();

    until(() -> served.size() == 2);
    assertThat(served).containsExactly("holder", "second");
  }

  @Test
  void whoIsPausedLetsOthersPassAndComesNext() {
    startHolder();
    startWaiting("first");
    startWaiting("second");
    startWaiting("third");

    executor.control("first", request("p", new Control.Pause(false)));
    until(() -> status("first") == ExecutionStatus.PAUSED);
    mayEnd.release();
    until(() -> served.size() == 2);
    executor.control("first", request("r", new Control.Resume()));
    until(() -> status("first") == ExecutionStatus.RUNNING);
    mayEnd.release(3);

    until(() -> served.size() == 4);
    assertThat(served).containsExactly("holder", "second", "first", "third");
  }

  private static ControlRequest request(String id, Control control) {
    return new ControlRequest(id, "ada", "to see", control);
  }

  /** The crash of a process with its engine: another takes all of it up, in the same order. */
  @Test
  void theOrderIsKeptWhenTheWorkerIsAnotherOne() {
    startHolder();
    for (String id : List.of("c", "a", "b")) {
      startWaiting(id);
    }
    served.clear();
    mayEnd.release();
    // Closing lets the step under way end, and no other begin.
    executor.close();
    executor = executor();

    executor.resumeAbandoned();
    mayEnd.release(10);

    until(() -> served.containsAll(List.of("a", "b", "c")));
    assertThat(served.stream().filter(id -> !id.equals("holder"))).containsExactly("c", "a", "b");
  }

  @Test
  void ofACentrifugeWithTwoPlacesTwoAreUsed() throws IOException {
    Files.writeString(
        folder.resolve("equipment.yaml"), "equipment: {spinner: {kind: centrifuge, places: 2}}\n");
    UnitOp spin = UnitOp.of("centrifuge", "Spin", Map.of("minutes", 1.0));
    for (String id : List.of("a", "b", "c")) {
      start(id, Priority.NORMAL, spin);
      until(() -> executor.queries().leases().stream().anyMatch(l -> l.executionId().equals(id)));
    }
    until(() -> served.size() == 2);

    assertThat(waitsOf("c"))
        .singleElement()
        .asString()
        .startsWith("Waits for a centrifuge since ")
        .contains("number 1 of 1")
        .contains("in use by a, b.");
    assertThat(SharedEquipment.uses(folder.resolve("executions.db"), executor.queries().leases()))
        .singleElement()
        .satisfies(use -> assertThat(use.places()).isEqualTo(Map.of("spinner", 2)));
    mayEnd.release();
    until(() -> served.size() == 3);
  }

  /** Nobody knows how much there is: nobody gets it, until somebody has mended the file. */
  @Test
  void aWrongFileIsWaitedForUntilItIsMended() throws IOException {
    Path file = Files.writeString(folder.resolve("equipment.yaml"), "equipment: [1, 2]\n");
    start("a", Priority.NORMAL, UnitOp.of("centrifuge", "Spin", Map.of("minutes", 1.0)));
    until(() -> status("a") == ExecutionStatus.RUNNING);
    assertThat(served).isEmpty();

    Files.writeString(file, "equipment: {spinner: {kind: centrifuge, places: 2}}\n");

    until(() -> served.size() == 1);
  }
}

package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.Engines;
import org.cellos.mirror.HistoryExports;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A handler that does not come back is said, as long as it does not. */
class HungStepSupervisionTest {
  @TempDir Path folder;

  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
  private final CountDownLatch lamp = new CountDownLatch(1);
  private final CountDownLatch lid = new CountDownLatch(1);

  private Engine server;
  private EngineLocks.Held elected;
  private WorkflowExecutor executor;
  private MirrorDatabase mirror;
  private Reconciler reconciler;

  @BeforeEach
  void open() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    Path database = folder.resolve("executions.db");
    server = Engines.open(EngineChoice.inMemory());
    EngineChoice choice = EngineChoice.at(server.address());
    // The executor's own reconciler is not elected: this one looks, at times of the test's choice.
    try (Engine reached = Engines.open(choice)) {
      elected = EngineLocks.beside(database).tryHold("reconciler-" + reached.id()).orElseThrow();
    }
    executor = WorkflowExecutor.open(database, choice);
    executor.registerHandler("image", step -> waitFor(lamp));
    executor.registerHandler("cover", step -> waitFor(lid));
    mirror = MirrorDatabase.open(database);
    var temporal =
        ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
    reconciler =
        new Reconciler(
            mirror,
            new EngineLocks(folder.resolve("other-locks")),
            ExecutionWorker.identity(executor.engine()),
            new ExecutionClient(temporal, ExecutionWorker.taskQueue(mirror)),
            new HistoryExports(mirror, temporal, executor.engine().id()),
            () -> true,
            () -> Instant.now().plus(ahead.get()),
            "test");
  }

  @AfterEach
  void close() {
    lamp.countDown();
    lid.countDown();
    executor.close();
    mirror.close();
    elected.close();
    server.close();
  }

  @Test
  void itIsSaidUntilTheStepHasEnded() {
    String id =
        executor
            .createExecutionFromProtocol(
                "test",
                null,
                null,
                "test",
                List.of(
                    UnitOp.of("image", "Image the flask", Map.of()),
                    UnitOp.of("cover", "Close the lid", Map.of())),
                Map.of())
            .executionId();
    executor.begin(id, false);
    awaitAttempts(id, 1);

    reconciler.round();
    assertThat(trouble(id)).isEmpty();

    later(Duration.ofMinutes(47));
    reconciler.round();
    assertThat(trouble(id))
        .contains(
            "Step 1 (Image the flask) has been under way for 47 min. Look at the instrument.");

    later(Duration.ofMinutes(48));
    reconciler.round();
    assertThat(trouble(id).orElseThrow()).contains("for 48 min");

    lamp.countDown();
    awaitAttempts(id, 2);
    later(Duration.ZERO);
    reconciler.round();
    assertThat(trouble(id)).isEmpty();

    later(Duration.ofMinutes(3));
    reconciler.round();
    assertThat(trouble(id).orElseThrow()).startsWith("Step 2 (Close the lid)");

    lid.countDown();
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    reconciler.round();
    assertThat(trouble(id)).isEmpty();
  }

  private void awaitAttempts(String id, int attempts) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> mirror.queries().attempts(id).size() == attempts);
  }

  private void later(Duration duration) {
    ahead.set(duration);
  }

  private Optional<String> trouble(String id) {
    return mirror.queries().trouble(id);
  }

  private static Map<String, ?> waitFor(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return Map.of();
  }
}

package org.cellos.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.activity.LivenessBeat;
import org.cellos.activity.RecordActivitiesImpl;
import org.cellos.activity.StepActivitiesImpl;
import org.cellos.activity.StepFailures;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.Engines;
import org.cellos.handler.HandlerRegistry;
import org.cellos.instrument.VirtualInstruments;
import org.cellos.instrument.WitnessLog;
import org.cellos.mirror.MirrorInterceptor;
import org.cellos.store.EffectLedger;
import org.cellos.store.ExecutionRecorder;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full for a while delays an execution and loses nothing. */
class UnwritableHistoryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "open",
        "begin",
        "attemptStarted",
        "attemptEnded",
        "recordStep",
        "recordExecution",
        "claim",
        "stands",
        "close"
      })
  void whatCannotBeWrittenIsWrittenLaterAndNothingHappensTwice(String method) throws Exception {
    Path witness = folder.resolve("witness.jsonl");
    try (Engine engine = Engines.open(EngineChoice.inMemory());
        MirrorDatabase mirror = MirrorDatabase.open(folder.resolve("executions.db"))) {
      ExecutionRecorder flaky = failingTwice(ExecutionRecorder.class, mirror.recorder(), method);
      EffectLedger ledger = failingTwice(EffectLedger.class, mirror.ledger(), method);
      WorkflowClient temporal = ExecutionClient.temporalClient(engine.stubs(), engine.namespace());
      WorkerFactory factory =
          WorkerFactory.newInstance(
              temporal,
              WorkerFactoryOptions.newBuilder()
                  .setWorkerInterceptors(new MirrorInterceptor(flaky, "test", StepFailures::of))
                  .build());
      HandlerRegistry handlers = new HandlerRegistry();
      VirtualInstruments.register(handlers, WitnessLog.appendingTo(witness));
      Worker worker = factory.newWorker("test");
      worker.registerWorkflowImplementationTypes(ProtocolExecutionImpl.class);
      try (LivenessBeat beat =
          new LivenessBeat(engine.stubs(), engine.namespace(), "test", Duration.ofSeconds(2))) {
        worker.registerActivitiesImplementations(
            new RecordActivitiesImpl(
                flaky,
                ledger,
                handlers,
                new EngineIdentity(
                    EngineIdentity.Kind.IN_MEMORY, engine.id(), engine.address(), "default")),
            new StepActivitiesImpl(handlers, beat, ledger, flaky, engine.id()));
        factory.start();
        ExecutionInput input = input();
        ExecutionClient client = new ExecutionClient(temporal, "test");

        client.start(input, null);

        assertThat(client.outcome(input.executionId()).join().status())
            .isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(mirror.queries().find(input.executionId()).orElseThrow().status())
            .isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(java.nio.file.Files.readAllLines(witness)).hasSize(1);
        factory.shutdownNow();
      }
    }
  }

  private static ExecutionInput input() {
    return ExecutionInputs.ofUnitOps(
            ExecutionInputs.newExecutionId(),
            "test",
            null,
            null,
            "test",
            List.of(UnitOp.of("dispense", "Dispense", Map.of("volume_ml", 1.0))),
            Parameters.none())
        .begunAs(new Begin(false));
  }

  private static <T> T failingTwice(Class<T> type, T real, String method) {
    AtomicInteger calls = new AtomicInteger();
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, arguments) -> {
              if (called.getName().equals(method) && calls.incrementAndGet() <= 2) {
                throw new StoreException("There is no room.");
              }
              try {
                return called.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}

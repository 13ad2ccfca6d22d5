package org.cellos.bench;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.engine.Engine;

/**
 * A worker and a client on the engine that the program under measurement uses as well, with nothing
 * of it but its JSON: what is slower than this is the program's own doing.
 */
final class BareEngine implements AutoCloseable {
  private final WorkflowClient temporal;
  private final WorkerFactory factory;
  private final String taskQueue = "bare-" + UUID.randomUUID();

  BareEngine(Engine engine) {
    this.temporal = ExecutionClient.temporalClient(engine.stubs(), engine.namespace());
    this.factory = WorkerFactory.newInstance(temporal);
    Worker worker = factory.newWorker(taskQueue);
    worker.registerWorkflowImplementationTypes(BareExecutionImpl.class);
    worker.registerActivitiesImplementations(
        (BareActivities) request -> new StepResult(Parameters.of(Map.of("mode", "virtual"))));
    factory.start();
  }

  /** Starts a workflow that waits for its begin. */
  WorkflowStub create(int steps, boolean isLocal) {
    return start(steps, isLocal, true);
  }

  void beginAndAwait(WorkflowStub created) {
    created.update("begin", Void.class);
    created.getResult(Void.class);
  }

  /** Starts a workflow that begins at once. */
  WorkflowStub run(int steps, boolean isLocal) {
    return start(steps, isLocal, false);
  }

  /** Many at once. */
  void runConcurrently(int executions, int steps, boolean isLocal) {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int i = 0; i < executions; i++) {
      ends.add(run(steps, isLocal).getResultAsync(Void.class));
    }
    ends.forEach(CompletableFuture::join);
  }

  private WorkflowStub start(int steps, boolean isLocal, boolean waits) {
    String id = "bare-" + UUID.randomUUID();
    WorkflowStub stub =
        temporal.newUntypedWorkflowStub(
            "BareExecution",
            WorkflowOptions.newBuilder().setWorkflowId(id).setTaskQueue(taskQueue).build());
    stub.start(requests(id, steps), isLocal, waits);
    return stub;
  }

  private static List<StepRequest> requests(String id, int steps) {
    List<StepRequest> requests = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      requests.add(
          new StepRequest(
              id,
              UUID.randomUUID().toString(),
              i,
              1,
              StepAction.PERFORM,
              TenSteps.NAME,
              TenSteps.OPERATION,
              TenSteps.PARAMETERS,
              TenSteps.CELL_LINE,
              TenSteps.VESSEL,
              Instruments.VIRTUAL,
              1,
              EffectClass.ONCE));
    }
    return requests;
  }

  @Override
  public void close() {
    factory.shutdownNow();
    factory.awaitTermination(1, TimeUnit.SECONDS);
  }
}

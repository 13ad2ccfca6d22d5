package org.cellos.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.cellos.activity.LivenessBeat;
import org.cellos.activity.RecordActivitiesImpl;
import org.cellos.activity.StepActivitiesImpl;
import org.cellos.activity.StepFailures;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.EngineIdentity;
import org.cellos.engine.Engine;
import org.cellos.handler.HandlerRegistry;
import org.cellos.mirror.MirrorInterceptor;
import org.cellos.store.MirrorDatabase;
import org.cellos.workflow.ProtocolExecutionImpl;

/** A worker that performs executions of one mirror on one engine, until it is closed. */
public final class ExecutionWorker implements AutoCloseable {
  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** One second, Temporal's own limit, trips on busy cores. */
  private static final long DEADLOCK_MILLIS = 10_000;

  private final String taskQueue;
  private final WorkerFactory factory;
  private final LivenessBeat livenessBeat;

  private ExecutionWorker(String taskQueue, WorkerFactory factory, LivenessBeat livenessBeat) {
    this.taskQueue = taskQueue;
    this.factory = factory;
    this.livenessBeat = livenessBeat;
  }

  public static ExecutionWorker start(
      Engine engine, MirrorDatabase mirror, HandlerRegistry handlers) {
    WorkflowClient temporal = ExecutionClient.temporalClient(engine.stubs(), engine.namespace());
    String identity = temporal.getOptions().getIdentity();
    WorkerFactory factory =
        WorkerFactory.newInstance(
            temporal,
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(
                    new MirrorInterceptor(mirror.recorder(), identity, StepFailures::of))
                .build());
    Worker worker =
        factory.newWorker(
            taskQueue(mirror),
            WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS).build());
    LivenessBeat livenessBeat = new LivenessBeat(BEAT);
    worker.registerWorkflowImplementationTypes(ProtocolExecutionImpl.class);
    worker.registerActivitiesImplementations(
        new RecordActivitiesImpl(mirror.recorder(), handlers, identity(engine)),
        new StepActivitiesImpl(handlers, livenessBeat));
    factory.start();
    return new ExecutionWorker(taskQueue(mirror), factory, livenessBeat);
  }

  /**
   * Every mirror has a queue of its own: a worker must never record executions in a file that they
   * were not started for.
   */
  public static String taskQueue(MirrorDatabase mirror) {
    return "cellos-" + mirror.mirrorId();
  }

  /** The Temporal task queue that it polls. */
  public String taskQueue() {
    return taskQueue;
  }

  /** Stops polling, lets what is under way finish, and returns. */
  @Override
  public void close() {
    factory.shutdown();
    factory.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    factory.shutdownNow();
    livenessBeat.close();
  }

  private static EngineIdentity identity(Engine engine) {
    EngineIdentity.Kind kind =
        switch (engine.kind()) {
          case EXTERNAL -> EngineIdentity.Kind.EXTERNAL;
          case LOCAL -> EngineIdentity.Kind.LOCAL;
          case IN_MEMORY -> EngineIdentity.Kind.IN_MEMORY;
        };
    return new EngineIdentity(kind, engine.id(), engine.address(), engine.namespace());
  }
}

package org.cellos.worker;

import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cellos.activity.LeaseActivitiesImpl;
import org.cellos.activity.LivenessBeat;
import org.cellos.activity.RecordActivitiesImpl;
import org.cellos.activity.StepActivitiesImpl;
import org.cellos.activity.StepFailures;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.EngineIdentity;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineLocks;
import org.cellos.handler.HandlerRegistry;
import org.cellos.mirror.HistoryExports;
import org.cellos.mirror.MirrorInterceptor;
import org.cellos.remote.RemoteCallWorkflowImpl;
import org.cellos.store.MirrorDatabase;
import org.cellos.workflow.ProtocolExecutionImpl;

/** A worker that performs executions of one mirror on one engine, until it is closed. */
public final class ExecutionWorker implements AutoCloseable {
  static final String TASK_QUEUE_PREFIX = "cellos-";

  private static final Duration BEAT = Duration.ofSeconds(2);

  /** A physical step that is cut off has an outcome that nobody knows: better to wait for it. */
  private static final Duration DRAIN = Duration.ofHours(1);

  /** Those that wait for equipment must not keep the others from their steps. */
  private static final int MOST_ACTIVITIES = 1_000;

  private static final Duration LAST_REPORTS = Duration.ofSeconds(3);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** One second, Temporal's own limit, trips on busy cores. */
  private static final long DEADLOCK_MILLIS = 10_000;

  private final String taskQueue;
  private final WorkerFactory factory;
  private final LivenessBeat livenessBeat;
  private final LeaseActivitiesImpl leases;
  private final EngineLocks.Held presence;
  private final Reconciler reconciler;

  private ExecutionWorker(
      String taskQueue,
      WorkerFactory factory,
      LivenessBeat livenessBeat,
      LeaseActivitiesImpl leases,
      EngineLocks.Held presence,
      Reconciler reconciler) {
    this.taskQueue = taskQueue;
    this.factory = factory;
    this.livenessBeat = livenessBeat;
    this.leases = leases;
    this.presence = presence;
    this.reconciler = reconciler;
  }

  /**
   * @param locks tell other processes that this one performs executions of the engine
   */
  public static ExecutionWorker start(
      Engine engine,
      MirrorDatabase mirror,
      HandlerRegistry handlers,
      EngineLocks locks,
      ExecutionClient client) {
    EngineLocks.Held presence = locks.holdWorker(engine.id());
    try {
      return start(engine, mirror, handlers, locks, client, presence);
    } catch (RuntimeException e) {
      presence.close();
      throw e;
    }
  }

  private static ExecutionWorker start(
      Engine engine,
      MirrorDatabase mirror,
      HandlerRegistry handlers,
      EngineLocks locks,
      ExecutionClient client,
      EngineLocks.Held presence) {
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
            WorkerOptions.newBuilder()
                .setDefaultDeadlockDetectionTimeout(DEADLOCK_MILLIS)
                .setMaxConcurrentActivityExecutionSize(MOST_ACTIVITIES)
                .build());
    LivenessBeat livenessBeat =
        new LivenessBeat(engine.stubs(), engine.namespace(), identity, BEAT);
    LeaseActivitiesImpl leases =
        new LeaseActivitiesImpl(
            mirror.leases(),
            need -> SharedEquipment.placesFor(mirror.file(), need),
            new LivenessBeat(engine.stubs(), engine.namespace(), identity, BEAT));
    worker.registerWorkflowImplementationTypes(
        ProtocolExecutionImpl.class, RemoteCallWorkflowImpl.class);
    worker.registerActivitiesImplementations(
        new RecordActivitiesImpl(mirror.recorder(), mirror.ledger(), handlers, identity(engine)),
        new StepActivitiesImpl(
            handlers, livenessBeat, mirror.ledger(), mirror.recorder(), engine.id()),
        leases);
    factory.start();
    Reconciler reconciler =
        new Reconciler(
            mirror,
            locks,
            identity(engine),
            client,
            new HistoryExports(mirror, temporal, engine.id()),
            engine::isItself,
            InstantSource.system(),
            identity);
    reconciler.start();
    return new ExecutionWorker(
        taskQueue(mirror), factory, livenessBeat, leases, presence, reconciler);
  }

  /**
   * Every mirror has a queue of its own: a worker must never record executions in a file that they
   * were not started for.
   */
  public static String taskQueue(MirrorDatabase mirror) {
    return taskQueue(mirror.mirrorId());
  }

  static String taskQueue(String mirrorId) {
    return TASK_QUEUE_PREFIX + mirrorId;
  }

  EngineLocks.Held presence() {
    return presence;
  }

  /** The Temporal task queue that it polls. */
  public String taskQueue() {
    return taskQueue;
  }

  /** Why nothing could be recorded at the last look, if so. */
  Optional<String> storageTrouble() {
    return reconciler.storageTrouble();
  }

  /**
   * Stops polling and lets what is under way finish. Harmless when repeated.
   *
   * @return whether everything finished; otherwise steps were cut off
   */
  public boolean stop() {
    // Whoever needs a worker from now on must not count on this one.
    presence.close();
    factory.shutdown();
    leases.close();
    livenessBeat.leaveToOthers();
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (!livenessBeat.isIdle() && System.nanoTime() < deadline) {
      factory.awaitTermination(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }
    boolean finished = livenessBeat.isIdle();
    // What is left are reports of ended steps, and polls that some servers hold on to.
    factory.awaitTermination(LAST_REPORTS.toMillis(), TimeUnit.MILLISECONDS);
    factory.shutdownNow();
    livenessBeat.close();
    reconciler.close();
    return finished;
  }

  @Override
  public void close() {
    stop();
  }

  static EngineIdentity identity(Engine engine) {
    EngineIdentity.Kind kind =
        switch (engine.kind()) {
          case EXTERNAL -> EngineIdentity.Kind.EXTERNAL;
          case LOCAL -> EngineIdentity.Kind.LOCAL;
          case MANAGED -> EngineIdentity.Kind.MANAGED;
          case IN_MEMORY -> EngineIdentity.Kind.IN_MEMORY;
        };
    return new EngineIdentity(kind, engine.id(), engine.home(), engine.namespace());
  }
}

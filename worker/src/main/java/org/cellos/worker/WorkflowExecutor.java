package org.cellos.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionElsewhereException;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionPendingException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.client.ExecutionUnreachableException;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRecord;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.cellos.handler.HandlerFolder;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.StepHandler;
import org.cellos.handler.TimedStepHandler;
import org.cellos.instrument.VirtualInstruments;
import org.cellos.instrument.WitnessLog;
import org.cellos.json.Fingerprint;
import org.cellos.protocol.HandlersFile;
import org.cellos.remote.RemoteHandlers;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.MirrorDatabase;
import org.cellos.worklist.WorklistStep;
import org.jspecify.annotations.Nullable;

/**
 * Runs protocols from one's own Java program: an engine, a worker and the mirror in one object.
 *
 * <pre>{@code
 * try (WorkflowExecutor executor = WorkflowExecutor.open(Path.of("data/executions.db"))) {
 *   ExecutionRecord created =
 *       executor.createExecutionFromProtocol(
 *           "daily feed", "iPSC", "flask_t75", "feed", unitOps, Map.of("researcher", "ada"));
 *   ExecutionRecord finished = executor.execute(created.executionId(), true);
 * }
 * }</pre>
 *
 * <p>Thread-safe. Close it to stop the worker; executions under way end with it if the engine is in
 * memory, and go on with the next worker otherwise.
 */
public final class WorkflowExecutor implements AutoCloseable {
  /** The handlers in other languages, beside the history. */
  private static final String HANDLERS = "handlers.yaml";

  /** A folder with jars of handlers, beside the history. */
  private static final String HANDLER_JARS = "handlers";

  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(30);

  /** How long a process may take from the end of its engine to its own. */
  private static final Duration TAKEOVER_PATIENCE = Duration.ofSeconds(20);

  private static final Duration BETWEEN_TAKEOVERS = Duration.ofMillis(100);

  /** A worker that lives is heard of every ten seconds. */
  private static final Duration WORKER_SILENCE = Duration.ofSeconds(40);

  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final int LOOKS_BETWEEN_QUESTIONS = 20;

  private final MirrorDatabase mirror;
  private final Engine engine;
  private final HandlerRegistry handlers;
  private final ExecutionClient client;
  private final Resumption resumption;
  private final EngineLocks locks;
  private final EngineLocks.@Nullable Held lock;

  @GuardedBy("this")
  private @Nullable ExecutionWorker worker;

  @GuardedBy("this")
  private @Nullable Boolean stopped;

  @GuardedBy("this")
  private boolean closed;

  /** Who performs steps. */
  enum Work {
    /** This process does, and others may as well. */
    HERE,
    /** This process does where no other of this host does. */
    WHERE_NEEDED,
    /** The process that has the in-memory engine does. */
    ELSEWHERE
  }

  private WorkflowExecutor(
      MirrorDatabase mirror, Engine engine, HandlerRegistry handlers, Work work) {
    this.mirror = mirror;
    this.engine = engine;
    this.handlers = handlers;
    WorkflowClient temporal = ExecutionClient.temporalClient(engine.stubs(), engine.namespace());
    this.client =
        new ExecutionClient(temporal, ExecutionWorker.taskQueue(mirror), engine.searchAttributes());
    this.locks = EngineLocks.beside(mirror.file());
    this.resumption =
        new Resumption(
            mirror,
            locks,
            ExecutionWorker.identity(engine),
            client,
            temporal.getOptions().getIdentity());
    // Before any execution is recorded as this engine's.
    this.lock = engine.endsWithProcess() ? locks.hold(engine.id()) : null;
    try {
      switch (work) {
        case HERE -> bringWorker();
        case WHERE_NEEDED -> bringWorkerWhereNeeded();
        case ELSEWHERE -> {}
      }
    } catch (RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }

  private synchronized void bringWorker() {
    if (worker == null && stopped == null) {
      registerConfigured();
      worker = ExecutionWorker.start(engine, mirror, handlers, locks, client);
    }
  }

  /** Read by who performs: a mistake in it must keep nobody from steering what others perform. */
  private void registerConfigured() {
    Path database = mirror.file().toAbsolutePath();
    ConfiguredRobots.register(handlers, database);
    HandlersFile file = HandlersFile.read(database.resolveSibling(HANDLERS));
    file.worklists()
        .forEach(
            (operation, worklist) ->
                handlers.register(operation, EffectClass.REATTACHABLE, new WorklistStep(worklist)));
    RemoteHandlers.register(
        handlers,
        file,
        ExecutionClient.temporalClient(engine.stubs(), engine.namespace()),
        ExecutionWorker.taskQueue(mirror));
    handlers.registerProvided();
    HandlerFolder.register(database.resolveSibling(HANDLER_JARS), handlers);
  }

  /**
   * Performs steps from now on if no process of this host does so; another may have died. Does
   * nothing where the engine is inside another process.
   */
  public synchronized void bringWorkerWhereNeeded() {
    if (isVisitor()) {
      return;
    }
    if (worker == null && (lock != null || !isWorkerAlive())) {
      bringWorker();
    }
  }

  /** One that is frozen holds its lock as well, but is not heard of any more. */
  private boolean isWorkerAlive() {
    return locks.hasWorker(engine.id(), null) && isWorkerHeardOf();
  }

  private boolean isWorkerHeardOf() {
    return queries()
        .workerSeen(engine.id())
        .filter(seen -> Duration.between(seen, Instant.now()).compareTo(WORKER_SILENCE) < 0)
        .isPresent();
  }

  /**
   * Whether somebody performs what is started here: this process or another, as far as is known.
   */
  public synchronized boolean isPerformed() {
    return worker != null || isVisitor() || isWorkerHeardOf();
  }

  private boolean isVisitor() {
    return engine.kind() == Engine.Kind.IN_MEMORY && !engine.endsWithProcess();
  }

  /** Whether it was inside another process, which has ended. */
  private boolean isEngineGone() {
    return isVisitor() && !locks.isHeld(engine.id());
  }

  /**
   * Whether the engine is still the one that was opened. Where a server came back without what it
   * had, this must be closed and opened anew.
   */
  public boolean isOnItsEngine() {
    try {
      return engine.isItself();
    } catch (StatusRuntimeException e) {
      // It does not answer now.
      return true;
    }
  }

  /** Whether Temporal answers, and is still the engine that was opened. Asks it. */
  public boolean reachesItsEngine() {
    try {
      return engine.isItself();
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Why this process can record nothing, and so begins no physical step; looked at every 10 s. */
  public synchronized Optional<String> storageTrouble() {
    return worker == null ? Optional.empty() : worker.storageTrouble();
  }

  /** Whether steps are performed in this process. */
  public synchronized boolean hasWorker() {
    return worker != null;
  }

  /** Whether executions go on when this process ends: another one performs them. */
  public synchronized boolean goesOnElsewhere() {
    if (engine.kind() == Engine.Kind.IN_MEMORY) {
      return isVisitor();
    }
    return locks.hasWorker(engine.id(), worker == null ? null : worker.presence());
  }

  /**
   * On the first engine that there is, with the virtual instruments registered.
   *
   * @param database the mirror's file; made if it is missing
   * @throws org.cellos.store.StoreException if the file cannot be written
   * @throws EngineUnavailableException if the configured Temporal cannot be reached
   */
  public static WorkflowExecutor open(Path database) {
    return open(database, EngineChoice.auto());
  }

  /** On the engine of one's choice. */
  public static WorkflowExecutor open(Path database, EngineChoice choice) {
    return open(database, choice, WitnessLog.none());
  }

  /**
   * @param witness where the virtual instruments note what they do
   */
  public static WorkflowExecutor open(Path database, EngineChoice choice, WitnessLog witness) {
    // The engine first: where there is none, no file may be left behind.
    Engine engine = Engines.open(managedBeside(choice, database));
    return open(engine, database, witness, Work.HERE);
  }

  /** With a worker of its own only where no other process of this host has one. */
  public static WorkflowExecutor openWhereNeeded(
      Path database, EngineChoice choice, WitnessLog witness) {
    return open(
        Engines.open(managedBeside(choice, database)), database, witness, Work.WHERE_NEEDED);
  }

  /** To start and steer what others perform. */
  static WorkflowExecutor openWithoutWorker(Path database, EngineChoice choice) {
    return open(
        Engines.open(managedBeside(choice, database)), database, WitnessLog.none(), Work.ELSEWHERE);
  }

  /**
   * In the living process that has an in-memory engine.
   *
   * @throws EngineUnavailableException if it is ending
   */
  static WorkflowExecutor visit(Path database, EngineIdentity holder) {
    return open(
        Engines.attach(holder.id(), holder.address()), database, WitnessLog.none(), Work.ELSEWHERE);
  }

  /**
   * Where an execution is performed: the process that has its engine in memory, the Temporal server
   * that has it, or this process if neither is there any more. Then it goes on here, from where it
   * was. This process performs steps where no other of this host does.
   *
   * @param choice an address leads to a server that must have the execution
   * @param cancelReason where it is reached only to be cancelled: no further step is begun then
   * @throws ExecutionRefusedException if it has ended, is unknown, or is on another Temporal server
   */
  public static WorkflowExecutor reach(
      Path database,
      EngineChoice choice,
      WitnessLog witness,
      String executionId,
      @Nullable String cancelReason) {
    return reach(database, choice, witness, executionId, cancelReason, null);
  }

  /**
   * The same, to ask something of it: where nobody performs it, no step of it begins before it
   * follows. It has to be asked with {@link #control} all the same.
   */
  public static WorkflowExecutor reachFor(
      ControlRequest request,
      Path database,
      EngineChoice choice,
      WitnessLog witness,
      String executionId) {
    return reach(database, choice, witness, executionId, null, request);
  }

  private static WorkflowExecutor reach(
      Path database,
      EngineChoice choice,
      WitnessLog witness,
      String executionId,
      @Nullable String cancelReason,
      @Nullable ControlRequest request) {
    long deadline = System.nanoTime() + TAKEOVER_PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      EngineIdentity holder = holder(database, executionId);
      if (holder.kind() == EngineIdentity.Kind.IN_MEMORY
          && EngineLocks.beside(database).isHeld(holder.id())) {
        try {
          return cancelled(visit(database, holder), executionId, cancelReason);
        } catch (EngineUnavailableException e) {
          // It has ended this very moment, or has just begun.
          pause(BETWEEN_TAKEOVERS);
          continue;
        }
      }
      // Its worker comes last: it must not begin a step of what is to be cancelled.
      WorkflowExecutor executor =
          open(
              Engines.open(leadingTo(holder, managedBeside(choice, database))),
              database,
              witness,
              Work.ELSEWHERE);
      try {
        if (request == null) {
          executor.resumption.resume(executionId, cancelReason);
        } else {
          executor.resumption.follow(executionId, request);
        }
        if (!executor.engine.endsWithProcess()) {
          cancelled(executor, executionId, cancelReason);
        }
        executor.bringWorkerWhereNeeded();
        return executor;
      } catch (ExecutionElsewhereException e) {
        executor.close();
        if (holder.kind() != EngineIdentity.Kind.IN_MEMORY
            && holder(database, executionId).equals(holder)) {
          throw onAnotherServer(executionId, holder, e);
        }
        pause(BETWEEN_TAKEOVERS);
      } catch (RuntimeException e) {
        executor.close();
        throw e;
      }
    }
    throw new ExecutionElsewhereException(executionId);
  }

  private static WorkflowExecutor cancelled(
      WorkflowExecutor executor, String executionId, @Nullable String reason) {
    if (reason != null) {
      try {
        executor.cancel(executionId, reason);
      } catch (RuntimeException e) {
        executor.close();
        throw e;
      }
    }
    return executor;
  }

  /** Unless a person has named another, the engine of an execution is the one that it is on. */
  static EngineChoice leadingTo(EngineIdentity holder, EngineChoice choice) {
    return switch (holder.kind()) {
      case IN_MEMORY -> choice;
      case MANAGED ->
          choice.kind() == EngineChoice.Kind.AUTO && !Engines.isConfigured(choice)
              ? choice.managedIn(Path.of(holder.address()))
              : choice;
      case EXTERNAL, LOCAL ->
          choice.kind() == EngineChoice.Kind.AUTO && !Engines.isConfigured(choice)
              ? choice.at(holder.address(), holder.namespace())
              : choice;
    };
  }

  private static ExecutionRefusedException onAnotherServer(
      String executionId, EngineIdentity holder, ExecutionElsewhereException cause) {
    return new ExecutionRefusedException(
        "The execution "
            + executionId
            + (holder.kind() == EngineIdentity.Kind.MANAGED
                ? " is on the Temporal server of "
                    + holder.address()
                    + ". Leave --address and --engine out, or give --engine-db "
                    + holder.address()
                : " is on the Temporal server at "
                    + holder.address()
                    + ", namespace "
                    + holder.namespace()
                    + ". Give --address "
                    + holder.address())
            + ".",
        cause);
  }

  static EngineChoice managedBeside(EngineChoice choice, Path database) {
    return choice.orManagedIn(database.toAbsolutePath().resolveSibling("temporal.db"));
  }

  static EngineIdentity holder(Path database, String executionId) {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database)) {
      return mirror
          .queries()
          .details(executionId)
          .map(ExecutionDetails::engine)
          .orElseThrow(
              () ->
                  new ExecutionRefusedException(
                      "There is no execution " + executionId + " of this program."));
    }
  }

  private static WorkflowExecutor open(
      Engine engine, Path database, WitnessLog witness, Work work) {
    try {
      MirrorDatabase mirror = MirrorDatabase.open(database);
      try {
        HandlerRegistry handlers = new HandlerRegistry();
        VirtualInstruments.register(handlers, witness);
        return new WorkflowExecutor(mirror, engine, handlers, work);
      } catch (RuntimeException e) {
        mirror.close();
        throw e;
      }
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  /** Which Temporal this runs on. */
  public Engine engine() {
    return engine;
  }

  /** The mirror that this records in. */
  public MirrorDatabase mirror() {
    return mirror;
  }

  public ExecutionQueries queries() {
    return mirror.queries();
  }

  /**
   * Registers a handler whose attempts are never repeated without a person's word.
   *
   * @param operationType as in the unit operations, for example {@code image}
   */
  public void registerHandler(String operationType, StepHandler handler) {
    handlers.register(operationType, handler);
  }

  /**
   * @param effectClass what a second attempt would do; anything but {@link EffectClass#ONCE} is
   *     repeated when it fails
   */
  public void registerHandler(String operationType, EffectClass effectClass, StepHandler handler) {
    handlers.register(operationType, effectClass, handler);
  }

  /** Registers a handler whose steps mostly wait: a start, a durable timer, a stop. */
  public void registerHandler(
      String operationType, EffectClass effectClass, TimedStepHandler handler) {
    handlers.register(operationType, effectClass, handler);
  }

  /**
   * Records an execution that waits for {@link #execute}.
   *
   * @param protocolName the documented {@code workflow_name}
   * @param cellLine null where there is none
   * @param vesselId null where there is none
   * @param operationType for people and filters
   * @param unitOps at least one; composites are expanded into numbered steps
   * @param metadata JSON values without nulls
   * @return the pending execution, with the id it has from now on
   */
  public ExecutionRecord createExecutionFromProtocol(
      String protocolName,
      @Nullable String cellLine,
      @Nullable String vesselId,
      String operationType,
      List<UnitOp> unitOps,
      Map<String, ?> metadata) {
    return create(
        ExecutionInputs.ofUnitOps(
            ExecutionInputs.newExecutionId(),
            protocolName,
            cellLine,
            vesselId,
            operationType,
            unitOps,
            Parameters.of(metadata)));
  }

  /**
   * Starts an execution and returns as soon as the mirror has it. Starting one that is open already
   * changes nothing.
   *
   * @throws ExecutionRefusedException if the id is taken by something else, or its execution has
   *     ended, or was begun on an engine that is not this one
   */
  public ExecutionRecord create(ExecutionInput input) {
    String executionId = input.executionId();
    Optional<ExecutionRecord> known = queries().find(executionId);
    if (known.isPresent()) {
      requireSame(input, known.get());
      resume(executionId);
      return known.get();
    }
    try {
      client.start(input, null);
    } catch (ExecutionRefusedException e) {
      if (queries().find(executionId).isEmpty() && client.isOfAnotherHistory(executionId)) {
        throw ofAnotherHistory(executionId);
      }
      throw e;
    }
    int looks = 0;
    long deadline = System.nanoTime() + ANSWER_DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<ExecutionRecord> record = queries().find(executionId);
      if (record.isPresent()) {
        requireSame(input, record.get());
        requireHere(executionId);
        return record.get();
      }
      boolean isToLook = ++looks % LOOKS_BETWEEN_QUESTIONS == 0;
      if (isToLook && client.isOfAnotherHistory(executionId)) {
        throw ofAnotherHistory(executionId);
      }
      // A workflow that ended without a record was refused one.
      if (isToLook && client.hasEnded(executionId) && queries().find(executionId).isEmpty()) {
        throw new ExecutionRefusedException(
            Optional.ofNullable(outcome(executionId).join().errorMessage())
                .orElse("The execution was not recorded."));
      }
      pause(LOOK_EVERY);
    }
    throw new ExecutionPendingException(
        "The execution "
            + executionId
            + " was started, but no worker has recorded it within "
            + ANSWER_DEADLINE.toSeconds()
            + " s. It is performed as soon as one does: 'cellos worker' brings one, 'cellos show "
            + executionId
            + "' shows it then.");
  }

  private static ExecutionRefusedException ofAnotherHistory(String executionId) {
    return new ExecutionRefusedException(
        "The id "
            + executionId
            + " belongs to an execution of another history on this Temporal server. Take another.");
  }

  private void requireSame(ExecutionInput input, ExecutionRecord record) {
    boolean same =
        queries()
            .details(input.executionId())
            .filter(known -> known.fingerprint().equals(Fingerprint.of(input)))
            .isPresent();
    if (!same) {
      throw new ExecutionRefusedException(
          "The id "
              + input.executionId()
              + " belongs to another execution ("
              + record.workflowName()
              + ", "
              + record.status()
              + "). Take another.");
    }
  }

  private void requireHere(String executionId) {
    if (!isHere(executionId)) {
      throw new ExecutionElsewhereException(executionId);
    }
  }

  private boolean isHere(String executionId) {
    return queries()
        .details(executionId)
        .filter(known -> known.engine().id().equals(engine.id()))
        .isPresent();
  }

  /**
   * Goes on with an execution whose process has ended, from where it was; harmless where it is
   * performed here already.
   *
   * @throws ExecutionElsewhereException if a living process performs it
   * @throws ExecutionRefusedException if it has ended, or this program cannot perform it
   */
  public void resume(String executionId) {
    resumption.resume(executionId, null);
  }

  /**
   * Goes on with every execution that nobody performs any more.
   *
   * @return which these are
   */
  public List<String> resumeAbandoned() {
    // What another server on the same address does not know is not abandoned.
    return isOnItsEngine() ? resumption.resumeAll() : List.of();
  }

  /**
   * Begins a created execution and waits until it has ended.
   *
   * @param dryRun true to acknowledge every step without calling anything
   * @return the execution as it ended; a failed step makes it failed and is not thrown
   * @throws ExecutionRefusedException if there is no such execution, or it has begun already
   */
  public ExecutionRecord execute(String executionId, boolean dryRun) {
    begin(executionId, dryRun);
    return await(executionId);
  }

  /** Begins a created execution and returns at once. */
  public void begin(String executionId, boolean dryRun) {
    ExecutionRecord record =
        queries()
            .find(executionId)
            .orElseThrow(
                () -> new ExecutionRefusedException("There is no execution " + executionId + "."));
    if (record.status() != ExecutionStatus.PENDING) {
      throw new ExecutionRefusedException(
          "The execution "
              + executionId
              + " is "
              + record.status()
              + "; only a pending one can"
              + " begin.");
    }
    if (hasWorker() && !isHere(executionId)) {
      resume(executionId);
    }
    client.begin(executionId, new Begin(dryRun), ANSWER_DEADLINE);
  }

  /**
   * Answers the open question of an execution, and returns when that is recorded.
   *
   * @throws ExecutionRefusedException if there is none, the answer does not fit, or nobody performs
   *     the execution
   */
  public void answer(String executionId, Answer answer) {
    client.answer(executionId, answer, ANSWER_DEADLINE, this::isEngineGone);
  }

  /**
   * Asks something of an execution, and returns when it is recorded. Asking again with the same
   * request id changes nothing.
   *
   * @throws ExecutionRefusedException if it cannot be followed, saying why, or nobody performs the
   *     execution
   */
  public void control(String executionId, ControlRequest request) {
    if (request.control() instanceof Control.Resume) {
      requireNotOnlyHeld(executionId, request);
    }
    try {
      if (resumption.follow(executionId, request)) {
        awaitHandled(executionId, request);
      } else {
        client.control(executionId, request, ANSWER_DEADLINE, this::isEngineGone);
      }
    } catch (StatusRuntimeException e) {
      if (isEngineGone()) {
        throw new ExecutionUnreachableException(
            "The process that performed " + executionId + " has ended.", e);
      }
      throw e;
    }
  }

  /** What has paused by itself only goes on by the hand of a person who stands before it. */
  private void requireNotOnlyHeld(String executionId, ControlRequest request) {
    boolean isForWorkflow =
        queries().state(executionId).stream()
            .map(ExecutionState::steering)
            .anyMatch(
                steering -> steering.isPauseAsked() || steering.hasHandled(request.requestId()));
    Optional<String> hold = isForWorkflow ? Optional.empty() : queries().hold(executionId);
    if (hold.isPresent()) {
      throw new ExecutionRefusedException(
          "Nobody here has paused "
              + executionId
              + ", so that it cannot be resumed from here. "
              + hold.get());
    }
  }

  /** It is asked for in the state that the execution was started with. */
  private void awaitHandled(String executionId, ControlRequest request) {
    long deadline = System.nanoTime() + ANSWER_DEADLINE.toNanos();
    while (queries().state(executionId).stream()
        .noneMatch(state -> state.steering().hasHandled(request.requestId()))) {
      if (System.nanoTime() > deadline) {
        throw new ExecutionPendingException(
            "No worker has recorded it within "
                + ANSWER_DEADLINE.toSeconds()
                + " s. It counts as soon as one does: 'cellos worker' brings one.");
      }
      pause(LOOK_EVERY);
    }
  }

  /** Waits until an execution has ended, on Temporal's word, and reads it from the mirror. */
  public ExecutionRecord await(String executionId) {
    while (true) {
      try {
        outcome(executionId).join();
        if (!wasReset(executionId)) {
          return ended(executionId);
        }
      } catch (CompletionException e) {
        if (!(e.getCause() instanceof ExecutionUnreachableException)) {
          throw e;
        }
        // A server that is started again goes on where it was.
        pause(BETWEEN_QUESTIONS);
      }
    }
  }

  /** Whether only a run of its workflow has ended: somebody has reset it, and a new one goes on. */
  public boolean wasReset(String executionId) {
    return queries().find(executionId).stream().noneMatch(record -> record.status().isTerminal())
        && client.look(executionId) instanceof ExecutionClient.Sight.Open;
  }

  /**
   * Reads an execution that has ended, on Temporal's word; one that was terminated has not recorded
   * its end, and that is done here.
   */
  public ExecutionRecord ended(String executionId) {
    if (queries().find(executionId).stream().anyMatch(record -> !record.status().isTerminal())) {
      Reconciler.closeEnded(mirror, client, executionId);
    }
    return queries()
        .find(executionId)
        .orElseThrow(
            () -> new ExecutionRefusedException("There is no execution " + executionId + "."));
  }

  /** Completes, on Temporal's word, with how the execution ended. */
  public CompletableFuture<ExecutionOutcome> outcome(String executionId) {
    return client.outcome(executionId);
  }

  /** Asks for an end of an execution; see {@link #await} for when it has come. */
  public void cancel(String executionId, String reason) {
    client.cancel(executionId, reason);
  }

  public Optional<ExecutionRecord> getExecutionStatus(String executionId) {
    return queries().find(executionId);
  }

  /** The newest hundred executions. */
  public List<ExecutionRecord> listExecutions() {
    return queries().list(ExecutionFilter.all());
  }

  /** The newest hundred executions with this status. */
  public List<ExecutionRecord> listExecutions(ExecutionStatus status) {
    return queries().list(ExecutionFilter.withStatus(status));
  }

  public List<StepRecord> steps(String executionId) {
    return queries().steps(executionId);
  }

  /**
   * Stops taking steps and waits for those under way. Harmless when repeated.
   *
   * @return whether all of them have ended; otherwise some were cut off
   */
  public synchronized boolean stop() {
    if (stopped == null) {
      stopped = worker == null || worker.stop();
    }
    return stopped;
  }

  /** Tells which processes with executions of this mirror live. */
  public EngineLocks locks() {
    return locks;
  }

  /** The Temporal task queue of this mirror's executions. */
  public String taskQueue() {
    return ExecutionWorker.taskQueue(mirror);
  }

  /** Closing twice is harmless. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    engine.close();
    if (lock != null) {
      lock.close();
    }
    mirror.close();
  }

  private static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionRefusedException("Interrupted before the execution was recorded.", e);
    }
  }
}

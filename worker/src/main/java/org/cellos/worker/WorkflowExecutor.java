package org.cellos.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRecord;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.StepHandler;
import org.cellos.handler.TimedStepHandler;
import org.cellos.instrument.VirtualInstruments;
import org.cellos.instrument.WitnessLog;
import org.cellos.json.Fingerprint;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.MirrorDatabase;
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
  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final int LOOKS_BETWEEN_QUESTIONS = 20;

  private final MirrorDatabase mirror;
  private final Engine engine;
  private final HandlerRegistry handlers;
  private final ExecutionWorker worker;
  private final ExecutionClient client;

  private WorkflowExecutor(MirrorDatabase mirror, Engine engine, HandlerRegistry handlers) {
    this.mirror = mirror;
    this.engine = engine;
    this.handlers = handlers;
    this.worker = ExecutionWorker.start(engine, mirror, handlers);
    this.client =
        new ExecutionClient(
            ExecutionClient.temporalClient(engine.stubs(), engine.namespace()),
            ExecutionWorker.taskQueue(mirror));
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
    Engine engine = Engines.open(choice);
    try {
      MirrorDatabase mirror = MirrorDatabase.open(database);
      try {
        HandlerRegistry handlers = new HandlerRegistry();
        VirtualInstruments.register(handlers, witness);
        handlers.registerProvided();
        return new WorkflowExecutor(mirror, engine, handlers);
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
    requireUnclaimed(input);
    client.start(input);
    int looks = 0;
    long deadline = System.nanoTime() + ANSWER_DEADLINE.toNanos();
    while (System.nanoTime() < deadline) {
      Optional<ExecutionRecord> record = queries().find(executionId);
      if (record.isPresent()) {
        requireSame(input, record.get());
        return record.get();
      }
      // A workflow that ended without a record was refused one.
      if (++looks % LOOKS_BETWEEN_QUESTIONS == 0
          && client.hasEnded(executionId)
          && queries().find(executionId).isEmpty()) {
        throw new ExecutionRefusedException(
            Optional.ofNullable(outcome(executionId).join().errorMessage())
                .orElse("The execution was not recorded."));
      }
      pause();
    }
    throw new ExecutionRefusedException(
        "The execution was not recorded within " + ANSWER_DEADLINE.toSeconds() + " s.");
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

  /** The engine cannot know of executions that another engine, or its own past, has performed. */
  private void requireUnclaimed(ExecutionInput input) {
    String id = input.executionId();
    Optional<ExecutionRecord> existing = queries().find(id);
    if (existing.isEmpty()) {
      return;
    }
    requireSame(input, existing.get());
    ExecutionStatus status = existing.get().status();
    Optional<ExecutionDetails> details = queries().details(id);
    if (status.isTerminal()) {
      throw new ExecutionRefusedException(
          "The execution " + id + " has ended already: it is " + status + ". Take another id.");
    }
    boolean elsewhere = details.map(known -> !known.engine().id().equals(engine.id())).orElse(true);
    if (status != ExecutionStatus.PENDING && elsewhere) {
      throw new ExecutionRefusedException(
          "The execution "
              + id
              + " was begun by another process, which may have been killed; beginning it again would repeat its steps. Take another id.");
    }
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
    ExecutionDetails details =
        queries()
            .details(executionId)
            .orElseThrow(
                () ->
                    new ExecutionRefusedException(
                        "The execution "
                            + executionId
                            + " was written by another program and cannot be performed here."));
    if (!details.engine().id().equals(engine.id())) {
      readopt(details);
    }
    client.begin(executionId, new Begin(dryRun), ANSWER_DEADLINE);
  }

  /** Waits until an execution has ended, on Temporal's word, and reads it from the mirror. */
  public ExecutionRecord await(String executionId) {
    outcome(executionId).join();
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

  @Override
  public void close() {
    worker.close();
    engine.close();
    mirror.close();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ExecutionRefusedException("Interrupted before the execution was recorded.", e);
    }
  }

  /**
   * A pending execution has moved nothing. Where the in-memory engine that held it is gone, it is
   * started again, under its id and with its pinned input, on this one.
   */
  private void readopt(ExecutionDetails details) {
    switch (details.engine().kind()) {
      case IN_MEMORY -> client.start(details.input());
      case EXTERNAL, LOCAL ->
          throw new ExecutionRefusedException(
              "The execution "
                  + details.input().executionId()
                  + " is on the Temporal server at "
                  + details.engine().address()
                  + ", namespace "
                  + details.engine().namespace()
                  + ". Give --address "
                  + details.engine().address()
                  + ".");
    }
  }
}

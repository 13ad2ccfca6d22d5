package org.cellos.worker;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.cellos.store.MirrorDatabase;
import org.jspecify.annotations.Nullable;

/**
 * Starts and steers the executions of a mirror for people who look at it, wherever they are
 * performed. Performs nothing itself, unless it stands beside an executor that does. Thread-safe.
 *
 * <p>Its methods return once what was asked for is recorded. They throw {@link
 * ExecutionRefusedException} where it cannot be followed, and {@link EngineUnavailableException}
 * where Temporal cannot be reached.
 */
public final class ExecutionDesk implements AutoCloseable {
  private final Path database;
  private final EngineChoice choice;
  private final @Nullable WorkflowExecutor own;

  /** By the engine's home: connecting anew for every click would take longer than the click. */
  @GuardedBy("this")
  private final Map<String, WorkflowExecutor> connections = new HashMap<>();

  private ExecutionDesk(Path database, EngineChoice choice, @Nullable WorkflowExecutor own) {
    this.database = database;
    this.choice = choice;
    this.own = own;
  }

  /**
   * Beside a worker in the same process, which performs what is started here and takes up what
   * nobody performs any more. The executor is the caller's to close.
   */
  public static ExecutionDesk beside(WorkflowExecutor own) {
    return new ExecutionDesk(own.mirror().file(), EngineChoice.auto(), own);
  }

  /**
   * Without a worker: others perform.
   *
   * @param database the mirror's file; need not exist yet
   * @param choice where executions are started
   */
  public static ExecutionDesk visiting(Path database, EngineChoice choice) {
    return new ExecutionDesk(database, WorkflowExecutor.managedBeside(choice, database), null);
  }

  /** Starts an execution; starting one that is open already changes nothing. */
  public ExecutionRecord start(ExecutionInput input) {
    return starter().create(input);
  }

  /**
   * Lets a created execution begin.
   *
   * @param dryRun true to acknowledge every step without calling anything
   */
  public void begin(String executionId, boolean dryRun) {
    atWork(executionId, executor -> executor.begin(executionId, dryRun));
  }

  /** Asks something of an execution; asking again with the same request id changes nothing. */
  public void control(String executionId, ControlRequest request) {
    atWork(executionId, executor -> executor.control(executionId, request));
  }

  /** Answers the open question of an execution. */
  public void answer(String executionId, Answer answer) {
    atWork(executionId, executor -> executor.answer(executionId, answer));
  }

  /**
   * Asks for an end. Needs no worker: Temporal keeps it until there is one.
   *
   * @param reason who and why
   */
  public void cancel(String executionId, String reason) {
    at(executionId, executor -> executor.cancel(executionId, reason));
  }

  /**
   * Keeps a note with an execution, open or ended.
   *
   * @param stepIndex which step it is about, from 0; null for the execution as a whole
   */
  public void note(String executionId, @Nullable Integer stepIndex, String by, String text) {
    if (own != null) {
      own.mirror().note(executionId, stepIndex, by, text);
      return;
    }
    try (MirrorDatabase mirror = MirrorDatabase.open(database)) {
      mirror.note(executionId, stepIndex, by, text);
    }
  }

  /**
   * What keeps executions from being started here; empty where nothing does. Asks Temporal, which
   * may take seconds where it does not answer.
   */
  public Optional<String> whyNotToStart() {
    try {
      WorkflowExecutor executor = starter();
      // The answer is in the state of the connection.
      executor.isOnItsEngine();
      return executor.engine().answers()
          ? Optional.empty()
          : Optional.of(
              "The Temporal server does not answer ("
                  + executor.engine().description()
                  + "). Executions go on when it does again.");
    } catch (ExecutionRefusedException | EngineUnavailableException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  private WorkflowExecutor starter() {
    if (own != null) {
      return own;
    }
    if (choice.kind() == EngineChoice.Kind.IN_MEMORY || Engines.wouldStartServer(choice)) {
      throw new ExecutionRefusedException(nobodyPerforms());
    }
    WorkflowExecutor executor = connected(choice);
    if (executor.engine().endsWithProcess() || !executor.isPerformed()) {
      throw new ExecutionRefusedException(nobodyPerforms());
    }
    return executor;
  }

  private static String nobodyPerforms() {
    return "No worker performs executions of this history now. Start one with 'cellos worker', or use"
        + " 'cellos up', which has one.";
  }

  private void atWork(String executionId, Consumer<WorkflowExecutor> action) {
    at(
        executionId,
        executor -> {
          if (!executor.isPerformed()) {
            throw new ExecutionRefusedException(
                "No worker performs "
                    + executionId
                    + " now, so nothing was recorded. Start one with 'cellos worker', then say it"
                    + " again.");
          }
          action.accept(executor);
        });
  }

  private void at(String executionId, Consumer<WorkflowExecutor> action) {
    EngineIdentity holder = WorkflowExecutor.holder(database, executionId);
    boolean isInMemory = holder.kind() == EngineIdentity.Kind.IN_MEMORY;
    boolean isHere = own != null && own.engine().id().equals(holder.id());
    if (!isHere && isInMemory && EngineLocks.beside(database).isHeld(holder.id())) {
      try (WorkflowExecutor visitor = WorkflowExecutor.visit(database, holder)) {
        action.accept(visitor);
      }
    } else if (own != null) {
      action.accept(own);
    } else if (isInMemory || !isRunning(holder)) {
      throw new ExecutionRefusedException(
          "The process that performed "
              + executionId
              + " has ended, so nothing was recorded. Start 'cellos worker', which goes on with it,"
              + " then say it again.");
    } else {
      action.accept(connected(WorkflowExecutor.leadingTo(holder, choice)));
    }
  }

  /** To start a managed server is the worker's business. */
  private static boolean isRunning(EngineIdentity holder) {
    return holder.kind() != EngineIdentity.Kind.MANAGED
        || Engines.webUi(Path.of(holder.address())).isPresent();
  }

  private synchronized WorkflowExecutor connected(EngineChoice to) {
    String home =
        to.kind()
            + " "
            + to.address().orElse("")
            + " "
            + to.managedDatabase()
            + " "
            + to.environment().get("TEMPORAL_NAMESPACE");
    WorkflowExecutor known = connections.get(home);
    if (known != null && known.isOnItsEngine()) {
      return known;
    }
    if (known != null) {
      known.close();
      connections.remove(home);
    }
    WorkflowExecutor opened = WorkflowExecutor.openWithoutWorker(database, to);
    connections.put(home, opened);
    return opened;
  }

  @Override
  public synchronized void close() {
    connections.values().forEach(WorkflowExecutor::close);
    connections.clear();
  }
}

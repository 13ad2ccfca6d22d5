package org.cellos.starter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.cellos.domain.ControlRequest;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;

/** What every command that performs or steers something needs: terminal, mirror, engine, output. */
record Session(
    Terminal terminal, DatabaseOptions database, EngineOptions engine, OutputOptions output) {

  /** With a worker of its own, whoever else has one. */
  WorkflowExecutor open() {
    return said(WorkflowExecutor.open(database.file(terminal), choice(), witnessLog(terminal)));
  }

  /** With a worker where no other process of this host has one. */
  WorkflowExecutor openWhereNeeded() {
    return said(
        WorkflowExecutor.openWhereNeeded(database.file(terminal), choice(), witnessLog(terminal)));
  }

  private EngineChoice choice() {
    return engine.choice(terminal, database.file(terminal));
  }

  /**
   * Where an execution is performed: its living process or server, or this one from now on.
   *
   * @param cancelReason where it is reached only to be cancelled
   */
  WorkflowExecutor reach(String executionId, @Nullable String cancelReason) {
    return said(
        WorkflowExecutor.reach(
            database.file(terminal), choice(), witnessLog(terminal), executionId, cancelReason));
  }

  /** The same, to ask something of it: no step begins before it follows. */
  WorkflowExecutor reachFor(ControlRequest request, String executionId) {
    return said(
        WorkflowExecutor.reachFor(
            request, database.file(terminal), choice(), witnessLog(terminal), executionId));
  }

  /**
   * Reaches an execution and sees it through. Should its process end meanwhile, this one goes on
   * with it.
   *
   * @param start what to ask of it once it is reached
   */
  ExitCode seeThrough(
      String executionId,
      @Nullable String cancelReason,
      Consumer<WorkflowExecutor> start,
      Optional<Duration> timeout) {
    while (true) {
      try (WorkflowExecutor executor = reach(executionId, cancelReason)) {
        return new Following(terminal, executor, output, cancelReason != null)
            .perform(executionId, () -> start.accept(executor), timeout);
      } catch (HolderGoneException e) {
        Optional<ExitCode> ended = ended(executionId);
        if (ended.isPresent()) {
          return ended.get();
        }
        terminal
            .err()
            .println("The process that performed " + executionId + " has ended: this one goes on.");
      }
    }
  }

  /**
   * Starts an execution and leaves it to another process.
   *
   * @param start what to ask for
   */
  ExitCode detach(WorkflowExecutor executor, String executionId, Runnable start) {
    requireOutlives(executor);
    start.run();
    terminal.err().println("Execution: " + executionId + ".");
    History history = History.of(executor.mirror());
    new ExecutionPrinter(terminal, history, output.json()).print(executionId);
    if (!executor.goesOnElsewhere()) {
      terminal
          .err()
          .println(
              "Nobody performs it yet: no worker of this history lives on this machine. Start one"
                  + " with: cellos worker");
    }
    return ExitCode.OK;
  }

  private static void requireOutlives(WorkflowExecutor executor) {
    if (!executor.engine().outlivesProcess()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--detach needs an engine that outlives this command, and "
              + executor.engine().description()
              + " would end with it. Nothing was started. Install the 'temporal' command or give"
              + " --address, or leave --detach out: a second shell can steer the execution as well.");
    }
  }

  /** Prints an execution that has ended, and says how. */
  Optional<ExitCode> ended(String executionId) {
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      return mirror
          .queries()
          .find(executionId)
          .filter(record -> record.status().isTerminal())
          .map(
              record -> {
                new ExecutionPrinter(terminal, History.of(mirror), output.json())
                    .print(executionId);
                return ExitCode.of(record.status());
              });
    }
  }

  /** Gives another process time to end. */
  static void pause(Duration duration) {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, "Interrupted.", e);
    }
  }

  private static WitnessLog witnessLog(Terminal terminal) {
    return terminal
        .variable("CELLOS_WITNESS_LOG")
        .map(file -> WitnessLog.appendingTo(terminal.workingDirectory().resolve(Path.of(file))))
        .orElseGet(WitnessLog::none);
  }

  private WorkflowExecutor said(WorkflowExecutor executor) {
    terminal
        .err()
        .println(
            "Engine: "
                + executor.engine().description()
                + ". History: "
                + database.file(terminal)
                + ".");
    return executor;
  }
}

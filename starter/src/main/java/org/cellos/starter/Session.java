package org.cellos.starter;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.cellos.instrument.WitnessLog;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;

/** What every command that performs or steers something needs: terminal, mirror, engine, output. */
record Session(
    Terminal terminal, DatabaseOptions database, EngineOptions engine, OutputOptions output) {

  /** An engine of this command's own, or a Temporal server, with a worker. */
  WorkflowExecutor open() {
    WorkflowExecutor executor =
        WorkflowExecutor.open(
            database.file(terminal),
            engine.choice(terminal, database.file(terminal)),
            witnessLog(terminal));
    sayWhich(executor);
    return executor;
  }

  /**
   * Where an execution is performed: its living process, or this one from now on.
   *
   * @param bringsWorker whether to perform steps if its engine is a Temporal server
   * @param cancelReason where it is reached only to be cancelled
   */
  WorkflowExecutor reach(String executionId, boolean bringsWorker, @Nullable String cancelReason) {
    WorkflowExecutor executor =
        WorkflowExecutor.reach(
            database.file(terminal),
            engine.choice(terminal, database.file(terminal)),
            witnessLog(terminal),
            executionId,
            bringsWorker,
            cancelReason);
    sayWhich(executor);
    return executor;
  }

  /**
   * Reaches an execution and sees it through. Should its process end meanwhile, this one goes on
   * with it.
   *
   * @param start what to ask of it once it is reached
   */
  ExitCode seeThrough(
      String executionId,
      boolean bringsWorker,
      @Nullable String cancelReason,
      Consumer<WorkflowExecutor> start,
      Optional<Duration> timeout) {
    while (true) {
      try (WorkflowExecutor executor = reach(executionId, bringsWorker, cancelReason)) {
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

  private void sayWhich(WorkflowExecutor executor) {
    terminal
        .err()
        .println(
            "Engine: "
                + executor.engine().description()
                + ". History: "
                + database.file(terminal)
                + ".");
  }
}

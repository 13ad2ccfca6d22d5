package org.cellos.starter;

import java.nio.file.Path;
import org.cellos.instrument.WitnessLog;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;

/** Opens what commands that perform something need: mirror, engine, worker. */
final class Executors {
  private Executors() {}

  static WorkflowExecutor open(Terminal terminal, DatabaseOptions database, EngineOptions engine) {
    WorkflowExecutor executor =
        WorkflowExecutor.open(
            database.file(terminal), engine.choice(terminal), witnessLog(terminal));
    sayWhich(terminal, database, executor);
    return executor;
  }

  /**
   * Where an execution is performed: its living process, or this one from now on.
   *
   * @param bringsWorker whether to perform steps if its engine is a Temporal server
   * @param cancelReason where it is reached only to be cancelled
   */
  static WorkflowExecutor reach(
      Terminal terminal,
      DatabaseOptions database,
      EngineOptions engine,
      String executionId,
      boolean bringsWorker,
      @Nullable String cancelReason) {
    WorkflowExecutor executor =
        WorkflowExecutor.reach(
            database.file(terminal),
            engine.choice(terminal),
            witnessLog(terminal),
            executionId,
            bringsWorker,
            cancelReason);
    sayWhich(terminal, database, executor);
    return executor;
  }

  private static void sayWhich(
      Terminal terminal, DatabaseOptions database, WorkflowExecutor executor) {
    terminal
        .err()
        .println(
            "Engine: "
                + executor.engine().description()
                + ". History: "
                + database.file(terminal)
                + ".");
  }

  static WitnessLog witnessLog(Terminal terminal) {
    return terminal
        .variable("CELLOS_WITNESS_LOG")
        .map(file -> WitnessLog.appendingTo(terminal.workingDirectory().resolve(Path.of(file))))
        .orElseGet(WitnessLog::none);
  }
}

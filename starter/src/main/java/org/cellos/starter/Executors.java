package org.cellos.starter;

import java.nio.file.Path;
import org.cellos.instrument.WitnessLog;
import org.cellos.worker.WorkflowExecutor;

/** Opens what commands that perform something need: mirror, engine, worker. */
final class Executors {
  private Executors() {}

  static WorkflowExecutor open(Terminal terminal, DatabaseOptions database, EngineOptions engine) {
    WorkflowExecutor executor =
        WorkflowExecutor.open(
            database.file(terminal), engine.choice(terminal), witnessLog(terminal));
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

  static WitnessLog witnessLog(Terminal terminal) {
    return terminal
        .variable("CELLOS_WITNESS_LOG")
        .map(file -> WitnessLog.appendingTo(terminal.workingDirectory().resolve(Path.of(file))))
        .orElseGet(WitnessLog::none);
  }
}

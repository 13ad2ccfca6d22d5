package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Begins a created execution and waits for its end. */
@Command(
    name = "execute",
    description = "Performs a created execution: a dry run, or with --execute on the instruments.",
    mixinStandardHelpOptions = true)
final class ExecuteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ExecuteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    boolean dryRun = run.begin().dryRun();
    Optional<Duration> timeout = run.timeout();
    String executionId = Executions.find(terminal, database, id).executionId();
    try (WorkflowExecutor executor = Executors.open(terminal, database, engine)) {
      return new Following(terminal, executor, output)
          .perform(executionId, () -> executor.begin(executionId, dryRun), timeout)
          .number();
    }
  }
}

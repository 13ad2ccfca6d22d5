package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Resolves a protocol, performs it and prints what happened. */
@Command(
    name = "run",
    description = "Performs a protocol: a dry run, or with --execute on the instruments.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private ExecutionOptions execution = new ExecutionOptions();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ResolvedProtocol resolved = protocol.resolve(terminal);
    Begin begin = run.begin();
    ExecutionInput input = execution.input(resolved, begin);
    try (WorkflowExecutor executor = Executors.open(terminal, database, engine)) {
      ExecutionRecord created = executor.create(input);
      return new Following(terminal, executor, output)
          .untilEnd(created.executionId(), run.timeout())
          .number();
    }
  }
}

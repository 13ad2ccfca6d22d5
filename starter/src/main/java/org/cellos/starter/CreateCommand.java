package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.Instruments;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Records an execution that waits to be begun. */
@Command(
    name = "create",
    description = "Records an execution that waits for 'execute'.",
    mixinStandardHelpOptions = true)
final class CreateCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private ExecutionOptions execution = new ExecutionOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  CreateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ExecutionInput input =
        execution.input(terminal, database.robotsFile(terminal), protocol.resolve(terminal), null);
    try (WorkflowExecutor executor =
        new Session(terminal, database, engine, output).openWhereNeeded()) {
      ExecutionRecord created = executor.create(input);
      ExecutionPrinter printer =
          new ExecutionPrinter(terminal, History.of(executor.mirror()), output.json());
      printer.print(created.executionId());
      terminal
          .err()
          .println(
              "Begin it with: cellos execute "
                  + created.executionId()
                  + " --execute"
                  + (input.instruments() == Instruments.HARDWARE ? " --yes" : "")
                  + " (without --execute it becomes a dry run; it begins only once)");
      return ExitCode.OK.number();
    }
  }
}

package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Control;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.view.History;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a failed execution up again, with the step that failed. */
@Command(
    name = "retry",
    description = "Takes a failed execution up again, with the step that failed.",
    mixinStandardHelpOptions = true)
final class RetryCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RetryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Controlling(new Session(terminal, database, engine, output), person)
        .ask(id, (record, history) -> new Control.Retry(failedStep(record, history)), true)
        .number();
  }

  private static int failedStep(ExecutionRecord record, History history) {
    if (record.status() != ExecutionStatus.FAILED) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The execution "
              + record.executionId()
              + " is "
              + record.status()
              + ": only a failed one is retried."
              + (record.status().isTerminal()
                  ? " Do it once more with: cellos rerun " + record.executionId()
                  : ""));
    }
    return history.queries().steps(record.executionId()).stream()
        .filter(step -> step.status() == StepStatus.FAILED)
        .map(StepRecord::stepIndex)
        .findFirst()
        .orElse(0);
  }
}

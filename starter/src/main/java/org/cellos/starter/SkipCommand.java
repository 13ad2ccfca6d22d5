package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Leaves a step out that has not begun, or the one at which an execution failed. */
@Command(
    name = "skip",
    description = "Leaves a step out that has not begun, or the one at which an execution failed.",
    mixinStandardHelpOptions = true)
final class SkipCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--step",
      paramLabel = "STEP",
      required = true,
      description = "Which step, as 'show' numbers it.")
  private String step = "";

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  SkipCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Controlling(new Session(terminal, database, engine, output), person)
        .ask(
            id,
            (record, history) -> new Control.Skip(Controlling.stepIndex(history, record, step)),
            true)
        .number();
  }
}

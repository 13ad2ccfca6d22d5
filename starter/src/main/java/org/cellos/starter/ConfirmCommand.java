package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Choice;
import org.cellos.domain.Question;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that a person has done the step that the execution waits for. */
@Command(
    name = "confirm",
    description = "Says that a person has done the step that the execution waits for.",
    mixinStandardHelpOptions = true)
final class ConfirmCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--amount",
      paramLabel = "ML",
      description = "How many mL were moved, if it was not what the step says.")
  private @Nullable Double amount;

  @Option(
      names = "--step",
      paramLabel = "STEP",
      description = "Refuse unless it is this step that is asked about, as the question names it.")
  private @Nullable String step;

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ConfirmCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Answering(new Session(terminal, database, engine, output))
        .answer(id, Question.Kind.CONFIRMATION, step, Choice.DONE, amount, person)
        .number();
  }
}

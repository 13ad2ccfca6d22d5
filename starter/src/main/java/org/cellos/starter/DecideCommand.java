package org.cellos.starter;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.cellos.domain.Choice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what happened to a step whose outcome nobody knows, or what becomes of one that is late. */
@Command(
    name = "decide",
    description = "Says what happened to a step in doubt, or what becomes of one that is late.",
    mixinStandardHelpOptions = true)
final class DecideCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Parameters(
      index = "1",
      paramLabel = "CHOICE",
      description =
          "done: it was done. partly: a part of its volume was moved. again: do it once more. go-on:"
              + " do it although it is late. skip: go on without it. abort: end the execution.")
  private String choice = "";

  @Option(
      names = "--amount",
      paramLabel = "ML",
      description = "With partly: how many mL were moved.")
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

  DecideCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Answering(new Session(terminal, database, engine, output))
        .answer(id, null, step, choice(), amount, person)
        .number();
  }

  private Choice choice() {
    try {
      return Choice.ofWireValue(choice.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "CHOICE: " + e.getMessage() + ".", e);
    }
  }
}

package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets no further step of an execution begin. */
@Command(
    name = "pause",
    description = "Lets no further step of an execution begin.",
    mixinStandardHelpOptions = true)
final class PauseCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--now",
      description =
          "Interrupt the step under way as well; what was done of it is asked. An incubation goes"
              + " on: the vessel stays where it is.")
  private boolean now;

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  PauseCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Controlling(new Session(terminal, database, engine, output), person)
        .ask(id, (record, history) -> new Control.Pause(now), false)
        .number();
  }
}

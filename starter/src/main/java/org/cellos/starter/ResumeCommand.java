package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.Control;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a paused execution go on. */
@Command(
    name = "resume",
    description = "Lets a paused execution go on.",
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
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

  ResumeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Controlling(new Session(terminal, database, engine, output), person)
        .ask(id, (record, history) -> new Control.Resume(), true)
        .number();
  }
}

package org.cellos.starter;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Performs executions of one history until it is stopped. */
@Command(
    name = "worker",
    description =
        "Performs executions until it is stopped: those of the Temporal server, and those whose"
            + " process has ended.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  WorkerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Session session = new Session(terminal, database, engine, new OutputOptions());
    return new Working(session, executor -> () -> {}).untilStopped().number();
  }
}

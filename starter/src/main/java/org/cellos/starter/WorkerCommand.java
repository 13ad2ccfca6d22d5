package org.cellos.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Performs executions of one history until it is stopped. */
@Command(
    name = "worker",
    description =
        "Performs executions until it is stopped: those of the Temporal server, and those whose"
            + " process has ended.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--healthy-file",
      paramLabel = "FILE",
      description =
          "A file that is touched every two seconds while history and Temporal can be used.")
  private @Nullable Path healthyFile;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  WorkerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Session session = new Session(terminal, database, engine, new OutputOptions());
    Optional<Path> healthy =
        Optional.ofNullable(healthyFile).map(terminal.workingDirectory()::resolve);
    requireWritable(healthy);
    return new Working(session, executor -> () -> {}, healthy).untilStopped().number();
  }

  private static void requireWritable(Optional<Path> file) {
    if (file.isPresent() && !Files.isDirectory(file.get().resolveSibling("."))) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The folder of --healthy-file " + file.get() + " does not exist. Nothing was started.");
    }
  }
}

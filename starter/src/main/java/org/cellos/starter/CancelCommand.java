package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks for the end of an execution, and waits until its instruments have confirmed. */
@Command(
    name = "cancel",
    description = "Stops the instruments of an execution and ends it as cancelled.",
    mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description =
          "Wait no longer than this for the instruments (default: 60); the exit code is 124 then,"
              + " and the cancel stands.")
  private @Nullable Long timeoutSeconds;

  @Mixin private PersonOptions person = new PersonOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  CancelCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Duration timeout = RunOptions.timeout(timeoutSeconds).orElse(DEFAULT_TIMEOUT);
    ExecutionRecord record = Executions.find(terminal, database, id);
    if (record.status().isTerminal()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The execution "
              + record.executionId()
              + " has ended already: it is "
              + record.status()
              + ".");
    }
    String executionId = record.executionId();
    String reason = "by " + person.by() + (person.reason() == null ? "" : ": " + person.reason());
    ExitCode exitCode =
        new Session(terminal, database, engine, output)
            .seeThrough(executionId, reason, reached -> {}, Optional.of(timeout));
    return (exitCode == ExitCode.CANCELLED ? ExitCode.OK : exitCode).number();
  }
}

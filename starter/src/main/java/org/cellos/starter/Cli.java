package org.cellos.starter;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.protocol.ProtocolException;
import org.cellos.store.StoreException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a function: arguments in, text out, an exit code back. */
@Command(
    name = "cellos",
    description = "Runs cell-culture protocols durably and keeps their history.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Cli implements Runnable {
  private final Terminal terminal;

  private Cli(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs one command and returns its exit code; never throws, never exits. */
  public static int run(Terminal terminal, String... args) {
    CommandLine commandLine =
        new CommandLine(new Cli(terminal))
            .addSubcommand(new RunCommand(terminal))
            .addSubcommand(new CreateCommand(terminal))
            .addSubcommand(new ExecuteCommand(terminal))
            .addSubcommand(new ShowCommand(terminal))
            .addSubcommand(new ListCommand(terminal))
            .addSubcommand(new ResolveCommand(terminal))
            .addSubcommand(new WorkerCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
            .setAbbreviatedOptionsAllowed(false)
            .setParameterExceptionHandler(Cli::refuseArguments)
            .setExecutionExceptionHandler(Cli::explain);
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    CommandLine.usage(this, terminal.out());
  }

  private static int refuseArguments(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("cellos: " + firstLine(String.valueOf(e.getMessage())));
    if (!UnmatchedArgumentException.printSuggestions(e, err)) {
      err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    }
    return ExitCode.BAD_INPUT.number();
  }

  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    ExitCode exitCode = exitCode(e);
    PrintWriter err = command.getErr();
    if (exitCode == ExitCode.DEFECT) {
      err.println("cellos: a defect of this program: " + e);
      LoggerFactory.getLogger(Cli.class).debug("The defect's origin", e);
    } else {
      err.println("cellos: " + Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
    }
    return exitCode.number();
  }

  private static ExitCode exitCode(Exception e) {
    if (e instanceof CommandException command) {
      return command.exitCode();
    }
    if (e instanceof EngineUnavailableException) {
      return ExitCode.NO_ENGINE;
    }
    if (e instanceof ProtocolException
        || e instanceof StoreException
        || e instanceof ExecutionRefusedException
        || e instanceof IllegalArgumentException) {
      return ExitCode.BAD_INPUT;
    }
    return ExitCode.DEFECT;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text);
  }
}

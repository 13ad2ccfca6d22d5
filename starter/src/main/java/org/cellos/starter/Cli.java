package org.cellos.starter;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.cellos.client.ExecutionPendingException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.protocol.NearestName;
import org.cellos.protocol.ProtocolException;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a function: arguments in, text out, an exit code back. */
@Command(
    name = "cellos",
    description = "Runs cell-culture protocols durably and keeps their history.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the execution failed, or what was verified is not as it should be",
      "2:wrong usage or bad input; nothing was done",
      "3:not found",
      "4:the execution was cancelled",
      "5:no Temporal reachable",
      "6:waiting for a person, or for a command that goes on with it",
      "124:timed out waiting",
      "130:Ctrl-C"
    },
    footer = {
      "Examples:",
      "  cellos resolve thaw --cell-line iPSC --vessel T75",
      "  cellos run thaw --cell-line iPSC --vessel T75",
      "  cellos run thaw --cell-line iPSC --vessel T75 --execute"
    })
public final class Cli implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  private Cli() {}

  /** Runs one command and returns its exit code; never throws, never exits. */
  public static int run(Terminal terminal, String... args) {
    CommandLine commandLine =
        new CommandLine(new Cli())
            .addSubcommand(new RunCommand(terminal))
            .addSubcommand(new CreateCommand(terminal))
            .addSubcommand(new ExecuteCommand(terminal))
            .addSubcommand(new CancelCommand(terminal))
            .addSubcommand(new PauseCommand(terminal))
            .addSubcommand(new ResumeCommand(terminal))
            .addSubcommand(new SkipCommand(terminal))
            .addSubcommand(new RetryCommand(terminal))
            .addSubcommand(new EditCommand(terminal))
            .addSubcommand(new RerunCommand(terminal))
            .addSubcommand(new NoteCommand(terminal))
            .addSubcommand(new DecideCommand(terminal))
            .addSubcommand(new ConfirmCommand(terminal))
            .addSubcommand(new ShowCommand(terminal))
            .addSubcommand(new ListCommand(terminal))
            .addSubcommand(new EquipmentCommand(terminal))
            .addSubcommand(new ResolveCommand(terminal))
            .addSubcommand(new RehearseCommand(terminal))
            .addSubcommand(new WorkerCommand(terminal))
            .addSubcommand(new UpCommand(terminal))
            .addSubcommand(new BackupCommand(terminal))
            .addSubcommand(new RestoreCommand(terminal))
            .addSubcommand(new DoctorCommand(terminal))
            .addSubcommand(
                new CommandLine(new MirrorCommand())
                    .addSubcommand(new MirrorVerifyCommand(terminal))
                    .addSubcommand(new MirrorRebuildCommand(terminal)))
            .addSubcommand(
                new CommandLine(new AuditCommand()).addSubcommand(new AuditVerifyCommand(terminal)))
            .addSubcommand(
                new CommandLine(new RobotCommand())
                    .addSubcommand(new RobotCheckCommand(terminal))
                    .addSubcommand(new RobotStopCommand(terminal))
                    .addSubcommand(new RobotProtocolCommand(terminal))
                    .addSubcommand(new RobotFakeCommand(terminal)))
            .addSubcommand(new CommandLine.HelpCommand())
            .setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(Cli::refuseArguments)
            .setExecutionExceptionHandler(Cli::explain);
    return commandLine.execute(args);
  }

  @Override
  public void run() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    commandLine.usage(commandLine.getOut());
  }

  private static int refuseArguments(CommandLine.ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String advice = "Try '" + command.getCommandSpec().qualifiedName() + " --help'.";
    if (e instanceof UnmatchedArgumentException unmatched) {
      err.println("cellos: " + unknown(unmatched.getUnmatched().get(0), command) + " " + advice);
    } else {
      err.println("cellos: " + plain(String.valueOf(e.getMessage())) + ". " + advice);
    }
    return ExitCode.BAD_INPUT.number();
  }

  private static String unknown(String argument, CommandLine command) {
    boolean option = argument.startsWith("-");
    Set<String> known =
        option ? command.getCommandSpec().optionsMap().keySet() : command.getSubcommands().keySet();
    if (known.isEmpty()) {
      return "'" + argument + "' is one argument too many.";
    }
    return "There is no "
        + (option ? "option" : "command")
        + " '"
        + argument
        + "'."
        + NearestName.of(argument, known).map(name -> " Did you mean '" + name + "'?").orElse("");
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
    if (e instanceof ExecutionPendingException) {
      return ExitCode.TIMED_OUT;
    }
    if (e instanceof ProtocolException
        || e instanceof StoreException
        || e instanceof ExecutionRefusedException
        || e instanceof IllegalArgumentException) {
      return ExitCode.BAD_INPUT;
    }
    return ExitCode.DEFECT;
  }

  /** Picocli's message without the words of programmers. */
  private static String plain(String message) {
    return message
        .lines()
        .findFirst()
        .orElse(message)
        .replaceFirst("is not an? (double|long|int)$", "is not a number")
        .replace("option option", "option")
        .replace(" (case-insensitive)", "");
  }
}

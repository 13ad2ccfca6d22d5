package org.cellos.starter;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.json.Json;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.ExecutionView;
import org.cellos.view.History;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the newest executions of the history. */
@Command(
    name = "list",
    description = "Lists executions, newest first.",
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--status",
      paramLabel = "S",
      description = "pending, running, paused, completed, failed or cancelled.")
  private @Nullable String status;

  @Option(
      names = "--search",
      paramLabel = "TEXT",
      description = "Only those with this text in id, names, error or metadata.")
  private @Nullable String search;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit = 20;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ExecutionFilter filter =
        new ExecutionFilter(
            Optional.ofNullable(status).map(ListCommand::status),
            Optional.ofNullable(search),
            limit);
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      History history = History.of(mirror);
      List<ExecutionRecord> executions = history.queries().list(filter);
      if (output.json()) {
        terminal
            .out()
            .println(
                Json.writePretty(
                    Map.of(
                        "executions",
                        executions.stream()
                            .map(record -> ExecutionView.withoutSteps(history, record))
                            .toList())));
      } else {
        long all = history.queries().count(filter);
        terminal
            .out()
            .println(
                executions.isEmpty()
                    ? "No executions."
                    : Tables.executions(executions, history)
                        + System.lineSeparator()
                        + executions.size()
                        + " of "
                        + all
                        + " executions.");
      }
      executions.forEach(
          record ->
              history.obstacles(record).forEach(note -> terminal.err().println("Note: " + note)));
      return ExitCode.OK.number();
    }
  }

  private static ExecutionStatus status(String word) {
    try {
      return ExecutionStatus.ofWireValue(word.toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "--status: " + e.getMessage() + ".", e);
    }
  }
}

package org.cellos.starter;

import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints one execution from the history. */
@Command(
    name = "show",
    description = "Shows an execution: its steps, results and errors.",
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  private static final int LOOK_EVERY_MILLIS = 200;

  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Wait until the execution has ended, showing progress.")
  private boolean follow;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ShowCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      History history = History.of(mirror);
      ExecutionRecord record = Executions.find(history.queries(), id);
      if (follow) {
        followToEnd(history, record);
      }
      ExecutionRecord shown =
          new ExecutionPrinter(terminal, history, output.json()).print(record.executionId());
      boolean lookedInVain = follow && !shown.status().isTerminal();
      return (lookedInVain ? ExitCode.WAITING_FOR_PERSON : ExitCode.OK).number();
    }
  }

  /** Until it has ended, or nothing happens before a person does something. */
  private void followToEnd(History history, ExecutionRecord record) throws InterruptedException {
    try (Progress progress = Progress.on(terminal, history, record.executionId())) {
      ExecutionRecord now = record;
      while (!now.status().isTerminal()
          && now.status() != ExecutionStatus.PAUSED
          && !history.isAbandoned(now)) {
        Thread.sleep(LOOK_EVERY_MILLIS);
        progress.update();
        now = Executions.find(history.queries(), record.executionId());
      }
    }
  }
}

package org.cellos.starter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.dashboard.Dashboard;
import org.cellos.worker.ExecutionDesk;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Engine, worker and dashboard in one process. */
@Command(
    name = "up",
    description =
        "Performs executions and shows the dashboard until it is stopped: everything in one"
            + " process.",
    mixinStandardHelpOptions = true)
final class UpCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--port",
      paramLabel = "N",
      description =
          "Where the dashboard listens on 127.0.0.1; 0 for any that is free (default: 8080, or"
              + " another where that is taken).")
  private @Nullable Integer port;

  @Option(names = "--no-browser", description = "Do not open the dashboard in the browser.")
  private boolean noBrowser;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A folder with protocol facts that override the built-in ones file by file (default:"
              + " data in the current folder).")
  private @Nullable Path dataDirectory;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();

  private boolean isOpened;

  UpCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<Path> data = ProtocolOptions.dataDirectory(terminal, dataDirectory);
    Session session = new Session(terminal, database, engine, new OutputOptions());
    return new Working(session, executor -> show(executor, data), Optional.empty())
        .untilStopped()
        .number();
  }

  private Working.Companion show(WorkflowExecutor executor, Optional<Path> data) {
    Dashboard dashboard = start(executor, data);
    terminal.err().println("Dashboard: " + dashboard.url() + ".");
    if (!noBrowser && !isOpened && terminal.interactive()) {
      isOpened = true;
      open(dashboard.url());
    }
    return dashboard::close;
  }

  private Dashboard start(WorkflowExecutor executor, Optional<Path> data) {
    Path file = database.file(terminal);
    if (port != null) {
      return Dashboard.start(ExecutionDesk.beside(executor), file, data, port);
    }
    try {
      return Dashboard.start(ExecutionDesk.beside(executor), file, data, Dashboard.USUAL_PORT);
    } catch (Dashboard.PortTakenException e) {
      return Dashboard.start(ExecutionDesk.beside(executor), file, data, 0);
    }
  }

  /** Where there is no browser, the address has been said. */
  private void open(String url) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    List<String> command =
        system.contains("windows")
            ? List.of("rundll32", "url.dll,FileProtocolHandler", url)
            : List.of(system.contains("mac") ? "open" : "xdg-open", url);
    try {
      new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      terminal.err().println("Open it in your browser.");
    }
  }
}

package org.cellos.starter;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cellos.worker.ConfiguredRobots;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which mirror. */
final class DatabaseOptions {
  private static final String DEFAULT_FILE = "data/executions.db";

  @Option(
      names = "--db",
      paramLabel = "FILE",
      description =
          "The history's SQLite file (default: $CELLOS_DB, else data/executions.db in the current"
              + " folder).")
  private @Nullable Path file;

  Path file(Terminal terminal) {
    Path chosen =
        Optional.ofNullable(file)
            .or(() -> terminal.variable("CELLOS_DB").map(Path::of))
            .orElse(Path.of(DEFAULT_FILE));
    return terminal.workingDirectory().resolve(chosen);
  }

  /** Where the robots of the history are written down; need not exist. */
  Path robotsFile(Terminal terminal) {
    return ConfiguredRobots.fileBeside(file(terminal));
  }

  /** Of commands that need a history to be there. */
  Path existingFile(Terminal terminal) {
    Path history = file(terminal);
    if (!Files.exists(history)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "There is no history yet: "
              + history
              + " does not exist. Run something first, or give --db FILE.");
    }
    return history;
  }
}

package org.cellos.starter;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.cellos.json.Json;
import org.cellos.store.Backups;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies the history while executions go on. */
@Command(
    name = "backup",
    description = "Copies the history to a file, while executions go on, and checks the copy.",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The new file.")
  private @Nullable Path file;

  @Option(names = "--overwrite", description = "Replaces a file that is there already.")
  private boolean overwrite;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path history = database.existingFile(terminal);
    Backups.Backup backup =
        Backups.write(
            history, terminal.workingDirectory().resolve(String.valueOf(file)), overwrite);
    terminal
        .out()
        .println(
            output.json()
                ? Json.writePretty(
                    Map.of(
                        "file", backup.file().toString(),
                        "taken_at", backup.takenAt().toString(),
                        "bytes", backup.bytes()))
                : "Backed "
                    + history
                    + " up to "
                    + backup.file()
                    + ": "
                    + backup.bytes()
                    + " bytes, checked. Keep it on another disk.");
    return ExitCode.OK.number();
  }
}

package org.cellos.starter;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.engine.EngineLocks;
import org.cellos.json.Json;
import org.cellos.store.Backups;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts a backup in the place of the history. */
@Command(
    name = "restore",
    description = {
      "Puts a backup in the place of the history, which is kept under another name.",
      "What was done after the backup is not in it: steps of unfinished executions ask a person"
          + " before anything moves."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The backup. It stays as it is.")
  private @Nullable Path file;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path history = database.file(terminal);
    Path backup = terminal.workingDirectory().resolve(String.valueOf(file));
    if (EngineLocks.beside(history).isAnyHeld()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "A command performs executions of "
              + history
              + " right now: stop it, then try again. Nothing was changed.");
    }
    Backups.Restored restored = Backups.restore(history, backup);
    terminal.out().println(output.json() ? json(restored) : text(history, restored));
    return ExitCode.OK.number();
  }

  private static String json(Backups.Restored restored) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("taken_at", restored.takenAt().toString());
    Optional.ofNullable(restored.formerFile())
        .ifPresent(former -> view.put("former_file", former.toString()));
    view.put("asking", restored.asking());
    return Json.writePretty(view);
  }

  private static String text(Path history, Backups.Restored restored) {
    List<String> asking = restored.asking();
    StringBuilder text =
        new StringBuilder(history + " is the backup of " + restored.takenAt() + " now.");
    if (restored.formerFile() != null) {
      text.append(" The former file is ").append(restored.formerFile()).append('.');
    }
    if (!asking.isEmpty()) {
      text.append(System.lineSeparator())
          .append("Look at the vessels of these executions: what was done after the backup is not")
          .append(" known, so each further step asks first.");
      asking.forEach(id -> text.append(System.lineSeparator()).append("  ").append(id));
      text.append(System.lineSeparator())
          .append("Where a Temporal server has performed them, it knows more: bring the history up")
          .append(" to date before they go on, with: cellos mirror rebuild");
    }
    return text.toString();
  }
}

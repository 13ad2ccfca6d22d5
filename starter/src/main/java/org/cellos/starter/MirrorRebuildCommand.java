package org.cellos.starter;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.domain.MirrorRebuild;
import org.cellos.json.Json;
import org.cellos.worker.MirrorMaintenance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes the history anew from what Temporal says. */
@Command(
    name = "rebuild",
    description =
        "Makes the history anew from Temporal's, and keeps the former file beside it. Nothing else"
            + " may work on it meanwhile.",
    mixinStandardHelpOptions = true)
final class MirrorRebuildCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--mirror-id",
      paramLabel = "ID",
      description = "Which history it is, where the file cannot say.")
  private @Nullable String mirrorId;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who you are (default: the name you are logged in with).")
  private @Nullable String by;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  MirrorRebuildCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    MirrorRebuild rebuilt =
        MirrorMaintenance.rebuild(
            database.file(terminal),
            engine.choice(terminal, database.file(terminal)),
            Optional.ofNullable(mirrorId),
            Optional.ofNullable(by)
                .or(() -> Optional.ofNullable(System.getProperty("user.name")))
                .orElse("unknown"));
    if (output.json()) {
      terminal.out().println(Json.writePretty(rebuilt));
    } else {
      print(rebuilt);
    }
    return ExitCode.OK.number();
  }

  private void print(MirrorRebuild rebuilt) {
    terminal
        .out()
        .println(
            "Rebuilt "
                + database.file(terminal)
                + ": "
                + rebuilt.projected()
                + " executions from their histories, "
                + rebuilt.kept()
                + " from the former file.");
    if (rebuilt.formerFile() != null) {
      terminal.out().println("The former file is " + rebuilt.formerFile() + ".");
    }
    if (!rebuilt.asking().isEmpty()) {
      terminal
          .out()
          .println(
              "What instruments were told may be lost, so a person is asked about steps of: "
                  + String.join(", ", rebuilt.asking())
                  + ".");
    }
    rebuilt.problems().forEach(problem -> terminal.err().println("Note: " + problem));
  }
}

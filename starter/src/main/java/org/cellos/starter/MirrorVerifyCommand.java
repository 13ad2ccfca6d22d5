package org.cellos.starter;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.MirrorVerification.NotCompared;
import org.cellos.json.Json;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.MirrorMaintenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Compares the history with what Temporal says, and prints what differs. */
@Command(
    name = "verify",
    description =
        "Compares the history with Temporal; changes nothing. Exit code 1 if something differs.",
    mixinStandardHelpOptions = true)
final class MirrorVerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  MirrorVerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    // It must exist.
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      MirrorVerification found =
          MirrorMaintenance.verify(mirror.file(), engine.choice(terminal, mirror.file()));
      if (output.json()) {
        terminal.out().println(Json.writePretty(found));
      } else {
        print(found);
      }
      return (found.differences().isEmpty() ? ExitCode.OK : ExitCode.EXECUTION_FAILED).number();
    }
  }

  private void print(MirrorVerification found) {
    if (!found.differences().isEmpty()) {
      terminal.out().println(Tables.differences(found.differences()));
    }
    terminal
        .out()
        .println(
            "Compared: "
                + found.compared()
                + ". Differences: "
                + found.differences().size()
                + ". Not compared: "
                + found.notCompared().size()
                + ".");
    Map<String, Long> reasons =
        found.notCompared().stream()
            .collect(
                Collectors.groupingBy(
                    NotCompared::explanation, TreeMap::new, Collectors.counting()));
    reasons.forEach((why, count) -> terminal.out().println("  " + count + ": " + why));
    found.problems().forEach(problem -> terminal.err().println("Note: " + problem));
  }
}

package org.cellos.starter;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.domain.ExecutionStatus;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.cellos.json.Json;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolException;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.cellos.view.History;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks whether everything that a run needs is there, and says what to do where it is not. */
@Command(
    name = "doctor",
    description = "Checks Java, engine, history, protocol facts and disk; says what to do.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final int OLDEST_JAVA = 17;
  private static final long LEAST_DISK_BYTES = 500L * 1024 * 1024;

  private final Terminal terminal;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder with protocol facts (default: data in the current folder).")
  private @Nullable Path dataDirectory;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  DoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /** One finding. */
  record Check(String what, boolean ok, String finding) {}

  @Override
  public Integer call() {
    List<Check> checks = new ArrayList<>();
    checks.add(java());
    checks.add(protocolFacts());
    checks.add(history());
    checks.add(disk());
    Check engineCheck = engine();
    checks.add(engineCheck);
    boolean ok = checks.stream().allMatch(Check::ok);
    if (output.json()) {
      terminal.out().println(Json.writePretty(Map.of("ok", ok, "checks", checks)));
    } else {
      for (Check check : checks) {
        terminal
            .out()
            .printf("%-5s %-15s %s%n", check.ok() ? "ok" : "FAIL", check.what(), check.finding());
      }
      terminal.out().println(ok ? "Everything is there." : "Mend what is marked FAIL.");
    }
    if (ok) {
      return ExitCode.OK.number();
    }
    boolean engineAlone =
        checks.stream().filter(check -> !check.ok()).count() == 1 && !engineCheck.ok();
    return (engineAlone ? ExitCode.NO_ENGINE : ExitCode.BAD_INPUT).number();
  }

  private static Check java() {
    int version = Runtime.version().feature();
    return new Check(
        "Java",
        version >= OLDEST_JAVA,
        version >= OLDEST_JAVA
            ? Runtime.version().toString()
            : "version " + version + " is too old: install Java " + OLDEST_JAVA + " or newer.");
  }

  private Check protocolFacts() {
    Optional<Path> directory =
        dataDirectory == null
            ? Optional.of(terminal.workingDirectory().resolve("data")).filter(Files::isDirectory)
            : Optional.of(terminal.workingDirectory().resolve(dataDirectory));
    if (dataDirectory != null && !Files.isDirectory(directory.orElseThrow())) {
      return new Check("Protocol facts", false, "--data " + dataDirectory + " is not a folder.");
    }
    try {
      ProtocolData.load(directory);
      return new Check(
          "Protocol facts",
          true,
          directory.map(path -> "valid; files in " + path + " come first").orElse("the built-in"));
    } catch (ProtocolException e) {
      return new Check("Protocol facts", false, String.valueOf(e.getMessage()));
    }
  }

  private Check history() {
    Path file = database.file(terminal);
    try {
      if (!Files.exists(file)) {
        return newHistory(file);
      }
      try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(file)) {
        Optional<String> damage = mirror.damage();
        if (damage.isPresent()) {
          return new Check("History", false, damage.get());
        }
        long count = mirror.queries().count(ExecutionFilter.all());
        boolean writable = Files.isWritable(file);
        return new Check(
            "History",
            writable,
            file
                + (writable
                    ? " has " + count + " executions." + whatWaits(mirror)
                    : " cannot be written: change its permissions or give --db FILE."));
      }
    } catch (StoreException e) {
      return new Check("History", false, String.valueOf(e.getMessage()));
    }
  }

  /** What needs somebody's hand. */
  private static String whatWaits(MirrorDatabase mirror) {
    History history = History.of(mirror);
    StringBuilder text = new StringBuilder();
    long abandoned =
        mirror.queries().unfinished().stream()
            .flatMap(unfinished -> mirror.queries().find(unfinished.executionId()).stream())
            .filter(history::isAbandoned)
            .count();
    if (abandoned > 0) {
      text.append(" Not going on: ").append(abandoned).append("; 'cellos worker' takes them up.");
    }
    long paused = mirror.queries().count(ExecutionFilter.withStatus(ExecutionStatus.PAUSED));
    if (paused > 0) {
      text.append(" Waiting for a person: ")
          .append(paused)
          .append("; see 'cellos list --status paused'.");
    }
    return text.toString();
  }

  private static Check newHistory(Path file) {
    Path folder = existingFolder(file);
    boolean writable = Files.isWritable(folder);
    return new Check(
        "History",
        writable,
        writable
            ? file + " will be made by the first run."
            : folder + " cannot be written: change its permissions or give --db FILE.");
  }

  private Check disk() {
    Path folder = existingFolder(database.file(terminal));
    try {
      FileStore store = Files.getFileStore(folder);
      long free = store.getUsableSpace();
      String megabytes = free / (1024 * 1024) + " MB free at " + folder;
      return new Check(
          "Disk",
          free >= LEAST_DISK_BYTES,
          free >= LEAST_DISK_BYTES
              ? megabytes
              : megabytes
                  + ": make room for at least "
                  + LEAST_DISK_BYTES / (1024 * 1024)
                  + " MB.");
    } catch (IOException e) {
      return new Check("Disk", false, folder + " cannot be looked at: " + e.getMessage());
    }
  }

  private Check engine() {
    EngineChoice choice = engine.choice(terminal, database.file(terminal));
    try {
      if (Engines.wouldStartServer(choice)) {
        return new Check(
            "Engine",
            true,
            "the first run starts a Temporal server for " + choice.managedDatabase());
      }
      try (Engine opened = Engines.open(choice)) {
        return new Check("Engine", true, opened.description());
      }
    } catch (EngineUnavailableException e) {
      return new Check("Engine", false, String.valueOf(e.getMessage()));
    }
  }

  private static Path existingFolder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    while (folder != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    return folder == null ? Path.of("").toAbsolutePath() : folder;
  }
}

package org.cellos.starter;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.cellos.engine.EngineChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Temporal. */
final class EngineOptions {
  /** The Web UI is 1000 above. */
  private static final int MOST_PORT = 64_535;

  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description =
          "The Temporal server (default: $TEMPORAL_ADDRESS or temporal.toml, else one on"
              + " 127.0.0.1:7233, else one that cellos starts with the"
              + " 'temporal' command, else in memory).")
  private @Nullable String address;

  @Option(
      names = "--engine",
      paramLabel = "KIND",
      description = "auto, in-memory, managed or external (default: $CELLOS_ENGINE, else auto).")
  private @Nullable String engine;

  @Option(
      names = "--engine-port",
      paramLabel = "N",
      description =
          "The port of a managed server (default: 7233, or another where that is taken); its Web UI"
              + " is 1000 above.")
  private @Nullable Integer port;

  @Option(
      names = "--engine-db",
      paramLabel = "FILE",
      description = "The database of a managed server (default: temporal.db beside the history).")
  private @Nullable Path managedDatabase;

  /**
   * @param history the mirror's file
   */
  EngineChoice choice(Terminal terminal, Path history) {
    String kind =
        Optional.ofNullable(engine).or(() -> terminal.variable("CELLOS_ENGINE")).orElse("auto");
    EngineChoice.Kind parsed =
        switch (kind.toLowerCase(Locale.ROOT)) {
          case "auto" -> EngineChoice.Kind.AUTO;
          case "in-memory" -> EngineChoice.Kind.IN_MEMORY;
          case "managed" -> EngineChoice.Kind.MANAGED;
          case "external" -> EngineChoice.Kind.EXTERNAL;
          default ->
              throw new CommandException(
                  ExitCode.BAD_INPUT,
                  "--engine must be auto, in-memory, managed or external, not '" + kind + "'.");
        };
    if (address != null
        && parsed != EngineChoice.Kind.AUTO
        && parsed != EngineChoice.Kind.EXTERNAL) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--address and --engine " + kind + " contradict each other.");
    }
    if (port != null && (port < 1 || port > MOST_PORT)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--engine-port must be from 1 to " + MOST_PORT + ", not " + port + ".");
    }
    boolean isManagedOnly = port != null || managedDatabase != null;
    if (isManagedOnly && parsed == EngineChoice.Kind.AUTO && address == null) {
      parsed = EngineChoice.Kind.MANAGED;
    }
    if (isManagedOnly && parsed != EngineChoice.Kind.MANAGED) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--engine-port and --engine-db are for a managed server, and contradict "
              + (address == null ? "--engine " + kind : "--address")
              + ".");
    }
    Path database =
        managedDatabase == null ? null : terminal.workingDirectory().resolve(managedDatabase);
    return new EngineChoice(
            parsed, Optional.ofNullable(address), terminal.environment(), database, port)
        .orManagedIn(history.resolveSibling("temporal.db"));
  }
}

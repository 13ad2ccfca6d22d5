package org.cellos.starter;

import java.util.Locale;
import java.util.Optional;
import org.cellos.engine.EngineChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Temporal. */
final class EngineOptions {
  @Option(
      names = "--address",
      paramLabel = "HOST:PORT",
      description =
          "The Temporal server (default: $TEMPORAL_ADDRESS or temporal.toml, else one on"
              + " 127.0.0.1:7233, else in memory).")
  private @Nullable String address;

  @Option(
      names = "--engine",
      paramLabel = "KIND",
      description = "auto, in-memory, managed or external (default: $CELLOS_ENGINE, else auto).")
  private @Nullable String engine;

  EngineChoice choice(Terminal terminal) {
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
    return new EngineChoice(parsed, Optional.ofNullable(address), terminal.environment());
  }
}

package org.cellos.engine;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds programs that are installed on this machine. */
final class TemporalCli {
  /** Names the program; where it is set, the path is not searched. */
  static final String VARIABLE = "CELLOS_TEMPORAL_CLI";

  private TemporalCli() {}

  /**
   * The {@code temporal} command.
   *
   * @throws EngineUnavailableException if the variable names something that is not a program
   */
  static Optional<Path> find(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    if (named.isBlank()) {
      return onPath("temporal", environment);
    }
    Path program = Path.of(named);
    if (!isProgram(program)) {
      throw new EngineUnavailableException(
          VARIABLE + " is " + named + ", which is not a program. Correct it, or leave it out.");
    }
    return Optional.of(program);
  }

  static Optional<Path> onPath(String name, Map<String, String> environment) {
    for (String folder :
        environment.getOrDefault("PATH", "").split(Pattern.quote(File.pathSeparator), -1)) {
      try {
        Path program = Path.of(folder, name);
        if (!folder.isBlank() && isProgram(program)) {
          return Optional.of(program);
        }
      } catch (InvalidPathException e) {
        // Not a folder: look into the next.
      }
    }
    return Optional.empty();
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}

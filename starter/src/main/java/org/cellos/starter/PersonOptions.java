package org.cellos.starter;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who does something to an execution, and why; kept with it. */
final class PersonOptions {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who you are (default: the name you are logged in with).")
  private @Nullable String by;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the execution.")
  private @Nullable String reason;

  String by() {
    return Optional.ofNullable(by)
        .filter(name -> !name.isBlank())
        .or(() -> Optional.ofNullable(System.getProperty("user.name")))
        .orElse("unknown");
  }

  @Nullable String reason() {
    return reason;
  }
}

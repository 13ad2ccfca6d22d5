package org.cellos.starter;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who does something to an execution, and why; kept with it. */
final class PersonOptions {
  static final String BY = "Who you are (default: the name you are logged in with).";

  @Option(names = "--by", paramLabel = "NAME", description = BY)
  private @Nullable String by;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the execution.")
  private @Nullable String reason;

  String by() {
    return nameOr(by);
  }

  /**
   * @param given null for whoever is logged in
   */
  static String nameOr(@Nullable String given) {
    return Optional.ofNullable(given)
        .filter(name -> !name.isBlank())
        .or(() -> Optional.ofNullable(System.getProperty("user.name")))
        .orElse("unknown");
  }

  @Nullable String reason() {
    return reason;
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** What performs the executions of a bench. */
enum BenchEngine {
  /** A part of the first process; it ends with it. */
  IN_MEMORY("in-memory", 20, 2),

  /** A Temporal server of the bench's own, which outlives processes that are killed. */
  MANAGED("managed", 6, 1);

  static final String CLI_VARIABLE = "CELLOS_TEMPORAL_CLI";

  private final String option;
  private final int seedsOfSuite;
  private final int seedsOfSmoke;

  BenchEngine(String option, int seedsOfSuite, int seedsOfSmoke) {
    this.option = option;
    this.seedsOfSuite = seedsOfSuite;
    this.seedsOfSmoke = seedsOfSmoke;
  }

  /** What commands find in their environment. */
  Map<String, String> environment() {
    return switch (this) {
      case IN_MEMORY -> Map.of("CELLOS_ENGINE", option);
      case MANAGED ->
          Map.of(
              "CELLOS_ENGINE",
              option,
              CLI_VARIABLE,
              cli().toString(),
              "PATH",
              System.getenv("PATH"));
    };
  }

  /** For rows that take long: in a smoke the real server alone, in the suite both. */
  static Stream<BenchEngine> ofSuite() {
    return Row.isWholeSuite() ? Stream.of(values()) : Stream.of(MANAGED);
  }

  int seeds() {
    return Row.isWholeSuite() ? seedsOfSuite : seedsOfSmoke;
  }

  /** Skips the test where it cannot be had, with a reason; in CI that is a failure. */
  void require() {
    String wanted = System.getProperty("cellos.faults.engine", option);
    Assumptions.assumeTrue(wanted.equals(option), "only on the engine " + wanted);
    if (this == MANAGED) {
      cli();
    }
  }

  /** The {@code temporal} command. */
  static Path cli() {
    Optional<Path> cli =
        Stream.concat(
                Optional.ofNullable(System.getenv(CLI_VARIABLE)).map(Path::of).stream(),
                Stream.of(System.getenv("PATH").split(":", -1))
                    .map(folder -> Path.of(folder, "temporal")))
            .filter(Files::isExecutable)
            .findFirst();
    String reason = "no Temporal CLI: neither " + CLI_VARIABLE + " nor 'temporal' on the PATH";
    if (cli.isEmpty() && Row.isCi()) {
      fail("%s", reason);
    }
    Assumptions.assumeTrue(cli.isPresent(), reason);
    return cli.orElseThrow();
  }
}

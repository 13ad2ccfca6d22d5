package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import org.cellos.domain.Begin;
import org.cellos.domain.Instruments;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an execution is begun and waited for. */
final class RunOptions {
  @Option(
      names = "--execute",
      description = "Let the instruments move; without it every step is a dry run.")
  private boolean execute;

  @Option(
      names = "--yes",
      description = "What is real may move: --execute on hardware asks for it.")
  private boolean yes;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait no longer than this; the exit code is 124 then.")
  private @Nullable Long timeoutSeconds;

  @Option(
      names = "--detach",
      description =
          "Return as soon as it has begun; another process performs it: a 'cellos worker'.")
  private boolean detach;

  boolean detach() {
    if (detach && timeoutSeconds != null) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--detach does not wait: leave --timeout out.");
    }
    return detach;
  }

  /**
   * Asks for a second yes where real instruments are about to move.
   *
   * @param lookAt what tells best what will move
   */
  void requireYes(Instruments instruments, String lookAt) {
    if (execute && instruments == Instruments.HARDWARE && !yes) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--execute on hardware moves real instruments: look at "
              + lookAt
              + ", then give --yes as well. Nothing was started.");
    }
  }

  Begin begin() {
    return new Begin(!execute);
  }

  Optional<Duration> timeout() {
    return timeout(timeoutSeconds);
  }

  /**
   * @param seconds of {@code --timeout}; null where it is not given
   */
  static Optional<Duration> timeout(@Nullable Long seconds) {
    if (seconds != null && seconds < 1) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--timeout must be at least 1 second, not " + seconds + ".");
    }
    return Optional.ofNullable(seconds).map(Duration::ofSeconds);
  }
}

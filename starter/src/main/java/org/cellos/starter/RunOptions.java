package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import org.cellos.domain.Begin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an execution is begun and waited for. */
final class RunOptions {
  @Option(
      names = "--execute",
      description = "Let the instruments move; without it every step is a dry run.")
  private boolean execute;

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

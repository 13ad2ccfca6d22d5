package org.cellos.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** The container engine of this machine, and its command. */
final class DockerEngine {
  private static final long PATIENCE_SECONDS = 300;

  private DockerEngine() {}

  /** Skips the test where there is none, with a reason; in CI that is a failure. */
  static void require() {
    need(DockerClientFactory.instance().isDockerAvailable(), "no container engine answers here");
  }

  /** {@code docker compose}, or as Debian has it, {@code docker-compose}. */
  static List<String> composeCommand() throws Exception {
    Optional<List<String>> command = Optional.empty();
    for (List<String> tried : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
      if (command.isEmpty() && isThere(tried)) {
        command = Optional.of(tried);
      }
    }
    need(command.isPresent(), "neither 'docker compose' nor 'docker-compose' is installed");
    return command.orElseThrow();
  }

  private static boolean isThere(List<String> command) throws InterruptedException {
    try {
      List<String> line = new ArrayList<>(command);
      line.add("version");
      Process process =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void need(boolean isMet, String reason) {
    if (!isMet && Boolean.parseBoolean(System.getenv("CI"))) {
      fail("%s", reason);
    }
    Assumptions.assumeTrue(isMet, reason);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /**
   * Runs a command that must succeed.
   *
   * @return what it printed, errors included
   */
  static String succeed(Path folder, Map<String, String> environment, List<String> command)
      throws Exception {
    Path output = Files.createTempFile("docker", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      boolean hasEnded = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String printed = Files.readString(output);
      assertThat(hasEnded).as("%s ends: %s", command, printed).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, printed).isZero();
      return printed;
    } finally {
      Files.delete(output);
    }
  }
}

package org.cellos;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineUnavailableException;
import org.cellos.engine.Engines;
import org.junit.jupiter.api.Assumptions;

/** A real Temporal server of the test's own, on a free port, in memory. */
public final class TemporalServer implements AutoCloseable {
  private final Process process;
  private final String address;

  private TemporalServer(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one; where there is no Temporal CLI the test is skipped, and fails in CI. */
  public static TemporalServer start(Path folder) throws IOException {
    String address = "127.0.0.1:" + freePort();
    Process process =
        new ProcessBuilder(
                List.of(
                    cli().toString(),
                    "server",
                    "start-dev",
                    "--headless",
                    "--ip",
                    "127.0.0.1",
                    "--port",
                    address.substring(address.indexOf(':') + 1),
                    "--log-level",
                    "error"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("temporal.log").toFile())
            .start();
    TemporalServer server = new TemporalServer(process, address);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> server.answers() || !process.isAlive());
    if (!process.isAlive()) {
      fail("The Temporal server ended: " + Files.readString(folder.resolve("temporal.log")));
    }
    return server;
  }

  public String address() {
    return address;
  }

  public EngineChoice choice() {
    return EngineChoice.at(address);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean answers() {
    try (Engine engine = Engines.open(choice())) {
      return !engine.id().isEmpty();
    } catch (EngineUnavailableException e) {
      return false;
    }
  }

  /** The {@code temporal} command; where there is none the test is skipped, and fails in CI. */
  public static Path cli() {
    Optional<Path> cli =
        Stream.concat(
                Optional.ofNullable(System.getenv("CELLOS_TEMPORAL_CLI")).map(Path::of).stream(),
                Stream.of(System.getenv("PATH").split(":"))
                    .map(folder -> Path.of(folder, "temporal")))
            .filter(Files::isExecutable)
            .findFirst();
    String reason = "no Temporal CLI: neither CELLOS_TEMPORAL_CLI nor 'temporal' on the PATH";
    if (cli.isEmpty() && System.getenv("CI") != null) {
      fail("%s", reason);
    }
    Assumptions.assumeTrue(cli.isPresent(), reason);
    return cli.orElseThrow();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

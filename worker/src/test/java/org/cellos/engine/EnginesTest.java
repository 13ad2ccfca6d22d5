package org.cellos.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {

  @Test
  void theInMemoryEngineNeedsNothingAndSaysWhatItIs() {
    try (Engine engine = Engines.open(EngineChoice.inMemory())) {
      assertThat(engine.kind()).isEqualTo(Engine.Kind.IN_MEMORY);
      assertThat(engine.endsWithProcess()).isTrue();
      assertThat(engine.address()).startsWith("127.0.0.1:");
      assertThat(engine.description()).contains("in memory");
    }
  }

  @Test
  void theInMemoryEngineListensOnTheLoopbackAddressOnly() throws IOException {
    List<InetAddress> outside =
        Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    org.junit.jupiter.api.Assumptions.assumeFalse(
        outside.isEmpty(), "this machine has no address but the loopback one");
    try (Engine engine = Engines.open(EngineChoice.inMemory())) {
      int port = Integer.parseInt(engine.address().substring("127.0.0.1:".length()));
      for (InetAddress address : outside) {
        try (Socket socket = new Socket()) {
          assertThatThrownBy(() -> socket.connect(new InetSocketAddress(address, port), 500))
              .as("connecting from outside, at %s", address)
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void twoInMemoryEnginesHaveIdentitiesAndPortsOfTheirOwn() {
    try (Engine one = Engines.open(EngineChoice.inMemory());
        Engine two = Engines.open(EngineChoice.inMemory())) {
      assertThat(one.id()).isNotEqualTo(two.id());
      assertThat(one.address()).isNotEqualTo(two.address());
    }
  }

  @Test
  void anAddressIsUsedBeforeAnythingElse() {
    try (Engine server = Engines.open(EngineChoice.inMemory());
        Engine connected =
            Engines.open(
                new EngineChoice(
                    EngineChoice.Kind.AUTO, Optional.of(server.address()), Map.of()))) {
      assertThat(connected.kind()).isEqualTo(Engine.Kind.EXTERNAL);
      assertThat(connected.address()).isEqualTo(server.address());
      assertThat(connected.endsWithProcess()).isFalse();
    }
  }

  @Test
  void theEnvironmentConfiguresTheAddressAndTheNamespace() {
    try (Engine server = Engines.open(EngineChoice.inMemory());
        Engine connected =
            Engines.open(
                new EngineChoice(
                    EngineChoice.Kind.AUTO,
                    Optional.empty(),
                    Map.of("TEMPORAL_ADDRESS", server.address())))) {
      assertThat(connected.kind()).isEqualTo(Engine.Kind.EXTERNAL);
      assertThat(connected.namespace()).isEqualTo("default");
    }
  }

  @Test
  void aConfigurationFileIsRead(@TempDir Path folder) throws IOException {
    try (Engine server = Engines.open(EngineChoice.inMemory())) {
      Path file = folder.resolve("temporal.toml");
      Files.writeString(file, "[profile.default]\naddress = \"" + server.address() + "\"\n");
      try (Engine connected =
          Engines.open(
              new EngineChoice(
                  EngineChoice.Kind.AUTO,
                  Optional.empty(),
                  Map.of("TEMPORAL_CONFIG_FILE", file.toString())))) {
        assertThat(connected.address()).isEqualTo(server.address());
      }
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNamedWithWhatToDo() throws IOException {
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    String address = "127.0.0.1:" + closedPort;

    assertThatThrownBy(() -> Engines.open(EngineChoice.at(address)))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("No Temporal server answers at " + address)
        .hasMessageContaining("--engine in-memory");
  }

  @Test
  void anExternalEngineWithoutAddressSaysWhereToConfigureOne() {
    assertThatThrownBy(
            () ->
                Engines.open(
                    new EngineChoice(
                        EngineChoice.Kind.EXTERNAL,
                        Optional.empty(),
                        Map.of("TEMPORAL_CONFIG_FILE", "no-such-file.toml"))))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("--address");
  }
}

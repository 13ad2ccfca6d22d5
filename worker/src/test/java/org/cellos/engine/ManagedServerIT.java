package org.cellos.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.TemporalServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server that commands start, share and stop. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ManagedServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private final List<Process> processes = new ArrayList<>();
  private final Set<Path> databases = new HashSet<>();
  private Path database;

  @BeforeEach
  void requireCli() {
    TemporalServer.cli();
    database = folder.resolve("temporal.db");
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    databases.forEach(file -> noted(file).ifPresent(ServerProcess::stop));
  }

  @Test
  void twoProcessesShareOneServerAndTheLastStopsIt() throws Exception {
    User one = use(database);
    User two = use(database);
    ServerProcess server = noted(database).orElseThrow();

    assertThat(two.said()).isEqualTo(one.said()).contains(server.address());
    one.leave();
    assertThat(server.isAlive()).isTrue();
    two.leave();
    assertThat(server.isAlive()).isFalse();
    assertThat(noted(database)).isEmpty();
  }

  @Test
  void anOrphanIsTakenOverAndStopped() throws Exception {
    User killed = use(database);
    ServerProcess server = noted(database).orElseThrow();
    killed.process().destroyForcibly().waitFor();
    assertThat(server.isAlive()).isTrue();

    User next = use(database);

    assertThat(next.said()).isEqualTo(killed.said());
    assertThat(noted(database)).contains(server);
    next.leave();
    assertThat(server.isAlive()).isFalse();
  }

  @Test
  void aKilledServerIsStartedAgainOnItsPortWithItsData() throws Exception {
    User user = use(database);
    ServerProcess server = noted(database).orElseThrow();

    ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();

    await()
        .atMost(PATIENCE)
        .until(() -> noted(database).filter(now -> now.pid() != server.pid()).isPresent());
    assertThat(noted(database).orElseThrow().port()).isEqualTo(server.port());
    assertThat(noted(database).orElseThrow().uiPort()).isEqualTo(server.uiPort());
    assertThat(use(database).said()).as("the same namespace").isEqualTo(user.said());
  }

  @Test
  void whoComesWhileItIsDownStartsItWhereTheOthersKnowIt() throws Exception {
    User user = use(database);
    ServerProcess server = noted(database).orElseThrow();
    // It would start it again too.
    signal("STOP", user.process());
    kill(server);

    User next = use(database);

    assertThat(next.said()).isEqualTo(user.said());
    signal("CONT", user.process());
    next.leave();
    assertThat(noted(database)).isPresent();
    user.leave();
    assertThat(noted(database)).isEmpty();
  }

  @Test
  void itComesUpAgainThoughThePortOfItsWebUiIsTaken() throws Exception {
    User user = use(database);
    ServerProcess server = noted(database).orElseThrow();
    signal("STOP", user.process());
    kill(server);
    try (ServerSocket taken =
        new ServerSocket(server.uiPort(), 1, InetAddress.getLoopbackAddress())) {
      signal("CONT", user.process());

      await()
          .atMost(PATIENCE)
          .until(() -> noted(database).filter(now -> now.pid() != server.pid()).isPresent());
      assertThat(use(database).said()).isEqualTo(user.said());
      assertThat(noted(database).orElseThrow().uiPort()).isNotEqualTo(taken.getLocalPort());
    }
  }

  private static void signal(String name, Process process) throws Exception {
    String pid = String.valueOf(process.pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static void kill(ServerProcess server) {
    ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
    await().atMost(PATIENCE).until(() -> !server.isAlive());
  }

  @Test
  void aCtrlCIsNotForTheServer() throws Exception {
    Path setsid = TemporalCli.onPath("setsid", System.getenv()).orElse(null);
    Assumptions.assumeTrue(setsid != null, "no setsid to make a process group with");
    // A build in the background of a shell is started with Ctrl-C ignored, and hands that on.
    User user = use(database, List.of(setsid.toString(), "env", "--default-signal=INT"));
    ServerProcess server = noted(database).orElseThrow();

    // As a terminal does it: to all processes of the group.
    assertThat(
            new ProcessBuilder("kill", "-INT", "--", "-" + user.process().pid()).start().waitFor())
        .isZero();

    assertThat(user.process().waitFor()).isNotZero();
    assertThat(server.isAlive()).isTrue();
    User next = use(database);
    assertThat(next.said()).isEqualTo(user.said());
  }

  @Test
  void foldersHaveServersOfTheirOwn() throws Exception {
    Path other = folder.resolve("other").resolve("temporal.db");
    // At once: both want the usual port, and one of them must find another.
    Process first = start(database, List.of(), Optional.empty());
    Process second = start(other, List.of(), Optional.empty());
    User one = User.of(first);
    User two = User.of(second);

    assertThat(one.said()).startsWith("uses 127.0.0.1:");
    assertThat(two.said()).startsWith("uses 127.0.0.1:");
    assertThat(one.said().split(" ", -1)[1]).isNotEqualTo(two.said().split(" ", -1)[1]);
    assertThat(one.said().split(" ", -1)[2])
        .as("namespace")
        .isNotEqualTo(two.said().split(" ", -1)[2]);
    one.leave();
    assertThat(noted(database)).isEmpty();
    assertThat(noted(other).orElseThrow().isAlive()).isTrue();
  }

  @Test
  void aTakenPortIsRefusedWithOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Process process = start(database, List.of(), Optional.of(taken.getLocalPort()));

      assertThat(User.of(process).said())
          .startsWith("refused Something else listens on port " + taken.getLocalPort())
          .endsWith("Give another --engine-port, or leave it out.");
    }
    assertThat(noted(database)).isEmpty();
  }

  @Test
  void aBrokenCommandIsNamedInOneSentence() throws Exception {
    EngineChoice missing = choice(Map.of(TemporalCli.VARIABLE, folder.resolve("no").toString()));
    assertThatThrownBy(() -> Engines.open(missing))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("CELLOS_TEMPORAL_CLI is " + folder.resolve("no"))
        .hasMessageContaining("which is not a program");

    Path broken =
        Files.writeString(folder.resolve("broken"), "#!/bin/sh\necho no licence; exit 3\n");
    assertThat(broken.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(() -> Engines.open(choice(Map.of(TemporalCli.VARIABLE, broken.toString()))))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageContaining("has ended (")
        .hasMessageContaining("no licence")
        .hasMessageContaining("--engine in-memory");

    Path noProgram = Files.writeString(folder.resolve("no-program"), "neither this nor that");
    assertThat(noProgram.toFile().setExecutable(true)).isTrue();
    assertThatThrownBy(
            () -> Engines.open(choice(Map.of(TemporalCli.VARIABLE, noProgram.toString()))))
        .isInstanceOf(EngineUnavailableException.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theNamespaceKeepsHistoriesForAMonthAndHasTheSearchAttributes() {
    try (Engine engine = Engines.open(choice(System.getenv()))) {
      databases.add(database);
      DescribeNamespaceResponse described =
          engine
              .stubs()
              .blockingStub()
              .describeNamespace(
                  DescribeNamespaceRequest.newBuilder().setNamespace(engine.namespace()).build());

      assertThat(described.getConfig().getWorkflowExecutionRetentionTtl().getSeconds())
          .isEqualTo(Duration.ofDays(30).toSeconds());
      assertThat(SearchAttributes.registered(engine.stubs(), engine.namespace()))
          .containsExactlyInAnyOrderElementsOf(SearchAttributes.ALL);
    }
  }

  @Test
  void everythingListensOnTheLoopbackAddressOnly() throws Exception {
    Assumptions.assumeTrue(
        Files.isReadable(Path.of("/proc/self/net/tcp")), "no /proc to see sockets in");
    use(database);
    ServerProcess server = noted(database).orElseThrow();
    Set<String> sockets = sockets(server.pid());

    List<String> addresses = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line :
          Files.readAllLines(Path.of("/proc", String.valueOf(server.pid()), "net", table))) {
        String[] columns = line.strip().split("\\s+", -1);
        // 0A: it listens.
        if (columns[3].equals("0A") && sockets.contains("socket:[" + columns[9] + "]")) {
          addresses.add(columns[1].split(":", -1)[0]);
        }
      }
    }
    // Service, Web UI, metrics, HTTP, and what its parts talk to each other with.
    assertThat(addresses).hasSizeGreaterThanOrEqualTo(4).containsOnly("0100007F");
  }

  private static Set<String> sockets(long pid) throws Exception {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      for (Path file : open.toList()) {
        try {
          sockets.add(Files.readSymbolicLink(file).toString());
        } catch (java.nio.file.NoSuchFileException e) {
          // Closed meanwhile.
        }
      }
    }
    return sockets;
  }

  private EngineChoice choice(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.putIfAbsent("PATH", System.getenv("PATH"));
    return new EngineChoice(EngineChoice.Kind.MANAGED, Optional.empty(), all, database, null);
  }

  private static Optional<ServerProcess> noted(Path database) {
    return ServerProcess.read(
        database.resolveSibling(database.getFileName() + "-server").resolve("server.properties"));
  }

  /**
   * A process that uses a server.
   *
   * @param said its first line: the address and the namespace, or why there is none
   */
  private record User(Process process, BufferedReader output, String said) {
    static User of(Process process) throws Exception {
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      return new User(process, output, String.valueOf(output.readLine()));
    }

    void leave() throws Exception {
      process.outputWriter(StandardCharsets.UTF_8).close();
      assertThat(output.readLine()).isEqualTo("left");
      assertThat(process.waitFor()).isZero();
    }
  }

  private User use(Path file) throws Exception {
    return use(file, List.of());
  }

  private User use(Path file, List<String> before) throws Exception {
    User user = User.of(start(file, before, Optional.empty()));
    assertThat(user.said()).startsWith("uses 127.0.0.1:");
    return user;
  }

  private Process start(Path file, List<String> before, Optional<Integer> port) throws Exception {
    databases.add(file);
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(EngineUser.class.getName(), file.toString()));
    port.ifPresent(number -> command.add(String.valueOf(number)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put(TemporalCli.VARIABLE, TemporalServer.cli().toString());
    Process process = builder.start();
    processes.add(process);
    return process;
  }
}

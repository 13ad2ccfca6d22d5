package org.cellos.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A Temporal server in a process of its own, which outlives the one that started it; what other
 * processes need to find it is kept in a file.
 *
 * @param pid of the process
 * @param startedAt when the system says that the process began: a process id alone may be used
 *     again; null where the system does not say
 * @param port of the service, on the loopback address
 * @param uiPort of the Web UI, on the loopback address
 */
record ServerProcess(long pid, @Nullable Instant startedAt, int port, int uiPort) {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /**
   * Measured on two cores: with the defaults, which allow 20 polls a second, a step costs 100 ms
   * more than with these.
   */
  private static final List<String> DYNAMIC_CONFIGURATION =
      List.of(
          "history.transferProcessorMaxPollRPS=2000",
          "history.timerProcessorMaxPollRPS=2000",
          "history.visibilityProcessorMaxPollRPS=2000",
          "system.enableActivityEagerExecution=true",
          "matching.numTaskqueueReadPartitions=1",
          "matching.numTaskqueueWritePartitions=1");

  /** What is acknowledged must be on the disk. */
  private static final List<String> PRAGMAS = List.of("journal_mode=WAL", "synchronous=FULL");

  /**
   * Starts a server; it may take seconds until it answers.
   *
   * @param cli the {@code temporal} command
   * @param database the server's own, made where it is missing
   * @param log takes what it says
   */
  static ServerProcess start(
      Path cli, Map<String, String> environment, Path database, Path log, int port, int uiPort)
      throws IOException {
    List<String> command = new ArrayList<>(ownGroup(environment));
    command.addAll(List.of(cli.toString(), "server", "start-dev", "--ip", InMemoryServer.LOOPBACK));
    command.addAll(List.of("--port", String.valueOf(port), "--ui-port", String.valueOf(uiPort)));
    command.addAll(List.of("--db-filename", database.toString(), "--log-level", "warn"));
    DYNAMIC_CONFIGURATION.forEach(
        setting -> command.addAll(List.of("--dynamic-config-value", setting)));
    PRAGMAS.forEach(pragma -> command.addAll(List.of("--sqlite-pragma", pragma)));
    SearchAttributes.ALL.forEach(
        attribute -> command.addAll(List.of("--search-attribute", attribute + "=Keyword")));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // The client's configuration is not the server's.
    builder.environment().keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    // A quarter less processor time on two cores, measured.
    builder.environment().put("GOMAXPROCS", "1");
    Process process = builder.start();
    return new ServerProcess(
        process.pid(), process.info().startInstant().orElse(null), port, uiPort);
  }

  /** A Ctrl-C or a closed terminal is meant for the command, not for the server. */
  private static List<String> ownGroup(Map<String, String> environment) {
    Optional<Path> setsid = TemporalCli.onPath("setsid", environment);
    if (setsid.isPresent()) {
      return List.of(setsid.get().toString());
    }
    return TemporalCli.onPath("perl", environment)
        .map(perl -> List.of(perl.toString(), "-e", "use POSIX; POSIX::setsid(); exec @ARGV"))
        .orElse(List.of());
  }

  static Optional<ServerProcess> read(Path file) {
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
      String startedAt = properties.getProperty("startedAt", "");
      return Optional.of(
          new ServerProcess(
              Long.parseLong(properties.getProperty("pid")),
              startedAt.isEmpty() ? null : Instant.parse(startedAt),
              Integer.parseInt(properties.getProperty("port")),
              Integer.parseInt(properties.getProperty("uiPort"))));
    } catch (IOException | RuntimeException e) {
      // Missing, or from a machine that lost its power: the process is not there either.
      return Optional.empty();
    }
  }

  /** The server of a database among all processes of this user, known by how it was started. */
  static Optional<ServerProcess> find(Path database) {
    return ProcessHandle.allProcesses()
        .flatMap(process -> of(process, database).stream())
        .filter(ServerProcess::isAlive)
        .findFirst();
  }

  private static Optional<ServerProcess> of(ProcessHandle process, Path database) {
    List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
    if (!arguments.contains("start-dev")
        || !after("--db-filename", arguments).equals(Optional.of(database.toString()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ServerProcess(
              process.pid(),
              process.info().startInstant().orElse(null),
              Integer.parseInt(after("--port", arguments).orElseThrow()),
              Integer.parseInt(after("--ui-port", arguments).orElseThrow())));
    } catch (NumberFormatException | NoSuchElementException e) {
      // Somebody has started it by hand.
      return Optional.empty();
    }
  }

  private static Optional<String> after(String option, List<String> arguments) {
    int at = arguments.indexOf(option);
    return at < 0 || at + 1 == arguments.size()
        ? Optional.empty()
        : Optional.of(arguments.get(at + 1));
  }

  void write(Path file) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("pid", String.valueOf(pid));
    properties.setProperty("startedAt", startedAt == null ? "" : startedAt.toString());
    properties.setProperty("port", String.valueOf(port));
    properties.setProperty("uiPort", String.valueOf(uiPort));
    Path written = file.resolveSibling(file.getFileName() + ".new");
    try (OutputStream out = Files.newOutputStream(written)) {
      properties.store(out, "The Temporal server that cellos started");
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  boolean isAlive() {
    return handle().isPresent();
  }

  String address() {
    return InMemoryServer.LOOPBACK + ":" + port;
  }

  String webUi() {
    return "http://" + InMemoryServer.LOOPBACK + ":" + uiPort;
  }

  /** Lets it end in order, and by force where it does not. */
  void stop() {
    handle()
        .ifPresent(
            process -> {
              process.destroy();
              if (!hasEnded(process)) {
                process.destroyForcibly();
                hasEnded(process);
              }
            });
  }

  private static boolean hasEnded(ProcessHandle process) {
    try {
      process.onExit().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return isZombie(process.pid());
    } catch (ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<ProcessHandle> handle() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                startedAt == null
                    || process.info().startInstant().map(startedAt::equals).orElse(true))
        .filter(process -> !isZombie(pid));
  }

  /** Dead, but nobody has asked how it ended: Java takes it for alive. */
  private static boolean isZombie(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc", String.valueOf(pid), "stat"), StandardCharsets.UTF_8);
      return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
    } catch (IOException e) {
      // No such file system here, or it has ended meanwhile.
      return false;
    }
  }
}

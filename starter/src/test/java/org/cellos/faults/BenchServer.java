package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** The managed Temporal server of a bench, past the program that started it. */
record BenchServer(Path database) {
  private static final Duration BETWEEN_KILLS = Duration.ofMillis(50);

  /** What the program has noted of a server. */
  record Noted(long pid, String startedAt, int port, int uiPort) {
    /** The process, unless it has ended and its number is another's now. */
    Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(
              process ->
                  startedAt.isEmpty()
                      || process
                          .info()
                          .startInstant()
                          .map(Instant.parse(startedAt)::equals)
                          .orElse(true));
    }

    String address() {
      return "127.0.0.1:" + port;
    }
  }

  Optional<Noted> noted() {
    Path file = database.resolveSibling(database.getFileName() + "-server/server.properties");
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
      return Optional.of(
          new Noted(
              Long.parseLong(properties.getProperty("pid")),
              properties.getProperty("startedAt", ""),
              Integer.parseInt(properties.getProperty("port")),
              Integer.parseInt(properties.getProperty("uiPort"))));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  String address() {
    return noted().orElseThrow().address();
  }

  boolean isAlive() {
    return noted().flatMap(Noted::process).isPresent();
  }

  /** Sends a signal to the server alone. */
  void signal(String name) throws IOException, InterruptedException {
    long pid = noted().flatMap(Noted::process).orElseThrow().pid();
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  /** Kills it, and each one that is started in its place, for a while. */
  void keepDead(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    while (System.nanoTime() < end) {
      kill();
      TimeUnit.MILLISECONDS.sleep(BETWEEN_KILLS.toMillis());
    }
  }

  /** As {@code kill -9} would; does nothing where none lives. */
  void kill() {
    noted().flatMap(Noted::process).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Removes all that a dead server knew. */
  void deleteFiles() throws IOException {
    assertThat(isAlive()).isFalse();
    unlink();
  }

  /** Kills it, and leaves nothing of what it knew to the one that is started in its place. */
  void killAndForget() throws IOException {
    // What it still writes goes to files that nobody can open any more.
    unlink();
    kill();
  }

  private void unlink() throws IOException {
    for (String end : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(database.resolveSibling(database.getFileName() + end));
    }
  }

  /** Gives a {@code temporal} command, without quotes, to this server. */
  Bench.Result temporal(String command) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(BenchEngine.cli().toString()));
    line.addAll(List.of(command.split(" ", -1)));
    line.addAll(List.of("--address", address()));
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Bench.Result(process.waitFor(), said, said);
  }
}

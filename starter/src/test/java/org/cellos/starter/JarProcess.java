package org.cellos.starter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real jar in a process of its own; closing it ends the process. */
public final class JarProcess implements AutoCloseable {
  public static final Path JAR = Path.of("target", "cellos.jar").toAbsolutePath();
  public static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final long DEADLINE_SECONDS = 120;

  private final Process process;
  private final Path out;
  private final Path err;

  private JarProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param outputs a folder for what it prints, apart from its working directory
   */
  static JarProcess start(
      Path folder, Path outputs, Map<String, String> environment, String command)
      throws IOException {
    return start(folder, outputs, environment, List.of("-jar", JAR.toString()), command);
  }

  /**
   * @param java what stands before the command: options, and the jar or the main class
   */
  public static JarProcess start(
      Path folder, Path outputs, Map<String, String> environment, List<String> java, String command)
      throws IOException {
    List<String> line = new ArrayList<>(List.of(JAVA));
    line.addAll(java);
    line.addAll(List.of(command.split(" ", -1)));
    Path out = Files.createTempFile(outputs, "out", "");
    Path err = Files.createTempFile(outputs, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(CELLOS|TEMPORAL)_.*"));
    builder.environment().putAll(environment);
    return new JarProcess(builder.start(), out, err);
  }

  public long pid() {
    return process.pid();
  }

  /** Sends a signal: {@code INT}, {@code TERM}, {@code KILL}, {@code STOP} or {@code CONT}. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  public int exitCode() throws InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + err);
    }
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Whether a signal has stopped all of its threads, and none was continued. */
  public boolean standsStill() throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid()), "task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (!stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("T")) {
          return false;
        }
      }
      return true;
    } catch (NoSuchFileException e) {
      // A thread has ended while this looked.
      return false;
    }
  }

  public String out() throws IOException {
    return Files.readString(out);
  }

  public String err() throws IOException {
    return Files.readString(err);
  }

  /** All of the output as one document. */
  public JsonNode json() throws IOException {
    return TestTerminal.ONE_DOCUMENT.readTree(out());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Waits until a process that was ended is gone. */
  public void awaitEnd() {
    process.onExit().join();
  }
}

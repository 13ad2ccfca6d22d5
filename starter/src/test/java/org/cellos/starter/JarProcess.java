package org.cellos.starter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real jar in a process of its own; closing it ends the process. */
final class JarProcess implements AutoCloseable {
  static final Path JAR = Path.of("target", "cellos.jar").toAbsolutePath();
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

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
    List<String> line = new ArrayList<>(List.of(JAVA, "-jar", JAR.toString()));
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

  /** Sends a signal: {@code INT}, {@code TERM} or {@code KILL}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + err);
    }
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String out() throws IOException {
    return Files.readString(out);
  }

  String err() throws IOException {
    return Files.readString(err);
  }

  /** All of the output as one document. */
  JsonNode json() throws IOException {
    return TestTerminal.ONE_DOCUMENT.readTree(out());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package org.cellos.starter;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Calls the command line as a person in a folder would, on the in-memory engine. */
public final class TestTerminal {
  public static final ObjectMapper ONE_DOCUMENT =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path folder;
  private final Map<String, String> environment;

  private TestTerminal(Path folder, Map<String, String> environment) {
    this.folder = folder;
    this.environment = environment;
  }

  public static TestTerminal in(Path folder) {
    return new TestTerminal(folder, Map.of("CELLOS_ENGINE", "in-memory"));
  }

  public TestTerminal with(String variable, Object value) {
    Map<String, String> more = new HashMap<>(environment);
    more.put(variable, String.valueOf(value));
    return new TestTerminal(folder, more);
  }

  /** A command as one would type it, without quotes. */
  public Result cellos(String command) {
    return cellos(command.split(" "));
  }

  public Result cellos(String... arguments) {
    return cellos(new ByteArrayOutputStream(), arguments);
  }

  /** A command that goes on while others are given. */
  Running begin(String command) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    return new Running(
        CompletableFuture.supplyAsync(() -> cellos(err, command.split(" "))),
        () -> err.toString(StandardCharsets.UTF_8));
  }

  /**
   * A command under way.
   *
   * @param end what it leaves
   * @param said what it has said so far beside its output
   */
  record Running(CompletableFuture<Result> end, Supplier<String> said) {}

  private Result cellos(ByteArrayOutputStream err, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exitCode =
        Cli.run(new Terminal(stream(out), stream(err), false, environment, folder), arguments);
    return new Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Path write(String file, String... lines) {
    try {
      return Files.write(folder.resolve(file), List.of(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files in the folder, however deep. */
  List<String> files() {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !path.equals(folder))
          .map(path -> folder.relativize(path).toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** What a command has left. */
  public record Result(int exitCode, String out, String err) {

    /** All of the output as one document. */
    public JsonNode json() {
      try {
        return ONE_DOCUMENT.readTree(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out + err, e);
      }
    }

    /** The message, without the lines that name the engine and the execution. */
    String message() {
      return err.lines()
          .filter(line -> !line.startsWith("Engine: ") && !line.startsWith("Execution: "))
          .toList()
          .toString();
    }
  }
}

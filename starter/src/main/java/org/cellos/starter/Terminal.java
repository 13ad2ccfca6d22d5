package org.cellos.starter;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command reads and writes, so that tests can call it like a function.
 *
 * @param out results
 * @param err everything else: progress, messages, errors
 * @param interactive whether a person watches {@code err}
 * @param environment the process's variables
 * @param workingDirectory against which relative paths are resolved
 */
public record Terminal(
    PrintStream out,
    PrintStream err,
    boolean interactive,
    Map<String, String> environment,
    Path workingDirectory) {

  public Terminal {
    environment = Map.copyOf(environment);
  }

  /** A variable that is set to nothing counts as not set. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  public static Terminal ofProcess() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        isWatched(),
        System.getenv(),
        Path.of(""));
  }

  /** From Java 22 on there is a console in a pipe too, and it must be asked. */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isWatched() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}

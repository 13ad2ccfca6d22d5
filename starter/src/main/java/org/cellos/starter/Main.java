package org.cellos.starter;

import java.util.logging.LogManager;

/** Entry point of {@code cellos.jar}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // gRPC logs through java.util.logging, which would print stack traces among our messages.
    LogManager.getLogManager().reset();
    System.exit(Cli.run(Terminal.ofProcess(), args));
  }
}

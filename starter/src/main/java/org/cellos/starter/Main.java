package org.cellos.starter;

/** Entry point of {@code cellos.jar}. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(Terminal.ofProcess(), args));
  }
}

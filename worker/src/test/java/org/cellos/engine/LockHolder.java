package org.cellos.engine;

import java.nio.file.Path;

/** Holds an engine's lock until it is killed; started by tests as a process of its own. */
final class LockHolder {
  private LockHolder() {}

  /**
   * @param arguments folder, engine
   */
  public static void main(String[] arguments) throws Exception {
    EngineLocks.Held held = new EngineLocks(Path.of(arguments[0])).hold(arguments[1]);
    System.out.println("holds " + arguments[1]);
    // Until the test closes the other end, or kills this.
    while (System.in.read() >= 0) {}
    held.close();
  }
}

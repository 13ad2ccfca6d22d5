package org.cellos.engine;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Uses a managed server until it is told to leave or killed; started by tests as a process. */
final class EngineUser {
  private EngineUser() {}

  /**
   * @param arguments the database and, where one is wanted, the port
   */
  public static void main(String[] arguments) throws Exception {
    @Nullable Integer port = arguments.length > 1 ? Integer.valueOf(arguments[1]) : null;
    EngineChoice choice =
        new EngineChoice(
            EngineChoice.Kind.MANAGED,
            Optional.empty(),
            System.getenv(),
            Path.of(arguments[0]),
            port);
    try (Engine engine = Engines.open(choice)) {
      System.out.println("uses " + engine.address() + " " + engine.id());
      // Until the test closes the other end, or kills this.
      while (System.in.read() >= 0) {}
    } catch (EngineUnavailableException e) {
      System.out.println("refused " + e.getMessage());
    }
    System.out.println("left");
  }
}

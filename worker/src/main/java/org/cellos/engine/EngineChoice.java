package org.cellos.engine;

import java.util.Map;
import java.util.Optional;

/**
 * Which Temporal the user wants.
 *
 * @param kind how to find it
 * @param address {@code host:port}, which makes it external
 * @param environment where {@code TEMPORAL_*} variables are looked up
 */
public record EngineChoice(Kind kind, Optional<String> address, Map<String, String> environment) {

  /** How an engine is found. */
  public enum Kind {
    /** The first that there is: a configured one, one on the usual local port, in memory. */
    AUTO,
    /** Inside this process. */
    IN_MEMORY,
    /** A local server that this program starts and stops. */
    MANAGED,
    /** The configured one, or none. */
    EXTERNAL
  }

  public EngineChoice {
    environment = Map.copyOf(environment);
  }

  public static EngineChoice auto() {
    return new EngineChoice(Kind.AUTO, Optional.empty(), System.getenv());
  }

  public static EngineChoice inMemory() {
    return new EngineChoice(Kind.IN_MEMORY, Optional.empty(), Map.of());
  }

  public static EngineChoice at(String address) {
    return new EngineChoice(Kind.EXTERNAL, Optional.of(address), System.getenv());
  }
}

package org.cellos.engine;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which Temporal the user wants.
 *
 * @param kind how to find it
 * @param address {@code host:port}, which makes it external
 * @param environment where {@code TEMPORAL_*}, {@code CELLOS_TEMPORAL_CLI} and {@code PATH} are
 *     looked up
 * @param managedDatabase the database of a managed server; null for none of one's own choice
 * @param managedPort the port of a managed server; null for the usual one, or another where that is
 *     taken
 */
public record EngineChoice(
    Kind kind,
    Optional<String> address,
    Map<String, String> environment,
    @Nullable Path managedDatabase,
    @Nullable Integer managedPort) {

  /** How an engine is found. */
  public enum Kind {
    /**
     * The first that there is: a configured one, one on the usual local port, a managed one where
     * the {@code temporal} command is installed, in memory.
     */
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

  public EngineChoice(Kind kind, Optional<String> address, Map<String, String> environment) {
    this(kind, address, environment, null, null);
  }

  public static EngineChoice auto() {
    return new EngineChoice(Kind.AUTO, Optional.empty(), System.getenv());
  }

  public static EngineChoice inMemory() {
    return new EngineChoice(Kind.IN_MEMORY, Optional.empty(), Map.of());
  }

  /**
   * A server that this program starts.
   *
   * @param database the server's own; made where it is missing
   */
  public static EngineChoice managed(Path database) {
    return new EngineChoice(Kind.MANAGED, Optional.empty(), System.getenv(), database, null);
  }

  /** A managed server for this database, whatever else there is. */
  public EngineChoice managedIn(Path database) {
    return new EngineChoice(Kind.MANAGED, Optional.empty(), environment, database, managedPort);
  }

  /** The server at this address, with the credentials of the environment. */
  public EngineChoice at(String otherAddress, String namespace) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("TEMPORAL_NAMESPACE", namespace);
    return new EngineChoice(
        Kind.EXTERNAL, Optional.of(otherAddress), variables, managedDatabase, managedPort);
  }

  /** The same, with this database for a managed server unless another was chosen. */
  public EngineChoice orManagedIn(Path database) {
    return managedDatabase != null
        ? this
        : new EngineChoice(kind, address, environment, database, managedPort);
  }

  public static EngineChoice at(String address) {
    return new EngineChoice(Kind.EXTERNAL, Optional.of(address), System.getenv());
  }
}

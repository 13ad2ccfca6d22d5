package org.cellos.domain;

/**
 * Which Temporal holds an execution. Stored with it, so that no process touches executions of an
 * engine that is not its own.
 *
 * @param kind how the engine was found
 * @param id the namespace's UUID, or for the in-memory engine a UUID of the process
 * @param address host and port; of a managed server the file of its database
 * @param namespace the Temporal namespace
 */
public record EngineIdentity(Kind kind, String id, String address, String namespace) {

  /** How an engine was found. */
  public enum Kind {
    /** Named by the user: a cluster or Temporal Cloud. */
    EXTERNAL,
    /** Found on this machine's usual port. */
    LOCAL,
    /** Started by this program, for one database file. */
    MANAGED,
    /** Inside this process; forgets when it ends. */
    IN_MEMORY
  }
}

package org.cellos.engine;

import io.grpc.ConnectivityState;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.concurrent.TimeUnit;

/** A connection to one namespace of one Temporal. Thread-safe. Closing it ends the connection. */
public final class Engine implements AutoCloseable {

  /** How an engine was found. */
  public enum Kind {
    EXTERNAL,
    LOCAL,
    IN_MEMORY
  }

  private final Kind kind;
  private final String id;
  private final String address;
  private final String namespace;
  private final WorkflowServiceStubs stubs;
  private final boolean isHost;
  private final Runnable stopServer;

  Engine(
      Kind kind,
      String id,
      String address,
      String namespace,
      WorkflowServiceStubs stubs,
      boolean isHost,
      Runnable stopServer) {
    this.kind = kind;
    this.id = id;
    this.address = address;
    this.namespace = namespace;
    this.stubs = stubs;
    this.isHost = isHost;
    this.stopServer = stopServer;
  }

  public Kind kind() {
    return kind;
  }

  /** The namespace's UUID, or for the in-memory engine a UUID of this process. */
  public String id() {
    return id;
  }

  /** Host and port. */
  public String address() {
    return address;
  }

  public String namespace() {
    return namespace;
  }

  public WorkflowServiceStubs stubs() {
    return stubs;
  }

  /** Whether the server ends when this process does. */
  public boolean endsWithProcess() {
    return isHost;
  }

  /** False from when a call could not reach the server until one does again. */
  public boolean answers() {
    return stubs.getRawChannel().getState(false) != ConnectivityState.TRANSIENT_FAILURE;
  }

  /** One line for people, said at the start. */
  public String description() {
    return switch (kind) {
      case EXTERNAL -> "Temporal at " + address + ", namespace " + namespace;
      case LOCAL -> "the Temporal server found at " + address + ", namespace " + namespace;
      case IN_MEMORY ->
          isHost
              ? "Temporal in memory, inside this command"
              : "Temporal in memory, inside the process that performs the execution";
    };
  }

  @Override
  public void close() {
    stubs.shutdownNow();
    stubs.awaitTermination(2, TimeUnit.SECONDS);
    stopServer.run();
  }
}

package org.cellos.engine;

import io.grpc.ConnectivityState;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to one namespace of one Temporal. Thread-safe. Closing it ends the connection. */
public final class Engine implements AutoCloseable {

  /** How an engine was found. */
  public enum Kind {
    EXTERNAL,
    LOCAL,
    MANAGED,
    IN_MEMORY
  }

  private final Kind kind;
  private final String id;
  private final String address;
  private final String namespace;
  private final WorkflowServiceStubs stubs;
  private final boolean isHost;
  private final @Nullable ManagedServer managed;
  private final Runnable stopServer;

  Engine(
      Kind kind,
      String id,
      String address,
      String namespace,
      WorkflowServiceStubs stubs,
      boolean isHost,
      @Nullable ManagedServer managed,
      Runnable stopServer) {
    this.kind = kind;
    this.id = id;
    this.address = address;
    this.namespace = namespace;
    this.stubs = stubs;
    this.isHost = isHost;
    this.managed = managed;
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

  /**
   * Where to find the engine again: host and port, or the database of a managed server, whose port
   * may change.
   */
  public String home() {
    return managed == null ? address : managed.database().toString();
  }

  public String namespace() {
    return namespace;
  }

  public WorkflowServiceStubs stubs() {
    return stubs;
  }

  /** Whether the server is a part of this process. */
  public boolean endsWithProcess() {
    return isHost;
  }

  /** Whether the server goes on when this process ends. */
  public boolean outlivesProcess() {
    return managed == null ? !isHost : managed.hasOtherUsers();
  }

  /** Where people can look into it; empty where that is not known. */
  public Optional<String> webUi() {
    return Optional.ofNullable(managed).map(server -> server.server().webUi());
  }

  /**
   * Which of {@link SearchAttributes#ALL} the namespace has: a start with another would be refused.
   * Where the server does not say, none.
   */
  public Set<String> searchAttributes() {
    return switch (kind) {
      case MANAGED -> Set.copyOf(SearchAttributes.ALL);
      case IN_MEMORY -> Set.of();
      case EXTERNAL, LOCAL -> SearchAttributes.registered(stubs, namespace);
    };
  }

  /**
   * Whether what answers at the address is still this engine, and not another that has taken its
   * port.
   *
   * @throws io.grpc.StatusRuntimeException if nothing answers
   */
  public boolean isItself() {
    return kind == Kind.IN_MEMORY || Engines.namespaceId(stubs, namespace).equals(id);
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
      case MANAGED ->
          "a Temporal server for "
              + home()
              + ", at "
              + address
              + webUi().map(ui -> "; Temporal Web UI: " + ui).orElse("");
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

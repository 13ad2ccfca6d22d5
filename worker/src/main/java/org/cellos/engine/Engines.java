package org.cellos.engine;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Opens the engine that the user's choice leads to. */
public final class Engines {
  private static final int USUAL_PORT = ManagedServer.USUAL_PORT;
  private static final int PROBE_MILLIS = 300;
  private static final int CONNECT_SECONDS = 5;
  private static final String DEFAULT_NAMESPACE = "default";

  private Engines() {}

  /**
   * Configured address first, then a server on the usual local port, then a managed one where the
   * {@code temporal} command is installed, then in memory.
   *
   * @throws EngineUnavailableException if what was asked for cannot be had
   */
  public static Engine open(EngineChoice choice) {
    return switch (choice.kind()) {
      case IN_MEMORY -> inMemory();
      case MANAGED ->
          managed(choice)
              .orElseThrow(
                  () ->
                      new EngineUnavailableException(
                          "The 'temporal' command is not installed: it is neither on the PATH nor"
                              + " named by "
                              + TemporalCli.VARIABLE
                              + ". Install it, or use --engine in-memory."));
      case EXTERNAL ->
          configured(choice)
              .orElseThrow(
                  () ->
                      new EngineUnavailableException(
                          "No address of a Temporal server is configured. Give --address HOST:PORT,"
                              + " set TEMPORAL_ADDRESS, or write a temporal.toml."));
      case AUTO ->
          configured(choice)
              .or(Engines::local)
              .or(() -> managed(choice))
              .orElseGet(Engines::inMemory);
    };
  }

  /**
   * Connects to the in-memory engine of another process.
   *
   * @param engineId the engine's own id, by which its lock is found
   * @param address where it listens
   * @throws EngineUnavailableException if it does not answer
   */
  public static Engine attach(String engineId, String address) {
    Engine connected =
        connect(
            Engine.Kind.IN_MEMORY, ClientConfigProfile.newBuilder().setAddress(address).build());
    return new Engine(
        Engine.Kind.IN_MEMORY,
        engineId,
        address,
        connected.namespace(),
        connected.stubs(),
        false,
        null,
        () -> {});
  }

  private static boolean isListening(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), PROBE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Engine> configured(EngineChoice choice) {
    ClientConfigProfile profile = profile(choice);
    if (profile.getAddress() == null || profile.getAddress().isBlank()) {
      return Optional.empty();
    }
    return Optional.of(connect(Engine.Kind.EXTERNAL, profile));
  }

  private static ClientConfigProfile profile(EngineChoice choice) {
    try {
      ClientConfigProfile profile =
          ClientConfigProfile.load(
              LoadClientConfigProfileOptions.newBuilder()
                  .setEnvOverrides(choice.environment())
                  .build());
      return choice
          .address()
          .map(address -> profile.toBuilder().setAddress(address).build())
          .orElse(profile);
    } catch (IOException | RuntimeException e) {
      throw new EngineUnavailableException(
          "The Temporal configuration (TEMPORAL_* variables, temporal.toml) cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private static Optional<Engine> local() {
    String host = InMemoryServer.LOOPBACK;
    if (!isListening(host, USUAL_PORT)) {
      return Optional.empty();
    }
    try {
      Engine found =
          connect(
              Engine.Kind.LOCAL,
              ClientConfigProfile.newBuilder().setAddress(host + ":" + USUAL_PORT).build());
      if (ManagedSetup.isManaged(found)) {
        // It ends with the last command of its own history, and that may not be this one.
        found.close();
        return Optional.empty();
      }
      return Optional.of(found);
    } catch (EngineUnavailableException e) {
      // Something else listens there.
      return Optional.empty();
    }
  }

  /** Empty where the command that it needs is not installed. */
  private static Optional<Engine> managed(EngineChoice choice) {
    Path database = choice.managedDatabase();
    if (database == null) {
      return Optional.empty();
    }
    return TemporalCli.find(choice.environment())
        .map(
            cli -> {
              ManagedServer server =
                  ManagedServer.join(cli, choice.environment(), database, choice.managedPort());
              try {
                return connect(server);
              } catch (RuntimeException e) {
                server.leave();
                throw e;
              }
            });
  }

  private static Engine connect(ManagedServer server) {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server.server().address()).build());
    try {
      String id = ManagedSetup.awaitReady(server, stubs, DEFAULT_NAMESPACE);
      return new Engine(
          Engine.Kind.MANAGED,
          id,
          server.server().address(),
          DEFAULT_NAMESPACE,
          stubs,
          false,
          server,
          server::leave);
    } catch (RuntimeException e) {
      stubs.shutdownNow();
      throw e;
    }
  }

  /** Whether an address is given, in the choice or in the environment that goes with it. */
  public static boolean isConfigured(EngineChoice choice) {
    return !Optional.ofNullable(profile(choice).getAddress()).orElse("").isBlank();
  }

  /**
   * Whether a managed server would be started for this choice, which takes seconds and makes files.
   */
  public static boolean wouldStartServer(EngineChoice choice) {
    boolean mayManage =
        choice.kind() == EngineChoice.Kind.MANAGED
            || (choice.kind() == EngineChoice.Kind.AUTO
                && !isConfigured(choice)
                && !isListening(InMemoryServer.LOOPBACK, USUAL_PORT));
    Path database = choice.managedDatabase();
    return mayManage
        && database != null
        && TemporalCli.find(choice.environment()).isPresent()
        && ManagedServer.running(database).isEmpty();
  }

  /** The Web UI of the managed server of a database, where one runs. */
  public static Optional<String> webUi(Path managedDatabase) {
    return ManagedServer.running(managedDatabase).map(ServerProcess::webUi);
  }

  private static Engine connect(Engine.Kind kind, ClientConfigProfile profile) {
    String address = profile.getAddress();
    String namespace = Optional.ofNullable(profile.getNamespace()).orElse(DEFAULT_NAMESPACE);
    WorkflowServiceStubs stubs;
    try {
      stubs = WorkflowServiceStubs.newServiceStubs(profile.toWorkflowServiceStubsOptions());
    } catch (RuntimeException e) {
      throw new EngineUnavailableException(
          "The Temporal configuration for " + address + " is not usable: " + e.getMessage(), e);
    }
    try {
      String id = namespaceId(stubs, namespace);
      return new Engine(kind, id, address, namespace, stubs, false, null, () -> {});
    } catch (StatusRuntimeException e) {
      stubs.shutdownNow();
      throw new EngineUnavailableException(reason(address, namespace, e.getStatus()), e);
    }
  }

  static String namespaceId(WorkflowServiceStubs stubs, String namespace) {
    return stubs
        .blockingStub()
        .withDeadlineAfter(CONNECT_SECONDS, TimeUnit.SECONDS)
        .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build())
        .getNamespaceInfo()
        .getId();
  }

  private static String reason(String address, String namespace, Status status) {
    return switch (status.getCode()) {
      case NOT_FOUND ->
          "The Temporal server at " + address + " has no namespace '" + namespace + "'.";
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          "The Temporal server at "
              + address
              + " refuses the credentials for namespace '"
              + namespace
              + "'. Check TEMPORAL_API_KEY or the TLS settings.";
      default ->
          "No Temporal server answers at "
              + address
              + " ("
              + status.getCode()
              + "). Start it, correct the address, or use --engine in-memory.";
    };
  }

  private static Engine inMemory() {
    try {
      InMemoryServer server = InMemoryServer.start();
      WorkflowServiceStubs stubs =
          WorkflowServiceStubs.newServiceStubs(
              WorkflowServiceStubsOptions.newBuilder().setTarget(server.address()).build());
      return new Engine(
          Engine.Kind.IN_MEMORY,
          UUID.randomUUID().toString(),
          server.address(),
          DEFAULT_NAMESPACE,
          stubs,
          true,
          null,
          server::close);
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "The in-memory Temporal cannot listen on the loopback address: " + e.getMessage(), e);
    }
  }
}

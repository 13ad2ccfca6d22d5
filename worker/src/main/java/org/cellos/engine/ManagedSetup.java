package org.cellos.engine;

import com.google.protobuf.util.Durations;
import io.grpc.StatusRuntimeException;
import io.temporal.api.namespace.v1.NamespaceConfig;
import io.temporal.api.namespace.v1.UpdateNamespaceInfo;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceResponse;
import io.temporal.api.workflowservice.v1.UpdateNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for a managed server and makes it fit. */
final class ManagedSetup {
  /** In the data of the namespace: whose server it is. */
  private static final String MARK = "cellos-managed";

  /** The server's own is one day: too short for a weekend. */
  private static final Duration RETENTION = Duration.ofDays(30);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
  private static final Duration CALL = Duration.ofSeconds(2);

  private ManagedSetup() {}

  /** Whether a server on the usual port was started by this program. */
  static boolean isManaged(Engine engine) {
    return describe(engine.stubs(), engine.namespace())
        .getNamespaceInfo()
        .getDataMap()
        .containsKey(MARK);
  }

  /**
   * @return the namespace's UUID
   */
  static String awaitReady(ManagedServer server, WorkflowServiceStubs stubs, String namespace) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    String problem = "it does not answer";
    while (System.nanoTime() < deadline) {
      if (!server.server().isAlive()) {
        throw new EngineUnavailableException(
            "The Temporal server for "
                + server.database()
                + " has ended ("
                + server.lastWords()
                + "). Use --engine in-memory to do without it.");
      }
      try {
        DescribeNamespaceResponse described = describe(stubs, namespace);
        setUp(server, stubs, namespace, described);
        return described.getNamespaceInfo().getId();
      } catch (StatusRuntimeException e) {
        problem = e.getStatus().toString();
        stubs.getRawChannel().resetConnectBackoff();
        pause();
      }
    }
    throw new EngineUnavailableException(
        "The Temporal server for "
            + server.database()
            + " is not ready after "
            + PATIENCE.toSeconds()
            + " s: "
            + problem
            + ". "
            + server.lastWords());
  }

  private static DescribeNamespaceResponse describe(WorkflowServiceStubs stubs, String namespace) {
    return stubs
        .blockingStub()
        .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
        .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build());
  }

  private static void setUp(
      ManagedServer server,
      WorkflowServiceStubs stubs,
      String namespace,
      DescribeNamespaceResponse described) {
    if (described.getNamespaceInfo().getDataMap().containsKey(MARK)) {
      return;
    }
    stubs
        .blockingStub()
        .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
        .updateNamespace(
            UpdateNamespaceRequest.newBuilder()
                .setNamespace(namespace)
                .setUpdateInfo(
                    UpdateNamespaceInfo.newBuilder()
                        .putData(MARK, server.database().toString())
                        .build())
                .setConfig(
                    NamespaceConfig.newBuilder()
                        .setWorkflowExecutionRetentionTtl(
                            Durations.fromSeconds(RETENTION.toSeconds()))
                        .build())
                .build());
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineUnavailableException("Interrupted.", e);
    }
  }
}

package org.cellos.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.PortBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A worker on a Temporal server that lives, dies and comes back in a container. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ContainerisedTemporalIT {
  private static final DockerImageName IMAGE = DockerImageName.parse("temporalio/temporal:1.5.1");
  private static final int PORT = 7233;
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Ten seconds at the default speed-up. */
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 600.0, "temperature_c", 37.0));

  @TempDir private Path folder;

  @BeforeAll
  static void requireEngine() {
    DockerEngine.require();
  }

  /** Its port stays the same when the container starts again. */
  private static GenericContainer<?> temporal(int port, Path database) throws IOException {
    // The image's own user is nobody here.
    Files.createDirectory(database);
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rwxrwxrwx"));
    return new GenericContainer<>(IMAGE)
        .withCommand("server", "start-dev", "--ip", "0.0.0.0", "--db-filename", "/data/temporal.db")
        // An image without a list of users cannot say it.
        .withEnv(Map.of("USER", "temporal", "HOME", "/data"))
        .withExposedPorts(PORT)
        .withCreateContainerCmdModifier(
            command ->
                command
                    .getHostConfig()
                    .withPortBindings(PortBinding.parse("127.0.0.1:" + port + ":" + PORT))
                    .withBinds(Bind.parse(database + ":/data")))
        .waitingFor(Wait.forLogMessage(".*Server: .*", 1));
  }

  @Test
  void anExecutionOutlivesTheContainerOfItsServer() throws Exception {
    int port = DockerEngine.freePort();
    Path witness = folder.resolve("witness.jsonl");
    try (GenericContainer<?> server = temporal(port, folder.resolve("server"))) {
      server.start();
      EngineChoice there =
          new EngineChoice(EngineChoice.Kind.EXTERNAL, Optional.of("127.0.0.1:" + port), Map.of());
      try (WorkflowExecutor executor =
          WorkflowExecutor.open(
              folder.resolve("executions.db"), there, WitnessLog.appendingTo(witness))) {
        String id =
            executor
                .createExecutionFromProtocol(
                    "test", null, null, "test", List.of(DISPENSE, INCUBATE, DISPENSE), Map.of())
                .executionId();
        executor.begin(id, false);
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () ->
                    executor.queries().attempts(id).stream()
                            .filter(attempt -> attempt.endedAt() != null)
                            .count()
                        == 2);

        DockerClient docker = server.getDockerClient();
        docker.killContainerCmd(server.getContainerId()).exec();
        docker.startContainerCmd(server.getContainerId()).exec();

        assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(Files.readAllLines(witness)).hasSize(3);
        assertThat(executor.queries().decisions(id)).isEmpty();
      }
    }
  }
}

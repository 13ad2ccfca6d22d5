package org.cellos.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.TestTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file that people use, with the images that it builds. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ComposeIT {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /** Three steps and an incubation of half an hour, which takes fifteen seconds here. */
  private static final String PROTOCOL = "/protocols/examples/half-medium-change.yaml";

  private static final String FEED =
      "{\"execution_id\": \"asked\", \"operation\": \"feed\", \"cell_line\": \"iPSC\","
          + " \"vessel\": \"T75\", \"dry_run\": true}";

  private static final int SPEED_UP = 120;
  private static final String WITNESSED =
      """
      services:
        worker:
          environment:
            CELLOS_WITNESS_LOG: /data/witness.jsonl
      """;

  private final HttpClient browser = HttpClient.newHttpClient();
  private final String project = "cellos-it-" + UUID.randomUUID();

  @TempDir private Path folder;
  private List<String> compose;
  private Map<String, String> environment;
  private String dashboard;

  @BeforeEach
  void prepare() throws Exception {
    DockerEngine.require();
    Path witnessed = Files.writeString(folder.resolve("witnessed.yml"), WITNESSED);
    compose = new ArrayList<>(DockerEngine.composeCommand());
    compose.addAll(List.of("-p", project, "-f", "docker-compose.yml", "-f", witnessed.toString()));
    String port = String.valueOf(DockerEngine.freePort());
    dashboard = "http://127.0.0.1:" + port;
    environment =
        Map.of(
            "CELLOS_DASHBOARD_PORT", port,
            "CELLOS_TEMPORAL_PORT", String.valueOf(DockerEngine.freePort()),
            "CELLOS_TEMPORAL_UI_PORT", String.valueOf(DockerEngine.freePort()));
  }

  @AfterEach
  void remove() throws Exception {
    if (environment != null) {
      compose("down", "--volumes", "--timeout", "5");
    }
  }

  @Test
  void theWholeSystemPerformsAnExecutionAndOutlivesItsWorkerAndItself() throws Exception {
    compose("build", "worker", "dashboard");
    up();

    starter("run", "passage", "--cell-line", "iPSC", "--vessel", "T75", "--id", "dry");
    assertThat(statusInFile("dry")).isEqualTo("completed");
    assertThat(page("/executions/dry")).contains("passage_iPSC_flask_t75", "DRY RUN");

    // Asked for in the dashboard's container, performed in the worker's.
    assertThat(
            browser
                .send(
                    HttpRequest.newBuilder(URI.create(dashboard + "/api/executions"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(FEED))
                        .build(),
                    HttpResponse.BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(202);
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> status(execution("asked")).equals("completed"));

    starter(
        "run",
        "--protocol",
        PROTOCOL,
        "--execute",
        "--speed-up",
        String.valueOf(SPEED_UP),
        "--id",
        "real",
        "--detach");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> status(execution("real").path("steps").path(2)).equals("running"));
    compose("kill", "worker");
    assertThat(status(execution("real"))).isEqualTo("running");
    compose("start", "worker");

    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> status(execution("real")).equals("completed"));
    // Each of the three that move something, once; the image is taken by nobody.
    assertThat(effects()).containsExactly("0/1", "1/1", "2/1");
    assertThat(execution("real").path("decisions")).isEmpty();

    compose("down", "--timeout", "20");
    up();
    assertThat(status(execution("real"))).isEqualTo("completed");
    assertThat(page("/executions/real")).contains("SIMULATED");
    starter("mirror", "verify");
  }

  @Test
  void theOtherProfileIsValidAndOfOneRelease() throws Exception {
    List<String> profile = new ArrayList<>(DockerEngine.composeCommand());
    profile.addAll(List.of("--profile", "full", "config"));
    String config = DockerEngine.succeed(PROJECT, environment, profile);

    assertThat(config)
        .contains("temporalio/server:1.29.1", "temporalio/admin-tools:1.29.1-")
        .doesNotContain(":latest", "auto-setup")
        .doesNotContainPattern("image: [^:\\s]+\\s");
  }

  private void up() throws Exception {
    compose("up", "--detach");
    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> get("/api/health/ready").statusCode() == 200);
    assertThat(health("worker")).isEqualTo("healthy");
    await().atMost(Duration.ofMinutes(1)).until(() -> health("dashboard").equals("healthy"));
  }

  private String health(String service) throws Exception {
    return docker("inspect", "--format", "{{.State.Health.Status}}", container(service)).strip();
  }

  /** What the file itself says, taken out of the volume as a backup. */
  private String statusInFile(String executionId) throws Exception {
    starter("backup", "/data/copy.db");
    Path copy = folder.resolve("copy.db");
    docker("cp", container("worker") + ":/data/copy.db", copy.toString());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + copy);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT status FROM executions WHERE execution_id = '" + executionId + "'")) {
      assertThat(row.next()).isTrue();
      return row.getString(1);
    }
  }

  private List<String> effects() throws Exception {
    Path witness = folder.resolve("witness.jsonl");
    docker("cp", container("worker") + ":/data/witness.jsonl", witness.toString());
    List<String> effects = new ArrayList<>();
    for (String line : Files.readAllLines(witness)) {
      JsonNode effect = TestTerminal.ONE_DOCUMENT.readTree(line);
      effects.add(effect.path("step_index").asText() + "/" + effect.path("epoch").asText());
    }
    return effects;
  }

  private JsonNode execution(String id) throws Exception {
    return TestTerminal.ONE_DOCUMENT.readTree(page("/api/executions/" + id));
  }

  private static String status(JsonNode of) {
    return of.path("status").asText();
  }

  private String page(String path) throws Exception {
    HttpResponse<String> response = get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(dashboard + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void starter(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("run", "--rm", "-T", "starter"));
    command.addAll(List.of(arguments));
    compose(command.toArray(String[]::new));
  }

  private String container(String service) throws Exception {
    String ids = compose("ps", "-q", service).strip();
    return ids.substring(ids.lastIndexOf('\n') + 1);
  }

  private String compose(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(compose);
    command.addAll(List.of(arguments));
    return DockerEngine.succeed(PROJECT, environment, command);
  }

  private String docker(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    return DockerEngine.succeed(PROJECT, Map.of(), command);
  }
}

package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.cellos.json.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What programs ask for, good and bad. */
class RestInterfaceTest {
  private static final String FEED =
      """
      {"execution_id": "mine", "operation": "feed", "cell_line": "iPSC", "vessel": "T75",
       "metadata": {"researcher": "<b>ada</b>"}}""";

  @TempDir private Path folder;

  private RunningDashboard dashboard;

  @BeforeEach
  void open() {
    dashboard = RunningDashboard.in(folder);
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return Json.read(answer.body(), JsonNode.class);
  }

  @Test
  void aStartIsAcceptedWithAnAddressAndHasOneEffect() throws Exception {
    HttpResponse<String> first = dashboard.postJson("/api/executions", FEED);
    HttpResponse<String> again = dashboard.postJson("/api/executions", FEED);

    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(again.statusCode()).isEqualTo(202);
    String location = first.headers().firstValue("Location").orElseThrow();
    assertThat(location).endsWith("/api/executions/mine");
    dashboard.executor().await("mine");
    JsonNode execution = json(dashboard.get("/api/executions/mine"));
    assertThat(execution.path("status").asText()).isEqualTo("completed");
    assertThat(execution.path("dry_run").asBoolean()).isTrue();
    assertThat(execution.at("/metadata/researcher").asText()).isEqualTo("<b>ada</b>");
    assertThat(execution.path("steps")).hasSize(2);
    assertThat(json(dashboard.get("/api/executions/mine/attempts")).path("attempts")).hasSize(2);
    assertThat(json(dashboard.get("/api/executions")).path("total").asInt()).isEqualTo(1);
  }

  @Test
  void anotherExecutionWithTheSameIdIsRefused() throws Exception {
    dashboard.postJson("/api/executions", FEED);

    HttpResponse<String> other =
        dashboard.postJson("/api/executions", FEED.replace("iPSC", "HeLa"));

    assertThat(other.statusCode()).isEqualTo(409);
    assertThat(json(other).path("message").asText()).contains("belongs to another execution");
  }

  @Test
  void aCreatedExecutionIsPausedNotedAndBegun() throws Exception {
    dashboard.postJson("/api/executions", FEED.replace("{\"exec", "{\"begin\": false, \"exec"));

    assertThat(
            dashboard
                .postJson("/api/executions/mine/note", "{\"by\": \"ada\", \"text\": \"hello\"}")
                .statusCode())
        .isEqualTo(202);
    assertThat(dashboard.postJson("/api/executions/mine/begin", "{}").statusCode()).isEqualTo(202);
    dashboard.executor().await("mine");

    assertThat(json(dashboard.get("/api/executions/mine/audit")).at("/audit/0/reason").asText())
        .isEqualTo("hello");
    HttpResponse<String> refused =
        dashboard.postJson("/api/executions/mine/pause", "{\"by\": \"ada\"}");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(json(refused).path("message").asText()).contains("has ended already");
    HttpResponse<String> rerun =
        dashboard.postJson("/api/executions/mine/rerun", "{\"from_step\": 1}");
    assertThat(rerun.statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "/api/executions             | {\"operaton\": 1}                  | 400 | operaton",
        "/api/executions             | {\"operation\": 1}                 | 400 | operation",
        "/api/executions             | {\"operation\": 'feed'}            | 400 |",
        "/api/executions             | null                               | 400 |",
        "/api/executions             | []                                 | 400 |",
        "/api/executions             | {}                                 | 400 | operation",
        "/api/executions/none/pause  | {\"by\": \"ada\"}                  | 404 |",
        "/api/executions/none/pause  | {}                                 | 400 | by",
        "/api/executions/none/dance  | {\"by\": \"ada\"}                  | 404 |",
        "/api/resolve                | {\"operation\": \"dance\", \"cell_line\": \"iPSC\", \"vessel\": \"T75\"} | 400 |"
      })
  void whatIsWrongIsNamed(String path, String body, int status, String field) throws Exception {
    HttpResponse<String> answer = dashboard.postJson(path, body.replace("\\\"", "\""));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("message").asText()).isNotEmpty();
    assertThat(json(answer).path("field").asText()).isEqualTo(field == null ? "" : field);
  }

  @Test
  void methodsAndTypesThatAreNotTakenAreSaidInTheSameForm() throws Exception {
    HttpResponse<String> method = dashboard.postJson("/api/combinations", "{}");
    HttpResponse<String> type = dashboard.postForm("/api/executions", Map.of("operation", "feed"));

    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).isPresent();
    assertThat(json(method).path("code").asText()).isEqualTo("method_not_allowed");
    assertThat(type.statusCode()).isEqualTo(415);
    assertThat(json(dashboard.get("/api/executions?limit=0")).path("field").asText())
        .isEqualTo("limit");
    assertThat(dashboard.get("/api/executions/%01").body()).startsWith("{");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() throws Exception {
    HttpResponse<String> answer =
        dashboard.postJson("/api/resolve", "{\"protocol\": \"" + "x".repeat(3_000_000) + "\"}");

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void hardwareIsStartedAfterASecondYesAndItsQueueIsThere() throws Exception {
    String feed =
        "{\"operation\":\"feed\",\"cell_line\":\"iPSC\",\"vessel\":\"plate_24well\","
            + "\"instruments\":\"hardware\"%s}";
    assertThat(
            json(dashboard.postJson("/api/resolve", feed.formatted(",\"robot\":\"ot2-x\"")))
                .path("message")
                .asText())
        .startsWith("no robot 'ot2-x' is in");
    assertThat(json(dashboard.postJson("/api/resolve", feed.formatted(""))).path("steps"))
        .hasSize(2);
    String real = ",\"dry_run\":false,\"execution_id\":\"real\",\"priority\":\"low\"";
    HttpResponse<String> refused = dashboard.postJson("/api/executions", feed.formatted(real));
    assertThat(json(refused).path("field").asText()).isEqualTo("confirmed");

    HttpResponse<String> started =
        dashboard.postJson("/api/executions", feed.formatted(real + ",\"confirmed\":true"));

    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    assertThat(json(started).path("metadata").path("priority").asText()).isEqualTo("low");
    Files.writeString(
        folder.resolve("equipment.yaml"), "equipment: {incubator-a: {kind: incubator, places: 2}}");
    JsonNode incubators = json(dashboard.get("/api/equipment")).at("/equipment/0");
    assertThat(incubators.path("name").asText()).isEqualTo("incubator");
    assertThat(incubators.at("/places/incubator-a").asInt()).isEqualTo(2);
    Files.writeString(folder.resolve("equipment.yaml"), "equipment: {incubator-a: 2}");
    HttpResponse<String> wrong = dashboard.get("/api/equipment");
    assertThat(wrong.statusCode()).isEqualTo(503);
    assertThat(json(wrong).path("message").asText()).contains("equipment.incubator-a");
  }

  @Test
  void factsAndHealthAreThere() throws Exception {
    assertThat(json(dashboard.get("/api/cell-lines")).path("cell_lines")).hasSizeGreaterThan(10);
    assertThat(json(dashboard.get("/api/vessels")).path("vessels")).hasSizeGreaterThan(10);
    assertThat(json(dashboard.get("/api/combinations")).path("combinations"))
        .anyMatch(one -> one.path("why_not").asText().contains("needs no coating"));
    assertThat(
            json(dashboard.postJson(
                    "/api/resolve",
                    "{\"operation\":\"feed\",\"cell_line\":\"iPSC\",\"vessel\":\"T75\"}"))
                .path("steps"))
        .hasSize(2);
    assertThat(dashboard.get("/api/health/live").statusCode()).isEqualTo(200);
    assertThat(dashboard.get("/api/health/ready").statusCode()).isEqualTo(200);
    assertThat(json(dashboard.get("/openapi.json")).path("paths")).hasSizeGreaterThan(15);
    assertThat(dashboard.get("/api-docs").body()).contains("/api/executions/{id}/answer");
  }
}

package org.cellos.ot2;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP interface of one OT-2, as its robot-server 8.1 behaves. It repeats nothing by itself,
 * follows no redirects, and reads no answer beyond a limit. Thread-safe.
 *
 * <p>Every call throws {@link RobotSilentException} where nobody knows whether the robot has acted,
 * and {@link RobotRefusalException} where it has not.
 */
final class Ot2Client {
  private static final String PARAMETER_VALUES = "runTimeParameterValues";
  private static final String API_VERSION = "4";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);

  /** An analysis of 2,000 commands has about 1.5 MB. */
  private static final int MOST_BYTES = 32 * 1024 * 1024;

  private final URI address;
  private final Duration answerTimeout;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  Ot2Client(URI address) {
    this(address, ANSWER_TIMEOUT);
  }

  Ot2Client(URI address, Duration answerTimeout) {
    this.address = address;
    this.answerTimeout = answerTimeout;
  }

  URI address() {
    return address;
  }

  RobotHealth health() throws RobotSilentException, RobotRefusalException, InterruptedException {
    JsonNode health = call("GET", "/health", null);
    JsonNode newest = health.path("maximum_protocol_api_version");
    return new RobotHealth(
        text(health, "name"),
        text(health, "robot_model"),
        Optional.ofNullable(health.path("robot_serial").textValue()),
        newest.path(0).asInt(),
        newest.path(1).asInt(),
        health.path("cellos_fake").asBoolean());
  }

  /** The names of the pipettes by mount: {@code left}, {@code right}. */
  Map<String, String> pipettes()
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    Map<String, String> pipettes = new TreeMap<>();
    for (JsonNode instrument : call("GET", "/instruments", null).path("data")) {
      if (instrument.path("instrumentType").asText().equals("pipette")) {
        pipettes.put(text(instrument, "mount"), text(instrument, "instrumentName"));
      }
    }
    return pipettes;
  }

  /** The models of the modules that are connected. */
  List<String> modules() throws RobotSilentException, RobotRefusalException, InterruptedException {
    List<String> modules = new ArrayList<>();
    for (JsonNode module : call("GET", "/modules", null).path("data")) {
      modules.add(text(module, "moduleModel"));
    }
    return modules;
  }

  /**
   * Brings a protocol to the robot. The same bytes under the same name are the same protocol.
   *
   * @return the robot's id of it
   */
  String upload(String fileName, String source, String key, Map<String, Object> parameters)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    String boundary = "cellos-" + UUID.randomUUID();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    part(body, boundary, "name=\"key\"", key);
    if (!parameters.isEmpty()) {
      part(body, boundary, "name=\"" + PARAMETER_VALUES + "\"", Json.write(parameters));
    }
    part(body, boundary, "name=\"files\"; filename=\"" + fileName + "\"", source);
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        request("/protocols")
            .header("Content-Type", "multipart/form-data; boundary=" + boundary)
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build();
    return text(send(request).path("data"), "id");
  }

  private static void part(
      ByteArrayOutputStream body, String boundary, String disposition, String content) {
    String head = "--" + boundary + "\r\nContent-Disposition: form-data; " + disposition;
    body.writeBytes((head + "\r\n\r\n" + content + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The ids of the protocols that were brought with this key. */
  List<String> protocolsWithKey(String key)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (JsonNode protocol : call("GET", "/protocols", null).path("data")) {
      if (protocol.path("key").asText().equals(key)) {
        ids.add(text(protocol, "id"));
      }
    }
    return ids;
  }

  /** The key that a protocol was brought with; empty if it has none. */
  String protocolKey(String protocolId)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    return call("GET", "/protocols/" + segment(protocolId), null).path("data").path("key").asText();
  }

  /** The ids of the runs that were made of a protocol, as far as the robot has kept them. */
  List<String> runsOf(String protocolId)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (JsonNode run :
        call("GET", "/protocols/" + segment(protocolId), null)
            .path("links")
            .path("referencingRuns")) {
      ids.add(text(run, "id"));
    }
    return ids;
  }

  /** The newest analysis of a protocol. */
  Analysis analysis(String protocolId)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    JsonNode summaries =
        call("GET", "/protocols/" + segment(protocolId), null)
            .path("data")
            .path("analysisSummaries");
    if (summaries.isEmpty()) {
      return new Analysis(false, false, List.of(), 0);
    }
    String newest = text(summaries.path(summaries.size() - 1), "id");
    JsonNode analysis =
        call("GET", "/protocols/" + segment(protocolId) + "/analyses/" + segment(newest), null)
            .path("data");
    return new Analysis(
        analysis.path("status").asText().equals("completed"),
        analysis.path("result").asText().equals("ok"),
        errors(analysis.path("errors")),
        analysis.path("commands").size());
  }

  /** The run that the robot has loaded, whoever made it. */
  Optional<String> currentRun()
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    String link =
        call("GET", "/runs?pageLength=1", null).path("links").path("current").path("href").asText();
    return link.isEmpty()
        ? Optional.empty()
        : Optional.of(link.substring(link.lastIndexOf('/') + 1));
  }

  /**
   * Loads a protocol. Silently replaces a loaded run that nobody has played.
   *
   * @param parameters values of its run-time parameters that an analysis has found to be right: a
   *     robot that refuses them here is left with a run that hinders all further ones
   */
  RobotRun createRun(String protocolId, Map<String, Object> parameters)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("protocolId", protocolId);
    if (!parameters.isEmpty()) {
      data.put(PARAMETER_VALUES, parameters);
    }
    return run(call("POST", "/runs", Map.of("data", data)));
  }

  RobotRun run(String runId)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    return run(call("GET", "/runs/" + segment(runId), null));
  }

  /** That the robot has taken an action says nothing about whether it has come to pass. */
  void tell(String runId, RunAction action)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    call(
        "POST",
        "/runs/" + segment(runId) + "/actions",
        Map.of("data", Map.of("actionType", action.word())));
  }

  /** Commands of a run from a place on, as far as they have begun. */
  List<RobotCommand> commands(String runId, int from, int most)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    List<RobotCommand> commands = new ArrayList<>();
    for (JsonNode command :
        call(
                "GET",
                "/runs/" + segment(runId) + "/commands?cursor=" + from + "&pageLength=" + most,
                null)
            .path("data")) {
      commands.add(
          new RobotCommand(
              from + commands.size(),
              text(command, "commandType"),
              text(command, "status"),
              command));
    }
    return commands;
  }

  private static RobotRun run(JsonNode answer) throws RobotSilentException {
    JsonNode run = answer.path("data");
    List<String> actions = new ArrayList<>();
    for (JsonNode action : run.path("actions")) {
      actions.add(action.path("actionType").asText());
    }
    String word = text(run, "status");
    return new RobotRun(
        text(run, "id"),
        run.path("ok").asBoolean(true),
        RunStatus.ofWord(word),
        word,
        run.path("current").asBoolean(),
        actions,
        Optional.ofNullable(run.path("protocolId").textValue()),
        errors(run.path("errors")));
  }

  private static List<String> errors(JsonNode errors) {
    List<String> texts = new ArrayList<>();
    for (JsonNode error : errors) {
      texts.add(error.path("detail").asText(error.path("errorType").asText("no reason given")));
    }
    return texts;
  }

  private JsonNode call(String method, String path, @Nullable Object body)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    HttpRequest.Builder request = request(path);
    return send(
        body == null
            ? request.method(method, BodyPublishers.noBody()).build()
            : request
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(Json.write(body)))
                .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path))
        .timeout(answerTimeout)
        .header("Opentrons-Version", API_VERSION);
  }

  private JsonNode send(HttpRequest request)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    String what = request.method() + " " + request.uri().getPath();
    HttpResponse<byte[]> response = answer(request, what);
    int status = response.statusCode();
    JsonNode answer = parse(response.body(), what, status);
    if (status >= 400 && status < 500) {
      JsonNode error = answer.path("errors").path(0);
      throw new RobotRefusalException(
          status,
          error.path("id").asText(),
          "the robot refused "
              + what
              + " with "
              + status
              + ": "
              + error.path("detail").asText(error.path("title").asText("no reason given")));
    }
    if (status < 200 || status >= 300) {
      throw new RobotSilentException("the robot answered " + what + " with " + status);
    }
    return answer;
  }

  /** With a limit for all of the answer: the client's own ends with the headers. */
  private HttpResponse<byte[]> answer(HttpRequest request, String what)
      throws RobotSilentException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> sent =
        http.sendAsync(request, ignored -> new LimitedBody(MOST_BYTES));
    try {
      return sent.get(answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw silent(what, e.getCause());
    } catch (TimeoutException e) {
      throw silent(what, e);
    } finally {
      sent.cancel(true);
    }
  }

  private RobotSilentException silent(String what, @Nullable Throwable cause) {
    return new RobotSilentException(
        "the robot at " + address + " did not answer " + what + " (" + reason(cause) + ")", cause);
  }

  private String reason(@Nullable Throwable cause) {
    if (cause instanceof TimeoutException) {
      return "nothing within " + answerTimeout.toSeconds() + " s";
    }
    if (cause instanceof ConnectException) {
      return "nobody listens there";
    }
    return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
  }

  private static JsonNode parse(byte[] bytes, String what, int status) throws RobotSilentException {
    try {
      return Json.mapper().readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new RobotSilentException(
          "what answered " + what + " with " + status + " is not an OT-2: that is not JSON", e);
    } catch (IOException e) {
      throw new RobotSilentException("the robot's answer to " + what + " cannot be read", e);
    }
  }

  private static String text(JsonNode node, String field) throws RobotSilentException {
    String text = node.path(field).textValue();
    if (text == null) {
      throw new RobotSilentException(
          "the robot's answer lacks the text " + field + ": it may be no OT-2");
    }
    return text;
  }

  private static String segment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8);
  }
}

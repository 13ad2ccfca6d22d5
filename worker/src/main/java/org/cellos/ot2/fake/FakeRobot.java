package org.cellos.ot2.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cellos.json.Json;
import org.cellos.ot2.fake.FakeFaults.Kind;
import org.cellos.ot2.fake.Reply.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A fake OT-2 that listens on loopback. What it has performed is in its {@link #witness} log, on
 * disk before anybody hears of it. Opened over the folder of a former one, it is that robot after
 * its power was cut. Thread-safe.
 */
public final class FakeRobot implements AutoCloseable {
  private static final int MOST_BYTES = 10 * 1024 * 1024;

  static {
    // Otherwise each answer waits 40 ms for an acknowledgement that comes late.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final Pattern PART =
      Pattern.compile(
          "Content-Disposition: form-data; name=\"(\\w+)\"(?:; filename=\"([^\"]*)\")?[^\\r]*"
              + "\\r\\n\\r\\n(.*?)\\r\\n--",
          Pattern.DOTALL);

  private final FakeRobotOptions options;
  private final FakeFaults faults = new FakeFaults();
  private final FakeMachine machine;
  private final HttpServer server;
  private final ExecutorService threads;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Instant bootedAt = Instant.now();

  private FakeRobot(FakeRobotOptions options) throws IOException {
    this.options = options;
    this.machine = new FakeMachine(options, faults);
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 0);
    this.threads =
        Executors.newCachedThreadPool(
            runnable -> {
              Thread thread = new Thread(runnable, "fake-robot-http");
              thread.setDaemon(true);
              return thread;
            });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * @throws IOException if the port is taken or the folder cannot be written
   */
  public static FakeRobot start(FakeRobotOptions options) throws IOException {
    return new FakeRobot(options);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public FakeFaults faults() {
    return faults;
  }

  /** One line of JSON a command that was performed. */
  public Path witness() {
    return machine.memory().witness();
  }

  /** Cuts the power and gives it back. */
  public void powerCycle() {
    machine.losePower();
    bootedAt = Instant.now().plus(options.boot());
  }

  /** Presses the button at its front: pause, or go on. */
  public void pressButton() {
    machine.pressButton();
  }

  public void openDoor(boolean open) {
    machine.openDoor(open);
  }

  @Override
  public void close() {
    closed.countDown();
    machine.losePower();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String request = faults.numbered(exchange.getRequestMethod() + " " + path);
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
      if (body.length > MOST_BYTES) {
        send(exchange, new Refusal(413, "TooLarge", "More than 10 MiB.").reply());
        return;
      }
      if (faults.meets(Kind.HANG_BEFORE, request)) {
        hang(request);
        return;
      }
      TimeUnit.MILLISECONDS.sleep(faults.delay(request).toMillis());
      if (faults.meets(Kind.RESET_BEFORE, request)) {
        return;
      }
      if (faults.meets(Kind.ERROR_BEFORE, request)) {
        send(exchange, broken());
        return;
      }
      Reply reply = reply(exchange, path, new String(body, StandardCharsets.UTF_8));
      if (faults.meets(Kind.HANG_AFTER, request)) {
        hang(request);
        return;
      }
      if (faults.meets(Kind.RESET_AFTER, request)) {
        return;
      }
      send(exchange, faults.meets(Kind.ERROR_AFTER, request) ? broken() : reply);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hang(String request) throws InterruptedException {
    faults.hangs(request);
    if (!closed.await(1, TimeUnit.HOURS)) {
      throw new IllegalStateException("nobody has closed the robot");
    }
  }

  private static Reply broken() {
    return new Refusal(500, "UnexpectedError", "Something went wrong.").reply();
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] bytes = reply.body().toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private Reply reply(HttpExchange exchange, String path, String body) {
    try {
      requireVersion(exchange.getRequestHeaders().getFirst("Opentrons-Version"));
      if (Instant.now().isBefore(bootedAt)) {
        throw new Refusal(503, "HardwareNotYetInitialized", "Robot is not ready yet.");
      }
      return route(exchange, path.substring(1).split("/"), body);
    } catch (Refusal e) {
      return e.reply();
    } catch (JsonProcessingException e) {
      return new Refusal(422, "InvalidRequest", "The body is not JSON.").reply();
    }
  }

  private static void requireVersion(@Nullable String version) throws Refusal {
    if (version == null) {
      throw new Refusal(422, "MissingHeader", "Opentrons-Version is required.");
    }
    if (!version.equals("*") && !version.matches("[234]")) {
      throw new Refusal(400, "OutdatedApiVersion", "Version " + version + " is not supported.");
    }
  }

  private Reply route(HttpExchange exchange, String[] path, String body)
      throws Refusal, JsonProcessingException {
    String method = exchange.getRequestMethod();
    String pattern = method + " " + path[0] + "/" + path.length;
    return switch (pattern) {
      case "GET health/1" -> health();
      case "GET instruments/1" -> instruments();
      case "GET modules/1" -> modules();
      case "GET protocols/1" -> machine.protocols();
      case "POST protocols/1" -> bring(body);
      case "GET protocols/2" -> machine.protocol(path[1]);
      case "GET protocols/4" -> machine.analysis(path[1]);
      case "GET runs/1" -> machine.runs();
      case "POST runs/1" ->
          machine.load(
              Json.mapper().readTree(body).path("data").path("protocolId").asText(),
              Json.mapper().readTree(body).path("data").path("runTimeParameterValues"));
      case "GET runs/2" -> machine.run(path[1]);
      case "DELETE runs/2" -> machine.forget(path[1]);
      case "POST runs/3" ->
          machine.act(
              path[1], Json.mapper().readTree(body).path("data").path("actionType").asText());
      case "GET runs/3" ->
          machine.commands(
              path[1], query(exchange, "cursor", 0), query(exchange, "pageLength", 20));
      default -> throw new Refusal(404, "NotFound", method + " " + String.join("/", path));
    };
  }

  private static int query(HttpExchange exchange, String name, int usual) {
    String query = exchange.getRequestURI().getQuery();
    Matcher matcher =
        Pattern.compile("(?:^|&)" + name + "=(\\d{1,6})").matcher(query == null ? "" : query);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : usual;
  }

  private Reply bring(String body) throws Refusal, JsonProcessingException {
    String parameters = "{}";
    String key = "";
    String fileName = "";
    String source = "";
    Matcher part = PART.matcher(body);
    for (int at = 0; part.find(at); at = part.end() - 2) {
      if (part.group(1).equals("key")) {
        key = part.group(3);
      } else if (part.group(1).equals("runTimeParameterValues")) {
        parameters = part.group(3);
      } else if (part.group(1).equals("files")) {
        fileName = part.group(2);
        source = part.group(3);
      }
    }
    if (fileName == null || fileName.isEmpty()) {
      throw new Refusal(422, "InvalidRequest", "files is required.");
    }
    return machine.bring(fileName, key, source, Json.mapper().readTree(parameters));
  }

  private Reply health() {
    ObjectNode health = Json.mapper().createObjectNode();
    health.put("name", "FAKE-OT2").put("robot_model", options.model());
    health.put("api_version", "8.1.0").put("robot_serial", options.serial());
    health
        .putArray("maximum_protocol_api_version")
        .add(FakeAnalysis.MOST_MAJOR)
        .add(FakeAnalysis.MOST_MINOR);
    return new Reply(200, health.put("cellos_fake", true));
  }

  private Reply instruments() {
    ArrayNode all = Json.mapper().createArrayNode();
    options
        .pipettes()
        .forEach(
            (mount, name) ->
                all.addObject()
                    .put("mount", mount)
                    .put("instrumentType", "pipette")
                    .put("instrumentName", name));
    return Reply.of(200, all);
  }

  private Reply modules() {
    ArrayNode all = Json.mapper().createArrayNode();
    options.modules().forEach(model -> all.addObject().put("moduleModel", model));
    return Reply.of(200, all);
  }
}

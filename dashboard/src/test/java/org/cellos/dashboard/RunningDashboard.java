package org.cellos.dashboard;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cellos.engine.EngineChoice;
import org.cellos.worker.ExecutionDesk;
import org.cellos.worker.WorkflowExecutor;

/** A dashboard beside a worker with an engine in memory, and someone who asks it by HTTP. */
final class RunningDashboard implements AutoCloseable {
  private final WorkflowExecutor executor;
  private final Dashboard dashboard;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .cookieHandler(new CookieManager())
          .build();

  private RunningDashboard(WorkflowExecutor executor, Dashboard dashboard) {
    this.executor = executor;
    this.dashboard = dashboard;
  }

  /**
   * @param folder where the history comes to be
   */
  static RunningDashboard in(Path folder) {
    WorkflowExecutor executor =
        WorkflowExecutor.open(folder.resolve("executions.db"), EngineChoice.inMemory());
    return new RunningDashboard(
        executor,
        Dashboard.start(
            ExecutionDesk.beside(executor), executor.mirror().file(), Optional.empty(), 0));
  }

  WorkflowExecutor executor() {
    return executor;
  }

  String url(String path) {
    return dashboard.url() + path;
  }

  /** From a dashboard that stands alone. */
  static String get(Dashboard dashboard, String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(dashboard.url() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path))).GET();
    return send(request, headers);
  }

  HttpResponse<String> postForm(String path, Map<String, String> fields, String... headers)
      throws IOException, InterruptedException {
    String body =
        fields.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return send(
        HttpRequest.newBuilder(URI.create(url(path)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)),
        headers);
  }

  HttpResponse<String> postJson(String path, String json, String... headers)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url(path)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)),
        headers);
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
      throws IOException, InterruptedException {
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    dashboard.close();
    executor.close();
  }
}

package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything in one process, as people start it. */
class UpIT {
  private static final Pattern DASHBOARD =
      Pattern.compile("Dashboard: (http://127\\.0\\.0\\.1:[0-9]+)\\.");
  private static final Map<String, String> IN_MEMORY = Map.of("CELLOS_ENGINE", "in-memory");

  @TempDir private Path folder;
  @TempDir private Path outputs;

  @Test
  void showsWhatItPerformsAndEndsInOrder() throws Exception {
    try (JarProcess up = start("up --no-browser --port 0")) {
      String url = url(up);
      assertThat(get(url + "/active")).contains("Nothing is under way");
      try (JarProcess run =
          JarProcess.start(
              folder,
              outputs,
              IN_MEMORY,
              "run passage --cell-line iPSC --vessel T75 --id seen-there")) {
        assertThat(run.exitCode()).as(run.err()).isZero();
      }

      assertThat(get(url + "/executions/seen-there"))
          .contains("passage_iPSC_flask_t75")
          .contains("DRY RUN")
          .contains("completed");

      up.signal("TERM");
      assertThat(up.exitCode()).as(up.err()).isZero();
      assertThat(up.err()).contains("Stopped; what was under way has been finished.");
    }
  }

  @Test
  void whereItsPortIsTakenItTakesAnotherUnlessItWasAskedForThatOne() throws Exception {
    try (JarProcess first = start("up --no-browser --port 0")) {
      String url = url(first);
      int port = URI.create(url).getPort();

      try (JarProcess second = start("up --no-browser --db other.db --port " + port)) {
        assertThat(second.exitCode()).isEqualTo(ExitCode.BAD_INPUT.number());
        assertThat(second.err()).contains("Port " + port + " of 127.0.0.1 is taken");
      }
    }
  }

  private JarProcess start(String command) throws IOException {
    return JarProcess.start(folder, outputs, IN_MEMORY, command);
  }

  private static String url(JarProcess up) throws IOException {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> DASHBOARD.matcher(up.err()).find() || !up.isAlive());
    Matcher said = DASHBOARD.matcher(up.err());
    assertThat(said.find()).as(up.err()).isTrue();
    return said.group(1);
  }

  private static String get(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}

package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import org.cellos.engine.EngineChoice;
import org.cellos.worker.ExecutionDesk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for every page. */
class DashboardTest {
  @TempDir private Path folder;

  @Test
  void everyAnswerTellsBrowsersToLoadNothingFromElsewhere() throws Exception {
    try (RunningDashboard dashboard = RunningDashboard.in(folder)) {
      for (String path : new String[] {"/active", "/nope", "/assets/cellos.css"}) {
        HttpResponse<String> answer = dashboard.get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy"))
            .as(path)
            .hasValueSatisfying(policy -> assertThat(policy).startsWith("default-src 'self';"));
        assertThat(answer.body()).as(path).doesNotContain("\tat ").doesNotContain("Exception");
      }
    }
  }

  @Test
  void whatIsNotThereIsAPageThatSaysSo() throws Exception {
    try (RunningDashboard dashboard = RunningDashboard.in(folder)) {
      HttpResponse<String> answer = dashboard.get("/nope");

      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body()).contains("There is nothing at this address.");
    }
  }

  @Test
  void withoutAHistoryItSaysHowToBegin() throws Exception {
    try (Dashboard dashboard =
        Dashboard.start(
            ExecutionDesk.visiting(folder.resolve("none.db"), EngineChoice.inMemory()),
            folder.resolve("none.db"),
            Optional.empty(),
            0)) {
      HttpResponse<String> answer =
          java.net.http.HttpClient.newHttpClient()
              .send(
                  java.net.http.HttpRequest.newBuilder(
                          java.net.URI.create(dashboard.url() + "/active"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("There is no history yet").contains("/execute");
    }
  }

  @Test
  void anotherWebSiteCanAskForNothing() throws Exception {
    try (RunningDashboard dashboard = RunningDashboard.in(folder)) {
      HttpResponse<String> answer =
          dashboard.postForm("/active", java.util.Map.of(), "Origin", "https://evil.example");

      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("another web site");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (RunningDashboard dashboard = RunningDashboard.in(folder)) {
      int port = java.net.URI.create(dashboard.url("/")).getPort();

      assertThatThrownBy(
              () ->
                  Dashboard.start(
                      ExecutionDesk.beside(dashboard.executor()),
                      folder.resolve("executions.db"),
                      Optional.empty(),
                      port))
          .isInstanceOf(Dashboard.PortTakenException.class)
          .hasMessageContaining("Port " + port);
    }
  }
}

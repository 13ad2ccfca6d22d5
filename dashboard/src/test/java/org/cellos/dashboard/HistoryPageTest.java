package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.worker.ExecutionDesk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history as people find things in it. */
class HistoryPageTest {
  private static final String EVIL = "=cmd|'<script>alert(1)</script>";

  @TempDir private Path folder;

  private RunningDashboard dashboard;

  @BeforeEach
  void fill() {
    dashboard = RunningDashboard.in(folder);
    dashboard
        .executor()
        .registerHandler(
            "image",
            step -> {
              throw new IllegalStateException("The lamp is broken");
            });
    perform("Daily feed", "iPSC", "feed", Map.of("researcher", "ada"), true);
    perform("Imaging", "HEK293", "image", Map.of("researcher", "grace"), false);
    perform(EVIL, "iPSC", "feed", Map.of("note", EVIL), true);
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  private ExecutionRecord perform(
      String name, String cellLine, String type, Map<String, ?> metadata, boolean dryRun) {
    ExecutionRecord created =
        dashboard
            .executor()
            .createExecutionFromProtocol(
                name,
                cellLine,
                "flask_t75",
                type,
                List.of(UnitOp.of(type.equals("image") ? "image" : "mix", name, Map.of())),
                metadata);
    return dashboard.executor().execute(created.executionId(), dryRun);
  }

  @Test
  void showsAllWithStatusMarkAndCounts() throws Exception {
    String page = dashboard.get("/executions").body();

    assertThat(page)
        .contains("Daily feed")
        .contains("DRY RUN")
        .contains("SIMULATED")
        .contains("The lamp is broken")
        .contains("<strong id=\"total\">3</strong>")
        .contains("2 completed")
        .contains("1 failed");
  }

  @Test
  void findsByErrorTextAndByMetadata() throws Exception {
    assertThat(dashboard.get("/executions?q=lamp+is").body())
        .contains("Imaging")
        .doesNotContain("Daily feed");
    assertThat(dashboard.get("/executions?q=ada").body())
        .contains("Daily feed")
        .doesNotContain("Imaging");
  }

  @Test
  void filtersByWhatTheAddressSays() throws Exception {
    assertThat(dashboard.get("/executions?status=failed").body())
        .contains("Imaging")
        .doesNotContain("Daily feed");
    assertThat(dashboard.get("/executions?cell_line=ipsc&operation=feed&status=completed").body())
        .contains("Daily feed")
        .doesNotContain("Imaging");
    assertThat(dashboard.get("/executions?to=2020-01-01").body()).contains("Nothing matches");
    assertThat(dashboard.get("/executions?from=2020-01-01&sort=longest").body())
        .contains("Imaging");
  }

  @Test
  void pagesLeadOn() throws Exception {
    String first = dashboard.get("/executions?limit=2&cell_line=iPSC&sort=oldest").body();
    assertThat(first).doesNotContain("Next page");

    String page = dashboard.get("/executions?limit=2&sort=oldest").body();
    String next = page.replaceFirst("(?s).*<a href=\"([^\"]+)\" rel=\"next\">.*", "$1");
    assertThat(page).contains("Daily feed").contains("Imaging");
    assertThat(dashboard.get(next.replace("&amp;", "&")).body())
        .contains("alert(1)")
        .contains("First page")
        .doesNotContain("Daily feed");
  }

  @Test
  void refusesWhatItDoesNotUnderstandNamingIt() throws Exception {
    for (String query :
        new String[] {
          "status=broken", "from=yesterday", "sort=best", "limit=0", "limit=x", "after=x", "age=3"
        }) {
      HttpResponse<String> answer = dashboard.get("/executions?" + query);

      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(answer.body()).as(query).contains(query.replaceFirst("=.*", ""));
    }
  }

  @Test
  void namesErrorsAndMetadataAreTextOnThePageAndInTables() throws Exception {
    assertThat(dashboard.get("/executions").body())
        .doesNotContain("<script>alert")
        .contains("&lt;script&gt;alert(1)");
    String csv = dashboard.get("/executions.csv").body();
    assertThat(csv).contains("'=cmd|").doesNotContain(",=cmd").doesNotContain(",\"=cmd");
    assertThat(csv.lines()).hasSize(4);
    assertThat(dashboard.get("/executions.json?status=failed").body())
        .contains("\"Imaging\"")
        .doesNotContain("Daily feed");
  }

  @Test
  void whatThePythonOriginalWroteIsShown() throws Exception {
    Path original = folder.resolve("original.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + original);
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "CREATE TABLE executions (execution_id TEXT PRIMARY KEY, workflow_name TEXT,"
                  + " cell_line TEXT, vessel_id TEXT, operation_type TEXT, status TEXT, created_at"
                  + " TEXT, started_at TEXT, completed_at TEXT, error_message TEXT, metadata TEXT)",
              "CREATE TABLE execution_steps (step_id TEXT PRIMARY KEY, execution_id TEXT,"
                  + " step_index INTEGER, name TEXT, operation_type TEXT, parameters TEXT, status"
                  + " TEXT, start_time TEXT, end_time TEXT, error_message TEXT, result TEXT)",
              "INSERT INTO executions VALUES ('old-1', 'Passage of old', 'iPSC', 'flask_t75',"
                  + " 'passage', 'completed', '2024-05-01T10:00:00', '2024-05-01T10:00:01',"
                  + " '2024-05-01T10:05:00', NULL, '{\"researcher\": \"ada\"}')",
              "INSERT INTO execution_steps VALUES ('s-1', 'old-1', 0, 'Aspirate medium',"
                  + " 'aspirate', '{\"volume_ml\": 15.0}', 'completed', '2024-05-01T10:00:01',"
                  + " '2024-05-01T10:00:02', NULL, '{\"status\": \"success\"}')")) {
        statement.execute(sql);
      }
    }
    try (Dashboard looking =
        Dashboard.start(
            ExecutionDesk.visiting(original, EngineChoice.inMemory()),
            original,
            Optional.empty(),
            0)) {
      String list = RunningDashboard.get(looking, "/executions?q=ada");
      String page = RunningDashboard.get(looking, "/executions/old-1");

      assertThat(list).contains("Passage of old").contains("completed");
      assertThat(page)
          .contains("Aspirate medium")
          .contains("volume_ml")
          .contains("success")
          .contains("unknown: written by another program")
          .contains("nothing can be asked of it");
      assertThat(RunningDashboard.get(looking, "/executions/old-1/replay")).contains("Ended");
    }
  }
}

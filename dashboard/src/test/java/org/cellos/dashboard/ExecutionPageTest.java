package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One execution's page, and what is asked there. */
class ExecutionPageTest {
  @TempDir private Path folder;

  private final Semaphore mayEnd = new Semaphore(0);
  private RunningDashboard dashboard;

  @BeforeEach
  void open() {
    dashboard = RunningDashboard.in(folder);
    dashboard
        .executor()
        .registerHandler(
            "image",
            step -> {
              if (step.parameters().optionalText("lamp").filter("broken"::equals).isPresent()) {
                throw new IllegalStateException("The lamp <b>is</b> broken");
              }
              mayEnd.acquire();
              return Map.of("status", "success", "images", 12);
            });
  }

  @AfterEach
  void close() {
    dashboard.close();
  }

  @SafeVarargs
  private final ExecutionRecord create(Map<String, ?>... parameters) {
    List<UnitOp> steps = new java.util.ArrayList<>();
    for (Map<String, ?> each : parameters) {
      steps.add(UnitOp.of("image", "Image " + (steps.size() + 1), each));
    }
    return dashboard
        .executor()
        .createExecutionFromProtocol(
            "Confluence", "iPSC", "flask_t75", "image", steps, Map.of("researcher", "ada"));
  }

  private String page(String id) throws Exception {
    return dashboard.get("/executions/" + id).body();
  }

  private void awaitOn(String id, String text) {
    await().until(() -> page(id).contains(text));
  }

  private HttpResponse<String> ask(String id, String action, String... fields) throws Exception {
    Map<String, String> form = new HashMap<>(Map.of("by", "ada", "reason", "a test"));
    for (int i = 0; i < fields.length; i += 2) {
      form.put(fields[i], fields[i + 1]);
    }
    return dashboard.postForm("/executions/" + id + "/" + action, form, "HX-Request", "true");
  }

  @Test
  void aFailedExecutionOpensAtItsFailedStep() throws Exception {
    mayEnd.release(10);
    String id = create(Map.of("lamp", "fine"), Map.of("lamp", "broken"), Map.of()).executionId();
    dashboard.executor().execute(id, false);

    String page = page(id);

    assertThat(page.indexOf("id=\"failed\"")).isPositive().isLessThan(page.indexOf("id=\"rest\""));
    assertThat(page)
        .contains("id=\"details-1\" open")
        .doesNotContain("id=\"details-0\" open")
        .contains("The lamp &lt;b&gt;is&lt;/b&gt; broken")
        .doesNotContain("<b>is</b>");
    assertThat(dashboard.get("/executions/" + id + "?errors=only").body())
        .contains("Image 2")
        .doesNotContain("id=\"step-0\"");
  }

  @Test
  void pauseEditSkipResumeAndNoteAreRecorded() throws Exception {
    String id =
        create(Map.of(), Map.of("channel", "phase"), Map.of("channel", "red")).executionId();
    dashboard.executor().begin(id, false);
    awaitOn(id, "now <strong>");

    assertThat(ask(id, "pause").body()).contains("Recorded: pause, by ada: a test.");
    awaitOn(id, "Paused by ada: a test.");
    assertThat(ask(id, "edit", "step_index", "1", "changes", "channel=green").statusCode())
        .isEqualTo(200);
    assertThat(ask(id, "skip", "step_index", "2").statusCode()).isEqualTo(200);
    assertThat(ask(id, "note", "text", "looked at the flask").statusCode()).isEqualTo(200);
    mayEnd.release(10);
    assertThat(ask(id, "resume").statusCode()).isEqualTo(200);

    assertThat(dashboard.executor().await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(page(id)).contains("green").contains("skipped").contains("looked at the flask");
    assertThat(page(id).split("<strong>ada</strong>", -1)).hasSizeGreaterThan(4);
  }

  @Test
  void cancelStopsItAndASecondOneIsRefused() throws Exception {
    String id = create(Map.of(), Map.of()).executionId();
    dashboard.executor().begin(id, false);
    awaitOn(id, "now <strong>");

    assertThat(ask(id, "cancel").statusCode()).isEqualTo(200);
    await().until(() -> page(id).contains("The execution is being cancelled"));
    assertThat(ask(id, "answer", "step_index", "0", "choice", "done").statusCode()).isEqualTo(200);
    assertThat(dashboard.executor().await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);

    HttpResponse<String> again = ask(id, "cancel");
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(again.body()).contains("has ended already");
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    String id = create(Map.of("channel", "phase")).executionId();

    assertThat(ask(id, "skip", "step_index", "9").statusCode()).isEqualTo(400);
    assertThat(ask(id, "edit", "step_index", "0", "changes", "chanel=x").body())
        .contains("Did you mean &#39;channel&#39;?");
    assertThat(
            dashboard
                .postForm("/executions/" + id + "/pause", Map.of(), "HX-Request", "true")
                .body())
        .contains("Say who you are");
    assertThat(ask(id, "answer", "step_index", "0", "choice", "done").statusCode()).isEqualTo(409);
    assertThat(ask("nobody", "pause").statusCode()).isEqualTo(404);
    assertThat(dashboard.get("/executions/nobody").statusCode()).isEqualTo(404);
    assertThat(dashboard.get("/executions/%3Cscript%3E").body()).doesNotContain("<script>'");
  }

  @Test
  void withoutJavaScriptAFormLeadsBackToThePage() throws Exception {
    String id = create(Map.of()).executionId();

    HttpResponse<String> answer =
        dashboard.postForm(
            "/executions/" + id + "/note", Map.of("by", "ada", "text", "hello there"));

    assertThat(answer.statusCode()).isEqualTo(303);
    assertThat(answer.headers().firstValue("Location").orElseThrow()).endsWith("/executions/" + id);
    assertThat(page(id)).contains("hello there");
  }

  @Test
  void isRunAgainFromAStepAndSaysSo() throws Exception {
    mayEnd.release(10);
    String id = create(Map.of(), Map.of()).executionId();
    dashboard.executor().execute(id, true);

    HttpResponse<String> answer =
        ask(id, "rerun", "from_step", "1", "dry_run", "yes", "execution_id", "again");

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("HX-Redirect")).hasValue("/executions/again");
    dashboard.executor().await("again");
    assertThat(page("again")).contains("Rerun of").contains(id);
    assertThat(page(id)).contains("Done again as");
  }

  @Test
  void replaysAttemptByAttempt() throws Exception {
    mayEnd.release(10);
    String id = create(Map.of("lamp", "fine"), Map.of("lamp", "broken")).executionId();
    dashboard.executor().execute(id, false);

    String first = dashboard.get("/executions/" + id + "/replay").body();
    String last = dashboard.get("/executions/" + id + "/replay?at=999").body();

    assertThat(first)
        .contains("Created.")
        .contains("pending")
        .doesNotContain("status failed\"><span aria-hidden=\"true\">✖</span> failed</span></td>");
    assertThat(last).contains("attempt 1 failed: The lamp").contains("Ended: failed.");
    assertThat(dashboard.get("/executions/" + id + "/replay?at=x").statusCode()).isEqualTo(400);
  }

  @Test
  void itsStepsAreATableAndADocument() throws Exception {
    mayEnd.release(10);
    String id = create(Map.of("note", "=1+1")).executionId();
    dashboard.executor().execute(id, false);

    assertThat(dashboard.get("/executions/" + id + "/steps.csv").body())
        .startsWith("execution_id,step_index,name")
        .contains("Image 1");
    assertThat(dashboard.get("/executions/" + id + "/execution.json").body())
        .contains("\"images\" : 12");
  }
}

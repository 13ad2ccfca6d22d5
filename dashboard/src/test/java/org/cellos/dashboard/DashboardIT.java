package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people do with the dashboard, in a real browser. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DashboardIT {
  @TempDir private Path folder;

  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private RunningDashboard dashboard;
  private Browser browser;

  @BeforeEach
  void open() {
    dashboard = RunningDashboard.in(folder);
    dashboard
        .executor()
        .registerHandler(
            "image",
            EffectClass.ONCE,
            step -> {
              if (step.parameters().optionalText("lamp").filter("broken"::equals).isPresent()) {
                throw new IllegalStateException("The lamp is broken");
              }
              mayEnd.await();
              return Map.of("status", "success");
            });
    browser = Browser.open();
  }

  @AfterEach
  void close() {
    if (browser != null) {
      browser.close();
    }
    mayEnd.countDown();
    dashboard.close();
  }

  @SafeVarargs
  private final ExecutionRecord create(String name, Map<String, ?>... parameters) {
    List<UnitOp> steps = new java.util.ArrayList<>();
    for (Map<String, ?> each : parameters) {
      steps.add(UnitOp.of("image", "Image " + (steps.size() + 1), each));
    }
    return dashboard
        .executor()
        .createExecutionFromProtocol(
            name, "iPSC", "flask_t75", "image", steps, Map.of("researcher", "lovelace"));
  }

  private void mark() {
    browser.driver().executeScript("window.isSamePage = true");
  }

  private void requireSamePage() {
    assertThat(browser.driver().executeScript("return window.isSamePage === true"))
        .as("without a reload")
        .isEqualTo(true);
  }

  @Test
  void aDryRunFromChoiceToResultWithoutAReload() {
    browser.go(dashboard.url("/execute"));
    mark();

    browser.choose("#operation", "feed");
    browser.choose("#cell_line", "iPSC");
    browser.choose("#vessel", "flask_t75");
    browser.awaitText("Dispense 15.0 mL mtesr_plus_kit into T75 Flask");
    browser.click("#start");

    browser.awaitText("2 of 2 steps");
    browser.awaitText("completed");
    assertThat(browser.text()).contains("DRY RUN");
    requireSamePage();
    assertThat(browser.url()).contains("operation=feed").contains("vessel=flask_t75");
    assertThat(browser.complaints()).isEmpty();
    assertThat(dashboard.executor().listExecutions()).hasSize(1);
  }

  @Test
  void theInspectorExecutesAndShowsTheResultInPlace() {
    browser.go(dashboard.url("/cell-lines/iPSC?operation=feed&vessel=flask_t75"));
    mark();
    browser.find("canvas[data-drawn=yes]");

    browser.click("#start");

    browser.awaitText("2 of 2 steps");
    requireSamePage();
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void aFailingExecutionOpensAtItsFailedStep() {
    ExecutionRecord created = create("Confluence", Map.of("lamp", "broken"), Map.of());
    dashboard.executor().execute(created.executionId(), false);
    browser.go(dashboard.url("/executions"));

    browser.click("#results a[href^='/executions/']");

    browser.awaitText("failed: Image 1");
    browser.awaitText("The lamp is broken");
    assertThat(browser.find("#failed").getRect().getY()).isLessThan(700);
  }

  @Test
  void filtersSurviveBackAndSearchFindsErrorsAndMetadata() {
    dashboard
        .executor()
        .execute(create("Confluence", Map.of("lamp", "broken")).executionId(), false);
    dashboard.executor().execute(create("Quiet", Map.of()).executionId(), true);
    browser.go(dashboard.url("/executions"));
    browser.awaitText("2 executions");
    mark();

    browser.type("#q", "lamp is");
    browser.awaitText("1 execution");
    requireSamePage();
    assertThat(browser.url()).contains("q=lamp");
    browser.click("#results a[href^='/executions/']");
    browser.awaitText("failed: Image 1");
    browser.back();

    browser.awaitText("1 execution");
    assertThat(browser.url()).contains("q=lamp");
    assertThat(browser.find("#q").getDomProperty("value")).isEqualTo("lamp is");
    browser.type("#q", "lovelace");
    browser.awaitText("2 executions");
  }

  @Test
  void cancelWorksFromThePageAndTheDecisionThatItLeadsToIsAnswered() {
    String id = create("Confluence", Map.of(), Map.of()).executionId();
    dashboard.executor().begin(id, false);
    browser.go(dashboard.url("/executions/" + id));
    browser.awaitText("now 1");
    mark();

    browser.type("form[action$='/cancel'] input[name=by]", "ada");
    browser.type("form[action$='/cancel'] input[name=reason]", "wrong flask");
    browser.click("form[action$='/cancel'] button");
    browser.awaitText("Recorded: cancel, by ada: wrong flask.");
    browser.awaitText("A decision is needed");
    browser.find("#banners .decision");
    assertThat(browser.find("#decision input[name=by]").getDomProperty("value"))
        .as("the name is typed once")
        .isEqualTo("ada");
    browser.click("#decision button[value=done]");

    browser.awaitText("cancelled");
    assertThat(dashboard.executor().await(id).status()).isEqualTo(ExecutionStatus.CANCELLED);
    requireSamePage();
  }

  @Test
  void whatIsBeingTypedSurvivesNews() {
    String id = create("Confluence", Map.of(), Map.of()).executionId();
    dashboard.executor().begin(id, false);
    browser.go(dashboard.url("/executions/" + id));
    browser.awaitText("now 1");
    browser.type("form[action$='/note'] textarea", "half a sen");

    mayEnd.countDown();

    browser.awaitText("completed");
    assertThat(browser.find("form[action$='/note'] textarea").getDomProperty("value"))
        .isEqualTo("half a sen");
  }

  @Test
  void everyPageIsAccessibleAndFitsInLightAndDark() {
    String id = create("Confluence", Map.of("lamp", "broken"), Map.of()).executionId();
    dashboard.executor().execute(id, false);
    String open = create("Open", Map.of(), Map.of()).executionId();
    dashboard.executor().begin(open, false);
    for (boolean isDark : new boolean[] {false, true}) {
      browser
          .driver()
          .executeCdpCommand(
              "Emulation.setEmulatedMedia",
              Map.of(
                  "features",
                  List.of(
                      Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
      for (String path :
          new String[] {
            "/execute?operation=thaw&cell_line=iPSC&vessel=flask_t75",
            "/active",
            "/equipment",
            "/executions",
            "/executions/" + id,
            "/executions/" + open,
            "/executions/" + id + "/replay?at=3",
            "/cell-lines",
            "/cell-lines/iPSC?operation=feed&vessel=flask_t75",
            "/api-docs",
            "/nowhere"
          }) {
        browser.resize(Browser.DESKTOP);
        browser.go(dashboard.url(path));
        browser.requireAccessible();
        browser.requireFits();
        browser.resize(Browser.TABLET);
        browser.requireFits();
      }
    }
  }

  /** A chart follows its box a moment later: in between it is as wide as it was. */
  @Test
  void aChartThatIsTooWideForAMomentDoesNotStickOut() {
    browser.go(dashboard.url("/cell-lines/iPSC?operation=feed&vessel=flask_t75"));
    browser.find("#costs");

    browser
        .driver()
        .executeScript("document.getElementById('costs').style.setProperty('width', '3000px')");

    browser.requireFits();
  }

  @Test
  void readingAndFilteringWorkWithoutJavaScript() {
    String id = create("Confluence", Map.of("lamp", "broken")).executionId();
    dashboard.executor().execute(id, false);
    dashboard.executor().execute(create("Quiet", Map.of()).executionId(), true);
    try (Browser plain = Browser.withoutJavaScript()) {
      plain.go(dashboard.url("/executions"));
      plain.type("#q", "lamp is");
      plain.find("#filter button").click();
      assertThat(plain.source()).contains("Confluence").doesNotContain(">Quiet<");
      assertThat(plain.url()).contains("q=lamp");
      plain.find("#results a[href^='/executions/']").click();
      assertThat(plain.source()).contains("The lamp is broken").contains("id=\"failed\"");
      plain.go(dashboard.url("/execute?operation=feed&cell_line=iPSC&vessel=flask_t75"));
      plain.find("#start").click();
      // A start takes as long as the engine takes; the click does not wait for its answer.
      plain.awaitText("feed_iPSC_flask_t75");
      assertThat(plain.url()).contains("/executions/");
    }
  }
}

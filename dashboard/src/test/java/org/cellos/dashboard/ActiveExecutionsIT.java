package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.WindowType;

/** What is under way, in a real browser. */
class ActiveExecutionsIT {
  private static final int MORE_THAN_CONNECTIONS = 9;

  @TempDir private Path folder;

  /** A browser has six connections to one address: pages that were left must not keep them. */
  @Test
  void manyPagesAndManyTabsDoNotWaitForEachOther() {
    try (RunningDashboard dashboard = RunningDashboard.in(folder);
        Browser browser = Browser.open()) {
      browser.driver().manage().timeouts().pageLoadTimeout(Duration.ofSeconds(20));
      for (int i = 0; i < MORE_THAN_CONNECTIONS; i++) {
        browser.go(dashboard.url("/executions?limit=" + (i + 1)));
      }
      for (int i = 0; i < MORE_THAN_CONNECTIONS; i++) {
        browser.driver().switchTo().newWindow(WindowType.TAB);
        browser.go(dashboard.url("/active"));
      }
      browser.awaitText("Nothing is under way");
    }
  }

  @Test
  void twoBrowsersSeeTheSameLiveState() throws Exception {
    Semaphore mayEnd = new Semaphore(0);
    try (RunningDashboard dashboard = RunningDashboard.in(folder);
        Browser one = Browser.open();
        Browser other = Browser.open()) {
      dashboard
          .executor()
          .registerHandler(
              "image",
              step -> {
                mayEnd.acquire();
                return Map.of("status", "success");
              });
      one.go(dashboard.url("/active"));
      other.go(dashboard.url("/active"));
      one.awaitText("Nothing is under way");
      mark(one);
      mark(other);

      ExecutionRecord created = create(dashboard, "Confluence check", 3);
      dashboard.executor().begin(created.executionId(), false);

      for (Browser browser : List.of(one, other)) {
        browser.awaitText("Confluence check");
        browser.awaitText("0 of 3 steps");
        browser.awaitText("Image 1");
      }
      mayEnd.release();
      for (Browser browser : List.of(one, other)) {
        browser.awaitText("1 of 3 steps");
        browser.awaitText("Image 2");
      }
      mayEnd.release(2);
      for (Browser browser : List.of(one, other)) {
        browser.awaitText("Nothing is under way");
        assertThat(isMarked(browser)).as("without a reload").isTrue();
        assertThat(browser.complaints()).isEmpty();
      }
    }
  }

  @Test
  void heldStillThePictureDoesNotChange() throws Exception {
    CountDownLatch mayEnd = new CountDownLatch(1);
    try (RunningDashboard dashboard = RunningDashboard.in(folder);
        Browser browser = Browser.open()) {
      dashboard
          .executor()
          .registerHandler(
              "image",
              step -> {
                mayEnd.await();
                return Map.of("status", "success");
              });
      ExecutionRecord created = create(dashboard, "Confluence check", 1);
      dashboard.executor().begin(created.executionId(), false);
      browser.go(dashboard.url("/active"));
      browser.awaitText("Image 1");
      browser.click("#hold");

      mayEnd.countDown();
      dashboard.executor().await(created.executionId());
      try (Browser moving = Browser.open()) {
        moving.go(dashboard.url("/active"));
        moving.awaitText("Nothing is under way");
      }

      assertThat(browser.text()).contains("Image 1");
      browser.click("#hold");
      browser.awaitText("Nothing is under way");
    }
  }

  @Test
  void isPausedAndResumedFromItsCardWhileNewsCome() throws Exception {
    Semaphore mayEnd = new Semaphore(0);
    try (RunningDashboard dashboard = RunningDashboard.in(folder);
        Browser browser = Browser.open()) {
      dashboard
          .executor()
          .registerHandler(
              "image",
              step -> {
                mayEnd.acquire();
                return Map.of("status", "success");
              });
      String id = create(dashboard, "Confluence check", 3).executionId();
      dashboard.executor().begin(id, false);
      browser.go(dashboard.url("/active"));
      browser.awaitText("Image 1");
      mark(browser);
      browser.click("details[id^=ask] summary");
      browser.type("form[action$='/pause'] input[name=by]", "ada");
      browser.type("form[action$='/pause'] input[name=reason]", "medium is cold");

      mayEnd.release();
      browser.awaitText("Image 2");
      browser.click("form[action$='/pause'] button");
      browser.awaitText("Recorded: pause, by ada: medium is cold.");
      browser.awaitText("Paused by ada: medium is cold.");

      browser.click("details[id^=ask] summary");
      browser.type("form[action$='/resume'] input[name=by]", "ada");
      browser.click("form[action$='/resume'] button");
      mayEnd.release(2);
      browser.awaitText("Nothing is under way");
      assertThat(isMarked(browser)).isTrue();
    }
  }

  private static ExecutionRecord create(RunningDashboard dashboard, String name, int steps) {
    return dashboard
        .executor()
        .createExecutionFromProtocol(
            name,
            "iPSC",
            "flask_t75",
            "image",
            java.util.stream.IntStream.rangeClosed(1, steps)
                .mapToObj(number -> UnitOp.of("image", "Image " + number, Map.of()))
                .toList(),
            Map.of());
  }

  /** A reload would lose it. */
  private static void mark(Browser browser) {
    browser.driver().executeScript("window.isSamePage = true");
  }

  private static boolean isMarked(Browser browser) {
    return Boolean.TRUE.equals(browser.driver().executeScript("return window.isSamePage === true"));
  }
}

package org.cellos.dashboard;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.UnitOp;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.openqa.selenium.Dimension;

/** Takes the pictures of README.md, of executions that it performs for that. */
final class Screenshots {
  private static final Dimension SIZE = new Dimension(1024, 1000);

  private Screenshots() {}

  /**
   * @param arguments the folder for the pictures
   */
  public static void main(String[] arguments) throws Exception {
    Path pictures = Path.of(arguments[0]);
    Path folder = Files.createTempDirectory("cellos-screenshots");
    try (RunningDashboard dashboard = RunningDashboard.in(folder);
        Browser browser = Browser.open("--hide-scrollbars")) {
      perform(dashboard);
      browser.resize(SIZE);
      shoot(
          browser,
          dashboard,
          "/execute?operation=passage&cell_line=iPSC&vessel=flask_t75",
          pictures.resolve("execute.png"));
      shoot(browser, dashboard, "/active", pictures.resolve("active.png"));
      shoot(browser, dashboard, "/executions", pictures.resolve("history.png"));
      shoot(
          browser,
          dashboard,
          "/cell-lines/iPSC?operation=feed&vessel=flask_t75",
          pictures.resolve("inspector.png"));
      dashboard.executor().cancel("weekly-thaw", "the pictures are taken");
    }
  }

  private static void shoot(Browser browser, RunningDashboard dashboard, String path, Path picture)
      throws Exception {
    browser.go(dashboard.url(path));
    if (path.startsWith("/cell-lines")) {
      browser.find("canvas[data-drawn=yes]");
    }
    browser.screenshot(picture);
  }

  private static void perform(RunningDashboard dashboard) {
    ProtocolResolver resolver = new ProtocolResolver(ProtocolData.load(Optional.empty()));
    dashboard
        .executor()
        .registerHandler(
            "image",
            step -> {
              throw new IllegalStateException("The lamp is broken");
            });
    start(dashboard, resolver, "passage", "iPSC", "monday-passage", 3600, true);
    start(dashboard, resolver, "feed", "HEK293", "daily-feed", 3600, false);
    start(dashboard, resolver, "thaw", "iPSC", "weekly-thaw", 100, false);
    dashboard.executor().await("monday-passage");
    dashboard.executor().await("daily-feed");
    dashboard
        .executor()
        .execute(
            dashboard
                .executor()
                .createExecutionFromProtocol(
                    "Confluence check",
                    "iPSC",
                    "flask_t75",
                    "image",
                    List.of(UnitOp.of("image", "Image the flask", Map.of("channel", "phase"))),
                    Map.of("researcher", "ada"))
                .executionId(),
            false);
  }

  private static void start(
      RunningDashboard dashboard,
      ProtocolResolver resolver,
      String operation,
      String cellLine,
      String id,
      double speedUp,
      boolean dryRun) {
    dashboard
        .executor()
        .create(
            ExecutionInputs.ofResolved(
                id,
                resolver.resolve(operation, cellLine, "T75", Profile.ORIGINAL),
                Parameters.of(Map.of("researcher", "ada", "project", "organoids")),
                Instruments.VIRTUAL,
                speedUp,
                new Begin(dryRun)));
  }
}

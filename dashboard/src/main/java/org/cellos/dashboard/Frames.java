package org.cellos.dashboard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.cellos.dashboard.Frame.Banner;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.store.StoreException;
import org.cellos.view.History;
import org.cellos.view.Texts;

/** Makes what is around the pages, with the banners of this moment. Thread-safe. */
final class Frames {
  private static final int MOST_DECISIONS = 5;

  /** A worker that lives is heard of every ten seconds. */
  private static final Duration SILENCE = Duration.ofSeconds(25);

  private final MirrorReader mirror;
  private final EngineWatch engine;
  private final WebAssets assets = WebAssets.load();

  Frames(MirrorReader mirror, EngineWatch engine) {
    this.mirror = mirror;
    this.engine = engine;
  }

  Frame of(String tab, String title) {
    return new Frame(tab, title, banners(), assets);
  }

  /** For pages that say what is wrong: looking for more of it could fail as well. */
  Frame withoutBanners(String tab, String title) {
    return new Frame(tab, title, List.of(), assets);
  }

  private List<Banner> banners() {
    List<Banner> banners = new ArrayList<>();
    try {
      banners.addAll(mirror.read(Frames::ofHistory));
    } catch (NoHistoryException e) {
      // The page itself says how to begin.
    } catch (StoreException e) {
      banners.add(Banner.error(String.valueOf(e.getMessage())));
    }
    engine.trouble().map(Banner::warning).ifPresent(banners::add);
    return banners;
  }

  private static List<Banner> ofHistory(History history) {
    List<Banner> banners = new ArrayList<>(decisions(history));
    List<ExecutionRecord> unfinished =
        history.queries().unfinished().stream()
            .flatMap(open -> history.queries().find(open.executionId()).stream())
            .toList();
    long abandoned = unfinished.stream().filter(history::isAbandoned).count();
    if (abandoned > 0) {
      banners.add(
          new Banner(
              "warning",
              abandoned
                  + (abandoned == 1 ? " execution does" : " executions do")
                  + " not go on: nobody performs "
                  + (abandoned == 1 ? "it" : "them")
                  + " now. 'cellos worker' takes up what is left.",
              "/active",
              "Which"));
    }
    history
        .silence(SILENCE)
        .ifPresent(
            silent ->
                banners.add(
                    Banner.warning(
                        "What is shown may be behind: the worker that records it was last heard of "
                            + Texts.duration(silent)
                            + " ago.")));
    return banners;
  }

  private static List<Banner> decisions(History history) {
    List<Banner> banners = new ArrayList<>();
    for (DecisionRecord asked : history.queries().openDecisions(MOST_DECISIONS)) {
      history
          .queries()
          .find(asked.executionId())
          .ifPresent(execution -> banners.add(decision(execution, asked)));
    }
    return banners;
  }

  private static Banner decision(ExecutionRecord execution, DecisionRecord asked) {
    return new Banner(
        "decision",
        execution.workflowName() + " waits for you: " + asked.question().text(),
        "/executions/" + PathSegments.encode(execution.executionId()) + "#decision",
        "Look and decide");
  }
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.cellos.domain.ExecutionRecord;
import org.cellos.view.History;

/** Every execution that has not ended, live. */
@Singleton
@Path("/active")
@Produces(TemplateView.HTML)
public final class ActivePage {
  private final MirrorReader mirror;
  private final Frames frames;

  ActivePage(MirrorReader mirror, Frames frames) {
    this.mirror = mirror;
    this.frames = frames;
  }

  /**
   * @param executions newest first
   */
  public record Model(List<ActiveExecution> executions) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "active.ftlh", frames.of("active", "Active executions"), mirror.read(ActivePage::model));
  }

  private static Model model(History history) {
    return new Model(
        history.queries().unfinished().stream()
            .flatMap(open -> history.queries().find(open.executionId()).stream())
            .sorted(Comparator.comparing(ExecutionRecord::createdAt).reversed())
            .map(record -> ActiveExecution.of(history, record, Instant.now()))
            .toList());
  }
}

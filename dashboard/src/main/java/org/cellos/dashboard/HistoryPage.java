package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.cellos.store.ExecutionFilter;

/** All executions, filtered and paged. */
@Singleton
@Path("/executions")
@Produces(TemplateView.HTML)
public final class HistoryPage {
  private final MirrorReader mirror;
  private final Frames frames;

  HistoryPage(MirrorReader mirror, Frames frames) {
    this.mirror = mirror;
    this.frames = frames;
  }

  /**
   * @param executions newest first
   */
  public record Model(List<ExecutionSummary> executions) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "history.ftlh",
        frames.of("history", "Execution history"),
        mirror.read(
            history ->
                new Model(
                    history.queries().list(ExecutionFilter.all()).stream()
                        .map(record -> ExecutionSummary.of(history, record))
                        .toList())));
  }
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepRecord;

/** One execution: its steps, results, errors, questions and what may be asked of it. */
@Singleton
@Path("/executions/{id}")
@Produces(TemplateView.HTML)
public final class ExecutionPage {
  private final MirrorReader mirror;
  private final Frames frames;
  private final ExecutionActions actions;

  ExecutionPage(MirrorReader mirror, Frames frames, ExecutionActions actions) {
    this.mirror = mirror;
    this.frames = frames;
    this.actions = actions;
  }

  /**
   * @param execution the row
   * @param steps by index
   */
  public record Model(ExecutionSummary execution, List<StepRecord> steps) {}

  @GET
  public TemplateView page(@PathParam("id") String id) {
    ExecutionRecord record = actions.find(id);
    return TemplateView.of(
        "execution.ftlh",
        frames.of("history", record.workflowName()),
        mirror.read(
            history ->
                new Model(ExecutionSummary.of(history, record), history.queries().steps(id))));
  }
}

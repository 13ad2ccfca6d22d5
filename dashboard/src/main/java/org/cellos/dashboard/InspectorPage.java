package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.cellos.protocol.ProtocolData;

/** What is known of a cell line, and what a protocol would be for it. */
@Singleton
@Path("/cell-lines")
@Produces(TemplateView.HTML)
public final class InspectorPage {
  private final Frames frames;
  private final ExecutionActions actions;
  private final ProtocolData data;

  InspectorPage(Frames frames, ExecutionActions actions, ProtocolData data) {
    this.frames = frames;
    this.actions = actions;
    this.data = data;
  }

  /**
   * @param cellLines their names
   */
  public record Model(List<String> cellLines) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "inspector.ftlh",
        frames.of("inspector", "Cell line inspector"),
        new Model(data.cellLineNames()));
  }

  ExecutionActions actions() {
    return actions;
  }
}

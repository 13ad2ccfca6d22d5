package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import org.cellos.protocol.ProtocolData;

/** Chooses, previews and starts a protocol. */
@Singleton
@Path("/execute")
@Produces(TemplateView.HTML)
public final class ExecutePage {
  private final Frames frames;
  private final ExecutionActions actions;
  private final ProtocolData data;

  ExecutePage(Frames frames, ExecutionActions actions, ProtocolData data) {
    this.frames = frames;
    this.actions = actions;
    this.data = data;
  }

  /**
   * @param operations that there are
   */
  public record Model(List<String> operations) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "execute.ftlh", frames.of("execute", "Execute a protocol"), new Model(data.operations()));
  }

  ExecutionActions actions() {
    return actions;
  }
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.cellos.domain.ExecutionRecord;
import org.cellos.json.Json;
import org.cellos.view.ExecutionView;

/** Executions for programs. */
@Singleton
@Path("/api/executions")
@Produces(MediaType.APPLICATION_JSON)
public final class ExecutionsApi {
  private final MirrorReader mirror;
  private final ExecutionActions actions;

  ExecutionsApi(MirrorReader mirror, ExecutionActions actions) {
    this.mirror = mirror;
    this.actions = actions;
  }

  @GET
  @Path("{id}")
  public String execution(@PathParam("id") String id) {
    ExecutionRecord record = actions.find(id);
    return Json.write(
        mirror.read(
            history -> ExecutionView.of(history, record, history.queries().steps(id), null)));
  }
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.json.Json;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionPage;
import org.cellos.view.ExecutionView;

/** Executions for programs: what the pages can, under the same rules. */
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
  public String list(@Context UriInfo uri) {
    uri.getQueryParameters()
        .forEach(
            (name, values) -> {
              // A form sends fields that nobody has filled in; a program means what it sends.
              if (values.contains("")) {
                throw RequestException.badRequest(name, "'" + name + "' is empty.");
              }
            });
    ExecutionFilter filter = HistoryQuery.of(uri.getQueryParameters()).filter();
    return mirror.read(
        history -> {
          ExecutionPage page = history.queries().page(filter);
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put(
              "executions",
              page.executions().stream()
                  .map(record -> ExecutionView.withoutSteps(history, record))
                  .toList());
          answer.put("total", history.queries().count(filter));
          page.next().ifPresent(place -> answer.put("next", place.encode()));
          return Json.write(answer);
        });
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  public Response start(String body) {
    return accepted(actions.start(JsonBody.read(body, StartRequest.class)));
  }

  @GET
  @Path("{id}")
  public String execution(@PathParam("id") String id) {
    return json(actions.find(id));
  }

  @GET
  @Path("{id}/attempts")
  public String attempts(@PathParam("id") String id) {
    actions.find(id);
    return Json.write(Map.of("attempts", mirror.read(history -> history.queries().attempts(id))));
  }

  @GET
  @Path("{id}/audit")
  public String audit(@PathParam("id") String id) {
    actions.find(id);
    return Json.write(Map.of("audit", mirror.read(history -> history.queries().audit(id))));
  }

  @POST
  @Path("{id}/{action: begin|pause|resume|cancel|skip|retry|edit|note|answer}")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response act(@PathParam("id") String id, @PathParam("action") String action, String body) {
    ControlBody asked = JsonBody.read(body, ControlBody.class);
    switch (action) {
      case "begin" -> actions.begin(id, asked.isDryRun(), asked.isConfirmed());
      case "pause" -> actions.pause(id, Boolean.TRUE.equals(asked.atOnce()), asked.person());
      case "resume" -> actions.resume(id, asked.person());
      case "cancel" -> actions.cancel(id, asked.person());
      case "skip" -> actions.skip(id, asked.requiredStep(), asked.person());
      case "retry" -> actions.retry(id, asked.person());
      case "edit" ->
          actions.edit(
              id,
              asked.requiredStep(),
              Optional.ofNullable(asked.changes()).orElseGet(Map::of),
              asked.person());
      case "note" ->
          actions.note(
              id, asked.stepIndex(), Optional.ofNullable(asked.text()).orElse(""), asked.person());
      case "answer" ->
          actions.answer(
              id,
              asked.stepIndex(),
              Optional.ofNullable(asked.choice()).orElse(""),
              asked.amountMl(),
              asked.person());
      default -> throw new IllegalArgumentException(action);
    }
    return accepted(actions.find(id));
  }

  @POST
  @Path("{id}/rerun")
  @Consumes(MediaType.APPLICATION_JSON)
  public Response rerun(@PathParam("id") String id, String body) {
    ControlBody asked = JsonBody.read(body, ControlBody.class);
    return accepted(
        actions.rerun(
            id,
            asked.executionId(),
            Optional.ofNullable(asked.fromStep()).orElse(0),
            asked.wells(),
            asked.isDryRun(),
            asked.isConfirmed()));
  }

  private Response accepted(ExecutionRecord record) {
    return Response.accepted(json(record))
        .location(URI.create("/api/executions/" + PathSegments.encode(record.executionId())))
        .build();
  }

  private String json(ExecutionRecord record) {
    return mirror.read(
        history ->
            Json.write(
                ExecutionView.of(
                    history,
                    history.queries().find(record.executionId()).orElse(record),
                    history.queries().steps(record.executionId()),
                    null)));
  }

  /** Names of what may be asked of an execution. */
  static final List<String> ACTIONS =
      List.of("begin", "pause", "resume", "cancel", "skip", "retry", "edit", "note", "answer");
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.json.Json;
import org.cellos.protocol.ProtocolException;
import org.cellos.store.StoreException;
import org.cellos.view.ResolvedView;
import org.cellos.worker.EquipmentView;
import org.cellos.worker.SharedEquipment;

/** What could be performed, and whether it could be now, for programs. */
@Singleton
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
public final class FactsApi {
  private final ExecutionActions actions;
  private final Combinations combinations;
  private final MirrorReader mirror;
  private final EngineWatch engine;

  FactsApi(
      ExecutionActions actions,
      Combinations combinations,
      MirrorReader mirror,
      EngineWatch engine) {
    this.actions = actions;
    this.combinations = combinations;
    this.mirror = mirror;
    this.engine = engine;
  }

  @POST
  @Path("resolve")
  @Consumes(MediaType.APPLICATION_JSON)
  public String resolve(String body) {
    return Json.write(
        ResolvedView.of(
            actions.plan(JsonBody.read(body, ResolveRequest.class).asStart()).protocol()));
  }

  @GET
  @Path("combinations")
  public String combinations() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (String operation : combinations.data().operations()) {
      for (String line : combinations.data().cellLineNames()) {
        for (String vessel : combinations.data().vesselIds()) {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("operation", operation);
          one.put("cell_line", line);
          one.put("vessel_id", vessel);
          combinations.whyNot(operation, line, vessel).ifPresent(why -> one.put("why_not", why));
          all.add(one);
        }
      }
    }
    return Json.write(Map.of("combinations", all));
  }

  @GET
  @Path("cell-lines")
  public String cellLines() {
    return Json.write(Map.of("cell_lines", combinations.data().cellLineNames()));
  }

  @GET
  @Path("cell-lines/{name}")
  public String cellLine(@PathParam("name") String name) {
    try {
      return Json.write(combinations.data().profile(name));
    } catch (ProtocolException e) {
      throw new RequestException(Problem.of(404, "not_found", String.valueOf(e.getMessage())));
    }
  }

  @GET
  @Path("vessels")
  public String vessels() {
    return Json.write(Map.of("vessels", combinations.data().vesselIds()));
  }

  /** Who has robots and other equipment, and who waits for them. */
  @GET
  @Path("equipment")
  public String equipment() {
    try {
      return Json.write(
          EquipmentView.of(
              mirror.read(
                  history -> SharedEquipment.uses(mirror.file(), history.queries().leases()))));
    } catch (ProtocolException e) {
      throw new RequestException(
          Problem.of(
              503, "files_wrong", "The files beside the history are wrong: " + e.getMessage()));
    }
  }

  /** Whether this process answers: whoever restarts it needs no more. */
  @GET
  @Path("health/live")
  public String live() {
    return Json.write(Map.of("status", "ok"));
  }

  /** Whether history and Temporal are as they should be. */
  @GET
  @Path("health/ready")
  public Response ready() {
    Map<String, String> answer = new LinkedHashMap<>();
    String history = history();
    String temporal = engine.trouble().orElse("ok");
    boolean isReady = history.equals("ok") && temporal.equals("ok");
    answer.put("status", isReady ? "ok" : "trouble");
    answer.put("history", history);
    answer.put("temporal", temporal);
    return Response.status(isReady ? 200 : 503).entity(Json.write(answer)).build();
  }

  private String history() {
    try {
      mirror.version();
      return "ok";
    } catch (NoHistoryException e) {
      // The first execution makes it.
      return "ok";
    } catch (StoreException e) {
      return String.valueOf(e.getMessage());
    }
  }
}

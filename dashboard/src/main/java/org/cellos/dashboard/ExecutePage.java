package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.cellos.domain.ExecutionRecord;
import org.cellos.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Chooses, previews and starts a protocol, and shows what becomes of it where one stands. */
@Singleton
@Path("/execute")
@Produces(TemplateView.HTML)
public final class ExecutePage {
  private final MirrorReader mirror;
  private final Frames frames;
  private final ExecutionActions actions;
  private final Combinations combinations;

  ExecutePage(
      MirrorReader mirror, Frames frames, ExecutionActions actions, Combinations combinations) {
    this.mirror = mirror;
    this.frames = frames;
    this.actions = actions;
    this.combinations = combinations;
  }

  /**
   * @param robots ids of those that are written down
   * @param preview null while nothing is chosen, or where it cannot be
   * @param seen tells what is previewed from anything else; empty for nothing
   * @param refusal why not; null where it can
   */
  public record Model(
      ExecuteForm form,
      List<Combinations.Choice> operations,
      List<Combinations.Choice> cellLines,
      List<Combinations.Choice> vessels,
      List<String> robots,
      @Nullable Preview preview,
      String seen,
      @Nullable String refusal) {}

  @GET
  public TemplateView page(@Context UriInfo uri) {
    MultivaluedMap<String, String> parameters = uri.getQueryParameters();
    boolean isFirst = !parameters.containsKey("instruments");
    ExecuteForm form = ExecuteForm.of(parameters, isFirst);
    return TemplateView.of("execute.ftlh", frames.of("execute", "Execute a protocol"), model(form));
  }

  private Model model(ExecuteForm form) {
    @Nullable Preview preview = null;
    @Nullable String refusal = null;
    String seen = "";
    if (form.isComplete()) {
      try {
        ExecutionActions.Plan plan = actions.plan(form.request());
        preview = Preview.of(plan);
        seen = plan.fingerprint();
      } catch (ProtocolException | RequestException e) {
        refusal = e.getMessage();
      }
    }
    return new Model(
        form,
        combinations.operations(
            form.operation(), orAny(form.cellLine(), "iPSC"), orAny(form.vessel(), "flask_t75")),
        combinations.cellLines(
            orAny(form.operation(), "thaw"), form.cellLine(), orAny(form.vessel(), "flask_t75")),
        combinations.vessels(
            orAny(form.operation(), "thaw"), orAny(form.cellLine(), "iPSC"), form.vessel()),
        robots(),
        preview,
        seen,
        refusal);
  }

  /** What is wrong with their file is said to who chooses hardware. */
  private List<String> robots() {
    try {
      return actions.robots().robots().keySet().stream().sorted().toList();
    } catch (RequestException e) {
      return List.of();
    }
  }

  /** What is not chosen yet must not forbid anything: the most usual stands for it. */
  private static String orAny(String chosen, String usual) {
    return chosen.isEmpty() ? usual : chosen;
  }

  /** The same page for what is too long for an address: a protocol of one's own. */
  @POST
  @Path("preview")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response preview(MultivaluedMap<String, String> fields) {
    ExecuteForm form = ExecuteForm.of(fields, false);
    return Response.ok(
            TemplateView.of(
                "execute.ftlh", frames.of("execute", "Execute a protocol"), model(form)))
        .header("HX-Push-Url", "/execute" + form.query())
        .build();
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response start(
      @HeaderParam("HX-Request") @Nullable String htmx, MultivaluedMap<String, String> fields) {
    ExecuteForm form = ExecuteForm.of(fields, false);
    actions.requireSeen(form.request(), new FormFields(fields).orEmpty("seen"));
    ExecutionRecord started = actions.start(form.request());
    String id = started.executionId();
    return htmx == null
        ? Response.seeOther(URI.create("/executions/" + PathSegments.encode(id))).build()
        : Response.ok(result(id)).build();
  }

  /** What becomes of an execution, for the page that has started it. */
  @GET
  @Path("result/{id}")
  public TemplateView result(@PathParam("id") String id) {
    ExecutionRecord record = actions.find(id);
    return TemplateView.of(
        "result.ftlh",
        frames.withoutBanners("", ""),
        mirror.read(
            history ->
                new Result(
                    ExecutionModel.of(history, record, false, Instant.now()),
                    java.util.UUID.randomUUID().toString())));
  }

  /**
   * @param nextId for the next start from the same form
   */
  public record Result(ExecutionModel model, String nextId) {}
}

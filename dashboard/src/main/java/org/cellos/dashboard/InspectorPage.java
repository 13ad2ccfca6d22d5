package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.cellos.protocol.CellLineProfile;
import org.cellos.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/** What is known of a cell line, and what a protocol would be for it. */
@Singleton
@Path("/cell-lines")
@Produces(TemplateView.HTML)
public final class InspectorPage {
  private final Frames frames;
  private final ExecutionActions actions;
  private final Combinations combinations;

  InspectorPage(Frames frames, ExecutionActions actions, Combinations combinations) {
    this.frames = frames;
    this.actions = actions;
    this.combinations = combinations;
  }

  /**
   * @param profile null while no line is chosen
   * @param preview null while not all is chosen
   * @param refusal why it cannot be resolved; null where it can
   */
  public record Model(
      List<String> cellLines,
      @Nullable CellLineProfile profile,
      ExecuteForm form,
      List<Combinations.Choice> operations,
      List<Combinations.Choice> vessels,
      @Nullable Preview preview,
      @Nullable String refusal) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "inspector.ftlh",
        frames.of("inspector", "Cell line inspector"),
        new Model(
            combinations.data().cellLineNames(),
            null,
            ExecuteForm.of(new jakarta.ws.rs.core.MultivaluedHashMap<>(), true),
            List.of(),
            List.of(),
            null,
            null));
  }

  @GET
  @Path("{name}")
  public TemplateView line(@PathParam("name") String name, @Context UriInfo uri) {
    CellLineProfile profile = profile(name);
    jakarta.ws.rs.core.MultivaluedMap<String, String> parameters =
        new jakarta.ws.rs.core.MultivaluedHashMap<>(uri.getQueryParameters());
    parameters.putSingle("cell_line", profile.id());
    ExecuteForm form = ExecuteForm.of(parameters, true);
    @Nullable Preview preview = null;
    @Nullable String refusal = null;
    if (form.isComplete()) {
      try {
        preview = Preview.of(actions.plan(form.request()));
      } catch (ProtocolException | RequestException e) {
        refusal = e.getMessage();
      }
    }
    String operation = form.operation().isEmpty() ? "thaw" : form.operation();
    String vessel = form.vessel().isEmpty() ? "flask_t75" : form.vessel();
    return TemplateView.of(
        "inspector.ftlh",
        frames.of("inspector", profile.name()),
        new Model(
            combinations.data().cellLineNames(),
            profile,
            form,
            combinations.operations(form.operation(), profile.id(), vessel),
            combinations.vessels(operation, profile.id(), form.vessel()),
            preview,
            refusal));
  }

  private CellLineProfile profile(String name) {
    try {
      return combinations.data().profile(name);
    } catch (ProtocolException e) {
      throw new RequestException(Problem.of(404, "not_found", String.valueOf(e.getMessage())));
    }
  }
}

package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.io.Writer;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepRecord;
import org.cellos.json.Json;
import org.cellos.json.Timestamps;
import org.cellos.view.ExecutionView;
import org.jspecify.annotations.Nullable;

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

  @GET
  public TemplateView page(
      @PathParam("id") String id, @QueryParam("errors") @Nullable String errors) {
    ExecutionRecord record = actions.find(id);
    return TemplateView.of(
        "execution.ftlh",
        frames.of("history", record.workflowName()),
        mirror.read(
            history -> ExecutionModel.of(history, record, "only".equals(errors), Instant.now())));
  }

  @GET
  @Path("replay")
  public TemplateView replay(@PathParam("id") String id, @QueryParam("at") @Nullable String at) {
    ExecutionRecord record = actions.find(id);
    return TemplateView.of(
        "replay.ftlh",
        frames.of("history", "Replay of " + record.workflowName()),
        mirror.read(history -> Replay.of(history, record, FormFields.index("at", at, 0))));
  }

  @GET
  @Path("execution.json")
  public Response execution(@PathParam("id") String id) {
    ExecutionRecord record = ExecutionActions.find(mirror, id);
    String json =
        mirror.read(
            history ->
                Json.writePretty(
                    ExecutionView.of(history, record, history.queries().steps(id), null)));
    return Response.ok(json, HistoryExport.JSON).build();
  }

  @GET
  @Path("steps.csv")
  public Response steps(@PathParam("id") String id) {
    ExecutionRecord record = ExecutionActions.find(mirror, id);
    List<StepRecord> steps = mirror.read(history -> history.queries().steps(id));
    return HistoryExport.download(
        "steps.csv",
        HistoryExport.CSV,
        out -> {
          try (Writer writer = HistoryExport.writer(out);
              CsvTable table =
                  new CsvTable(
                      writer,
                      "execution_id",
                      "step_index",
                      "name",
                      "operation_type",
                      "status",
                      "mode",
                      "start_time",
                      "end_time",
                      "attempts",
                      "error_message",
                      "parameters",
                      "result")) {
            for (StepRecord step : steps) {
              table.row(
                  record.executionId(),
                  step.stepIndex(),
                  step.name(),
                  step.operationType(),
                  step.status(),
                  ExecutionView.mode(step).orElse(""),
                  Optional.ofNullable(step.startTime()).map(Timestamps::format).orElse(""),
                  Optional.ofNullable(step.endTime()).map(Timestamps::format).orElse(""),
                  step.attempts(),
                  step.errorMessage(),
                  Json.write(step.parameters()),
                  step.result() == null ? "" : Json.write(step.result()));
            }
          }
        });
  }

  /** What was recorded, for whoever stays on the page. */
  public record Said(String text) {}

  @POST
  @Path("{action: begin|pause|resume|cancel|skip|retry|edit|note|answer}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response act(
      @PathParam("id") String id,
      @PathParam("action") String action,
      @HeaderParam("HX-Request") @Nullable String htmx,
      MultivaluedMap<String, String> form) {
    FormFields fields = new FormFields(form);
    Person person = Person.of(fields.text("by"), fields.text("reason"), fields.text("request_id"));
    switch (action) {
      case "begin" -> actions.begin(id, fields.isTicked("dry_run"), fields.isTicked("confirmed"));
      case "pause" -> actions.pause(id, fields.isTicked("now"), person);
      case "resume" -> actions.resume(id, person);
      case "cancel" -> actions.cancel(id, person);
      case "skip" -> actions.skip(id, fields.requiredIndex("step_index"), person);
      case "retry" -> actions.retry(id, person);
      case "edit" -> actions.edit(id, fields.requiredIndex("step_index"), changes(fields), person);
      case "note" -> actions.note(id, null, fields.orEmpty("text"), person);
      case "answer" ->
          actions.answer(
              id,
              fields.requiredIndex("step_index"),
              fields.orEmpty("choice"),
              fields.number("amount_ml"),
              person);
      default -> throw new IllegalArgumentException(action);
    }
    return htmx == null
        ? Response.seeOther(address(id)).build()
        : Response.ok(
                TemplateView.of(
                    "said.ftlh",
                    frames.withoutBanners("", ""),
                    new Said("Recorded: " + action + ", " + person.byAndWhy() + ".")))
            .build();
  }

  @POST
  @Path("rerun")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response rerun(
      @PathParam("id") String id,
      @HeaderParam("HX-Request") @Nullable String htmx,
      MultivaluedMap<String, String> form) {
    FormFields fields = new FormFields(form);
    ExecutionRecord rerun =
        actions.rerun(
            id,
            fields.text("execution_id"),
            fields.requiredIndex("from_step"),
            fields.text("wells"),
            fields.isTicked("dry_run"),
            fields.isTicked("confirmed"));
    URI address = address(rerun.executionId());
    return htmx == null
        ? Response.seeOther(address).build()
        : Response.noContent().header("HX-Redirect", address).build();
  }

  private static URI address(String id) {
    return URI.create("/executions/" + PathSegments.encode(id));
  }

  /** Lines of KEY=VALUE. */
  private static Map<String, String> changes(FormFields fields) {
    Map<String, String> changes = new LinkedHashMap<>();
    for (String line : fields.orEmpty("changes").lines().toList()) {
      int equals = line.indexOf('=');
      if (equals < 1) {
        throw RequestException.badRequest(
            "changes", "'" + line + "' is no KEY=VALUE, such as volume_ml=12.5.");
      }
      changes.put(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
    }
    return changes;
  }
}

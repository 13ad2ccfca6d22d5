package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.json.Json;
import org.cellos.json.Timestamps;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionPage;
import org.cellos.view.ExecutionView;

/** What is on the screen, as files: CSV for spreadsheets, JSON for programs. */
@Singleton
@Path("/")
public final class HistoryExport {
  private static final int PAGE = 500;

  /** More than any spreadsheet is pleasant with. */
  private static final int MOST = 100_000;

  static final String CSV = "text/csv; charset=utf-8";
  static final String JSON = "application/json";

  private final MirrorReader mirror;

  HistoryExport(MirrorReader mirror) {
    this.mirror = mirror;
  }

  @GET
  @Path("executions.csv")
  public Response csv(@Context UriInfo uri) {
    ExecutionFilter filter = HistoryQuery.of(uri.getQueryParameters()).filter();
    return download("executions.csv", CSV, out -> writeCsv(filter, out));
  }

  @GET
  @Path("executions.json")
  public Response json(@Context UriInfo uri) {
    ExecutionFilter filter = HistoryQuery.of(uri.getQueryParameters()).filter();
    return download("executions.json", JSON, out -> writeJson(filter, out));
  }

  static Response download(String name, String type, StreamingOutput output) {
    return Response.ok(output, type)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "\"")
        .build();
  }

  static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  private void writeCsv(ExecutionFilter filter, OutputStream out) throws IOException {
    try (Writer writer = writer(out);
        CsvTable table =
            new CsvTable(
                writer,
                "execution_id",
                "workflow_name",
                "cell_line",
                "vessel_id",
                "operation_type",
                "status",
                "dry_run",
                "simulated",
                "created_at",
                "started_at",
                "completed_at",
                "steps",
                "completed_steps",
                "error_message",
                "metadata")) {
      each(
          filter,
          record ->
              table.row(
                  record.executionId(),
                  record.workflowName(),
                  record.cellLine(),
                  record.vesselId(),
                  record.operationType(),
                  record.status(),
                  record.dryRun(),
                  record.simulated(),
                  Timestamps.format(record.createdAt()),
                  Optional.ofNullable(record.startedAt()).map(Timestamps::format).orElse(""),
                  Optional.ofNullable(record.completedAt()).map(Timestamps::format).orElse(""),
                  record.stepCount(),
                  record.completedStepCount(),
                  record.errorMessage(),
                  Json.write(record.metadata())));
    }
  }

  private void writeJson(ExecutionFilter filter, OutputStream out) throws IOException {
    try (Writer writer = writer(out)) {
      writer.write("{\"executions\":[");
      boolean[] isFirst = {true};
      each(
          filter,
          record -> {
            writer.write(isFirst[0] ? "" : ",\n");
            isFirst[0] = false;
            String json =
                mirror.read(history -> Json.write(ExecutionView.withoutSteps(history, record)));
            writer.write(json);
          });
      writer.write("]}\n");
    }
  }

  private interface Use {
    void of(ExecutionRecord record) throws IOException;
  }

  /** Page by page: no read of the history lasts long enough to be in anybody's way. */
  private void each(ExecutionFilter filter, Use use) throws IOException {
    Optional<ExecutionFilter.Place> place = filter.after();
    int written = 0;
    do {
      ExecutionFilter part = filter.page(place, PAGE);
      ExecutionPage page = mirror.read(history -> history.queries().page(part));
      for (ExecutionRecord record : page.executions()) {
        use.of(mirror.read(history -> history.undisguised(record)));
      }
      written += page.executions().size();
      place = page.next();
    } while (place.isPresent() && written < MOST);
  }
}

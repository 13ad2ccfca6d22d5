package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.UriInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cellos.domain.ExecutionStatus;
import org.cellos.protocol.ProtocolData;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionPage;
import org.cellos.view.History;

/** All executions, filtered and paged; the address has all of the question. */
@Singleton
@Path("/executions")
@Produces(TemplateView.HTML)
public final class HistoryPage {
  private final MirrorReader mirror;
  private final Frames frames;
  private final ProtocolData data;

  HistoryPage(MirrorReader mirror, Frames frames, ProtocolData data) {
    this.mirror = mirror;
    this.frames = frames;
    this.data = data;
  }

  /**
   * @param executions of this page, in the order asked for
   * @param statuses the choices of a status, with their counts
   * @param form what was asked, as the form shows it
   * @param cellLines names to choose from
   * @param vessels ids to choose from
   * @param operations names to choose from
   * @param sorts the choices of an order
   * @param total how many the filter matches
   * @param next the address of the next page; empty if this is the last
   * @param first the address of the first page; empty if this is it
   * @param query what was asked, as it stands in addresses
   */
  public record Model(
      List<ExecutionSummary> executions,
      List<StatusChoice> statuses,
      Form form,
      List<String> cellLines,
      List<String> vessels,
      List<String> operations,
      List<Sort> sorts,
      long total,
      String next,
      String first,
      String query) {}

  /** A status to filter by. */
  public record StatusChoice(String word, String icon, long count, boolean chosen) {}

  /** An order to choose. */
  public record Sort(String word, boolean chosen) {}

  /** What was typed. */
  public record Form(
      String cellLine, String vessel, String operation, String from, String to, String search) {}

  @GET
  public TemplateView page(@Context UriInfo uri) {
    HistoryQuery query = HistoryQuery.of(uri.getQueryParameters());
    return TemplateView.of(
        "history.ftlh",
        frames.of("history", "Execution history"),
        mirror.read(history -> model(history, query)));
  }

  private Model model(History history, HistoryQuery query) {
    ExecutionFilter filter = query.filter();
    ExecutionPage page = history.queries().page(filter);
    Map<ExecutionStatus, Long> counts = history.queries().countByStatus(filter);
    Set<ExecutionStatus> shown =
        query.statuses().isEmpty() ? EnumSet.allOf(ExecutionStatus.class) : query.statuses();
    return new Model(
        page.executions().stream().map(record -> ExecutionSummary.of(history, record)).toList(),
        Stream.of(ExecutionStatus.values())
            .map(
                status ->
                    new StatusChoice(
                        status.wireValue(),
                        ExecutionSummary.icon(status),
                        counts.getOrDefault(status, 0L),
                        query.statuses().contains(status)))
            .toList(),
        new Form(
            query.cellLine(),
            query.vessel(),
            query.operation(),
            query.from(),
            query.to(),
            query.search()),
        data.cellLineNames(),
        data.vesselIds(),
        data.operations(),
        Stream.of(ExecutionFilter.Order.values())
            .map(order -> new Sort(order.name().toLowerCase(Locale.ROOT), order == query.order()))
            .toList(),
        shown.stream().mapToLong(status -> counts.getOrDefault(status, 0L)).sum(),
        page.next()
            .map(place -> "/executions" + query.from(Optional.of(place)).encode())
            .orElse(""),
        query.after().isEmpty() ? "" : "/executions" + query.from(Optional.empty()).encode(),
        query.from(Optional.empty()).encode());
  }
}

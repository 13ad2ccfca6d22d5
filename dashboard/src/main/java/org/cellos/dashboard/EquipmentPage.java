package org.cellos.dashboard;

import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.Lease;
import org.cellos.domain.Priority;
import org.cellos.protocol.ProtocolException;
import org.cellos.view.History;
import org.cellos.view.Texts;
import org.cellos.worker.SharedEquipment;
import org.jspecify.annotations.Nullable;

/** Who has the robots and the shared equipment, and who waits for them, live. */
@Singleton
@Path("/equipment")
@Produces(TemplateView.HTML)
public final class EquipmentPage {
  private final MirrorReader mirror;
  private final Frames frames;

  EquipmentPage(MirrorReader mirror, Frames frames) {
    this.mirror = mirror;
    this.frames = frames;
  }

  /**
   * @param uses robots first
   * @param trouble what is wrong with the files; null for nothing
   */
  public record Model(List<Use> uses, @Nullable String trouble) {}

  /**
   * @param places in words
   * @param queue in the order in which it is their turn
   */
  public record Use(String name, String places, List<Place> users, List<Place> queue) {}

  /**
   * @param note since when, and what else is to be known
   * @param obstacles what keeps it from going on, and so from giving it back
   */
  public record Place(String name, String id, String link, String note, List<String> obstacles) {}

  @GET
  public TemplateView page() {
    return TemplateView.of(
        "equipment.ftlh", frames.of("equipment", "Equipment"), mirror.read(this::model));
  }

  private Model model(History history) {
    List<SharedEquipment.Use> uses;
    try {
      uses = SharedEquipment.uses(mirror.file(), history.queries().leases());
    } catch (ProtocolException e) {
      return new Model(List.of(), e.getMessage());
    }
    return new Model(
        uses.stream()
            .map(
                use ->
                    new Use(
                        use.name(),
                        places(use),
                        places(history, use.users(), use.places().size() > 1),
                        places(history, use.queue(), false)))
            .toList(),
        null);
  }

  private static String places(SharedEquipment.Use use) {
    return new TreeMap<>(use.places())
        .entrySet().stream()
            .map(
                unit ->
                    (unit.getKey().equals(use.name()) ? "" : unit.getKey() + ": ")
                        + unit.getValue()
                        + (unit.getValue() == 1 ? " place" : " places"))
            .collect(Collectors.joining(", "));
  }

  private static List<Place> places(History history, List<Lease> leases, boolean isOneOfSeveral) {
    return leases.stream().map(lease -> place(history, lease, isOneOfSeveral)).toList();
  }

  private static Place place(History history, Lease lease, boolean isOneOfSeveral) {
    Optional<ExecutionRecord> record = history.queries().find(lease.executionId());
    return new Place(
        record.map(ExecutionRecord::workflowName).orElse(lease.executionId()),
        lease.executionId(),
        "/executions/" + PathSegments.encode(lease.executionId()),
        "since "
            + Texts.localTime(lease.since())
            + (isOneOfSeveral ? ", " + lease.unit() : "")
            + (lease.priority() == Priority.NORMAL ? "" : ", " + lease.priority().wireValue()),
        record.map(history::obstacles).orElse(List.of()));
  }
}

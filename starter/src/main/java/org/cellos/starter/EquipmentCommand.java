package org.cellos.starter;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cellos.domain.Lease;
import org.cellos.json.Json;
import org.cellos.json.Timestamps;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.Texts;
import org.cellos.worker.SharedEquipment;
import org.cellos.worker.SharedEquipment.Use;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Who has the robots and the shared equipment, and who waits for them. */
@Command(
    name = "equipment",
    description = "Says who has robots, centrifuges and incubators, and who waits for them.",
    mixinStandardHelpOptions = true)
final class EquipmentCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  EquipmentCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      List<Use> uses = SharedEquipment.uses(mirror.file(), mirror.queries().leases());
      if (output.json()) {
        terminal
            .out()
            .println(
                Json.writePretty(Map.of("equipment", uses.stream().map(UseView::of).toList())));
      } else {
        terminal
            .out()
            .println(
                uses.isEmpty()
                    ? "No equipment is written down in robots.yaml or equipment.yaml: nobody waits"
                        + " for any."
                    : table(uses));
      }
      return ExitCode.OK.number();
    }
  }

  private static String table(List<Use> uses) {
    return Tables.table(
        uses,
        List.of(
            Tables.left("EQUIPMENT", Use::name),
            Tables.left("PLACES", EquipmentCommand::places),
            Tables.left("IN USE BY", use -> lines(use.users(), use.places().size() > 1)),
            Tables.left("WAITING, IN ORDER", use -> lines(use.queue(), false))));
  }

  private static String places(Use use) {
    if (use.places().size() == 1) {
      return String.valueOf(use.places().values().iterator().next());
    }
    return new TreeMap<>(use.places())
        .entrySet().stream()
            .map(unit -> unit.getKey() + ": " + unit.getValue())
            .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String lines(List<Lease> leases, boolean isOneOfSeveral) {
    return leases.stream()
        .map(
            lease ->
                lease.executionId()
                    + (isOneOfSeveral ? " (" + lease.unit() + ")" : "")
                    + ", since "
                    + Texts.localTime(lease.since()))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** The JSON of a robot or a kind of equipment. */
  record UseView(
      String name, Map<String, Integer> places, List<LeaseView> inUseBy, List<LeaseView> queue) {
    static UseView of(Use use) {
      return new UseView(
          use.name(),
          use.places(),
          use.users().stream().map(LeaseView::of).toList(),
          use.queue().stream().map(LeaseView::of).toList());
    }
  }

  /** The JSON of a place at it, or in the queue. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LeaseView(
      String executionId,
      String priority,
      String askedAt,
      @Nullable String grantedAt,
      @Nullable String unit) {
    static LeaseView of(Lease lease) {
      Instant grantedAt = lease.grantedAt();
      return new LeaseView(
          lease.executionId(),
          lease.priority().wireValue(),
          Timestamps.format(lease.askedAt()),
          grantedAt == null ? null : Timestamps.format(grantedAt),
          lease.unit());
    }
  }
}

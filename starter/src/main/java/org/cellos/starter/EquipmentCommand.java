package org.cellos.starter;

import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cellos.domain.Lease;
import org.cellos.domain.Priority;
import org.cellos.json.Json;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.Texts;
import org.cellos.worker.EquipmentView;
import org.cellos.worker.SharedEquipment;
import org.cellos.worker.SharedEquipment.Use;
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
        terminal.out().println(Json.writePretty(EquipmentView.of(uses)));
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
                    + Texts.localTime(lease.since())
                    + (lease.priority() == Priority.NORMAL
                        ? ""
                        : ", " + lease.priority().wireValue()))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}

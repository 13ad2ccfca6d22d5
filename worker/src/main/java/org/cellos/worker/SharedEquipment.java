package org.cellos.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Lease;
import org.cellos.domain.LeaseSpan;
import org.cellos.protocol.EquipmentFile;
import org.cellos.protocol.ProtocolException;
import org.cellos.protocol.RobotsFile;
import org.cellos.view.Texts;

/** What executions of a history share, as it is written down beside it; read anew each time. */
public final class SharedEquipment {
  private static final String FILE = "equipment.yaml";

  private SharedEquipment() {}

  /**
   * What can be had for one need, and who has it.
   *
   * @param name a robot, or a kind of equipment
   * @param places by unit; empty where nobody has written it down (any more)
   * @param users those who have it, the longest first
   * @param queue those who wait, in the order in which it is their turn
   */
  public record Use(
      String name, Map<String, Integer> places, List<Lease> users, List<Lease> queue) {
    public Use {
      places = Map.copyOf(places);
      users = List.copyOf(users);
      queue = List.copyOf(queue);
    }
  }

  /** Where the equipment of a history is written down. */
  public static Path fileBeside(Path database) {
    return database.toAbsolutePath().resolveSibling(FILE);
  }

  static Map<String, Integer> placesFor(Path database, String need) {
    return EquipmentFile.read(fileBeside(database)).placesFor(need);
  }

  /**
   * Robots first, then equipment by kind, then what leases are for that is in no file any more.
   *
   * @param leases those of the history
   * @throws ProtocolException if a file is wrong, with everything that is
   */
  public static List<Use> uses(Path database, List<Lease> leases) {
    EquipmentFile equipment = EquipmentFile.read(fileBeside(database));
    Map<String, Map<String, Integer>> places = new LinkedHashMap<>();
    RobotsFile.read(ConfiguredRobots.fileBeside(database)).robots().keySet().stream()
        .sorted()
        .map(id -> LeaseSpan.ROBOT + id)
        .forEach(need -> places.put(need, equipment.placesFor(need)));
    for (String kind : LeaseSpan.KINDS) {
      if (!equipment.placesFor(kind).isEmpty()) {
        places.put(kind, equipment.placesFor(kind));
      }
    }
    leases.forEach(lease -> places.putIfAbsent(lease.need(), Map.of()));
    List<Use> uses = new ArrayList<>();
    places.forEach(
        (need, there) -> {
          List<Lease> all = leases.stream().filter(lease -> lease.need().equals(need)).toList();
          uses.add(
              new Use(
                  need.startsWith(LeaseSpan.ROBOT) ? Texts.equipment(need) : need,
                  there,
                  all.stream().filter(Lease::isGranted).toList(),
                  all.stream().filter(lease -> !lease.isGranted()).toList()));
        });
    return uses;
  }
}

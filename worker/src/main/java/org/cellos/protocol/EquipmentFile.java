package org.cellos.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.domain.LeaseSpan;

/**
 * {@code equipment.yaml}: the centrifuges and incubators of a laboratory, and how many vessels have
 * room in each.
 *
 * @param equipment by id, in the order of the file
 */
public record EquipmentFile(Map<String, Equipment> equipment) {
  private static final int MOST_PLACES = 10_000;

  /**
   * @param kind as {@link LeaseSpan#KINDS} names it
   * @param places how many executions can use it at once
   */
  public record Equipment(String kind, int places) {}

  /**
   * @param file which need not exist: then nobody has to wait for any
   * @throws ProtocolException with everything that is wrong
   */
  public static EquipmentFile read(Path file) {
    if (!Files.exists(file)) {
      return new EquipmentFile(Map.of());
    }
    Problems problems = new Problems();
    YamlNode root = YamlReader.read(file, problems);
    Map<String, Equipment> equipment = new LinkedHashMap<>();
    root.fields(List.of("equipment"))
        .node("equipment")
        .ifPresentOrElse(
            all -> all.entries().forEach((id, node) -> equipment.put(id, one(id, node))),
            () -> root.problem("needs the key 'equipment'"));
    problems.throwIfAny();
    return new EquipmentFile(equipment);
  }

  private static Equipment one(String id, YamlNode node) {
    if (!id.matches("[a-z0-9][a-z0-9_-]{0,49}")) {
      node.problem("the id of equipment must be lower-case letters, digits, _ and -");
    }
    Fields fields = node.fields(List.of("kind", "places"));
    return new Equipment(
        fields.oneOf("kind", LeaseSpan.KINDS), fields.whole("places", 1, MOST_PLACES));
  }

  /**
   * What can be had for a need: places by unit. A robot has one. Empty where nobody has written
   * down any equipment of the kind: then there is nothing to wait for.
   */
  public Map<String, Integer> placesFor(String need) {
    if (need.startsWith(LeaseSpan.ROBOT)) {
      return Map.of(need.substring(LeaseSpan.ROBOT.length()), 1);
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    equipment.forEach(
        (id, one) -> {
          if (one.kind().equals(need)) {
            places.put(id, one.places());
          }
        });
    return places;
  }
}

package org.cellos.protocol;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.RobotAddress;

/**
 * {@code robots.yaml}: the robots of a laboratory, as their administrator has written them down. No
 * other way leads to an address that anything is sent to.
 *
 * @param file which was read
 * @param robots by id
 */
public record RobotsFile(Path file, Map<String, Robot> robots) {
  private static final int MOST_ROBOTS = 100;
  private static final List<String> MOUNTS = List.of("left", "right");
  private static final List<String> PIPETTES =
      List.of(
          "p20_single_gen2",
          "p20_multi_gen2",
          "p300_single_gen2",
          "p300_multi_gen2",
          "p1000_single_gen2");
  private static final List<String> MODULES =
      List.of(
          "temperatureModuleV1",
          "temperatureModuleV2",
          "magneticModuleV1",
          "magneticModuleV2",
          "thermocyclerModuleV1",
          "thermocyclerModuleV2",
          "heaterShakerModuleV1");

  /**
   * One robot.
   *
   * @param id as protocols name it
   * @param address where it is
   * @param serial that it must have; empty where nobody has said
   * @param pipettes names by mount
   * @param modules models that must be connected
   * @param deck what stands where
   */
  public record Robot(
      String id,
      RobotAddress address,
      Optional<String> serial,
      Map<String, String> pipettes,
      List<String> modules,
      RobotDeck deck) {
    public Robot {
      pipettes = Map.copyOf(pipettes);
      modules = List.copyOf(modules);
    }
  }

  public RobotsFile {
    robots = Map.copyOf(robots);
  }

  /**
   * @param file which need not exist: then there are no robots
   * @throws ProtocolException with everything that is wrong
   */
  public static RobotsFile read(Path file) {
    if (!Files.exists(file)) {
      return new RobotsFile(file, Map.of());
    }
    Problems problems = new Problems();
    YamlNode root = YamlReader.read(file, problems);
    Fields fields = root.fields(List.of("development", "robots"));
    boolean mayBeHere = fields.flag("development");
    Map<String, Robot> robots = new LinkedHashMap<>();
    fields
        .node("robots")
        .ifPresentOrElse(
            node -> node.entries().forEach((id, robot) -> add(robots, id, robot, mayBeHere)),
            () -> root.problem("needs the key 'robots'"));
    problems.throwIfAny();
    return new RobotsFile(file, robots);
  }

  private static void add(Map<String, Robot> robots, String id, YamlNode node, boolean mayBeHere) {
    if (!id.matches("[a-z0-9][a-z0-9_-]{0,49}")) {
      node.problem("the id of a robot must be lower-case letters, digits, _ and -");
    }
    if (robots.size() == MOST_ROBOTS) {
      node.problem("is one robot too many: " + MOST_ROBOTS + " are the most");
      return;
    }
    Fields fields = node.fields(List.of("address", "serial", "pipettes", "modules", "deck"));
    Optional<RobotAddress> address = address(fields, mayBeHere);
    Map<String, String> pipettes = new LinkedHashMap<>();
    fields
        .node("pipettes")
        .ifPresent(
            mounts -> {
              Fields mounted = mounts.fields(MOUNTS);
              MOUNTS.forEach(
                  mount ->
                      mounted
                          .optionalName(mount, PIPETTES)
                          .ifPresent(name -> pipettes.put(mount, name)));
            });
    List<String> modules = new ArrayList<>();
    fields
        .node("modules")
        .ifPresent(
            list ->
                list.items().forEach(item -> Fields.known(item, MODULES).ifPresent(modules::add)));
    Optional<String> serial = fields.optionalText("serial");
    RobotDeck deck = fields.node("deck").map(RobotDeck::read).orElse(RobotDeck.EMPTY);
    address
        .flatMap(
            found ->
                robots.values().stream().filter(other -> other.address().equals(found)).findFirst())
        .ifPresent(
            other ->
                node.problem(
                    "has the address of "
                        + other.id()
                        + ": two names for one robot share nothing"));
    address.ifPresent(
        found -> robots.put(id, new Robot(id, found, serial, pipettes, modules, deck)));
  }

  private static Optional<RobotAddress> address(Fields fields, boolean mayBeHere) {
    String text = fields.text("address");
    try {
      return Optional.of(RobotAddress.of(text, mayBeHere));
    } catch (IllegalArgumentException e) {
      fields.node("address").ifPresent(node -> node.problem(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  public Optional<Robot> find(String id) {
    return Optional.ofNullable(robots.get(id));
  }

  /** {@code no robot 'ot2-b' is in data/robots.yaml: did you mean 'ot2-a'?} */
  public String unknown(String id) {
    return "no robot '"
        + id
        + "' is in "
        + file
        + (robots.isEmpty()
            ? ": write it there, see the README"
            : NearestName.hint(id, robots.keySet()).replaceFirst("\\.$", ""));
  }
}

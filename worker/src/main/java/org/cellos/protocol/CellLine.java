package org.cellos.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.Temperature;
import org.cellos.domain.Volume;

/**
 * A cell line and how it is cultured, from {@code data/cell_lines.yaml}. Reagents are ids of the
 * price list.
 *
 * @param id canonical name, for example {@code iPSC}
 * @param name for people
 * @param cellType for example {@code iPSC}, {@code primary}
 * @param costTier {@code budget}, {@code standard} or {@code premium}
 * @param medium that it grows in
 * @param washBuffer empty where none is known
 * @param detachReagent empty where none is known
 * @param coating id of a coating; empty for bare plastic
 * @param passage empty for a line that cannot be passaged yet
 * @param thawVolumes figures for preparing a thaw, by name; may be empty
 * @param feed empty where the line says nothing of its own
 */
record CellLine(
    String id,
    String name,
    String cellType,
    String costTier,
    String medium,
    Optional<String> washBuffer,
    Optional<String> detachReagent,
    Optional<String> coating,
    Optional<Passage> passage,
    Map<String, Volume> thawVolumes,
    Optional<Feed> feed) {

  private static final List<String> KEYS =
      List.of(
          "name",
          "cell_type",
          "cost_tier",
          "medium",
          "wash_buffer",
          "detach_reagent",
          "coating",
          "passage",
          "thaw",
          "feed");
  private static final Set<String> PLURIPOTENT = Set.of("iPSC", "hESC");

  CellLine {
    thawVolumes = Collections.unmodifiableMap(new LinkedHashMap<>(thawVolumes));
  }

  /** Whether single cells of this line die without a ROCK inhibitor. */
  boolean isPluripotent() {
    return PLURIPOTENT.contains(cellType);
  }

  /** The medium that this line is fed with: its feed's own, else its growth medium. */
  String feedMedium() {
    return feed.flatMap(Feed::medium).orElse(medium);
  }

  /**
   * How a line is fed.
   *
   * @param medium empty for the growth medium
   * @param volume the line's usual volume in a T75
   * @param intervalDays above 0
   */
  record Feed(Optional<String> medium, Volume volume, double intervalDays) {}

  /**
   * How a line is passaged.
   *
   * @param reference whose block is scaled for vessels without one
   * @param referenceBlock that block
   * @param blocks by vessel id, those of the reference included
   */
  record Passage(Vessel reference, Block referenceBlock, Map<String, Block> blocks) {
    static final List<String> VOLUMES =
        List.of(
            "wash_1",
            "detach",
            "quench",
            "collect_1",
            "wash_2",
            "collect_2",
            "resuspend",
            "count_sample");

    Passage {
      blocks = Collections.unmodifiableMap(new LinkedHashMap<>(blocks));
    }

    /** The block that this vessel goes by. */
    Block block(Vessel vessel) {
      return blocks.getOrDefault(vessel.id(), referenceBlock);
    }

    /** The vessel's own volumes as they stand, else the reference's, scaled by working volume. */
    Map<String, Volume> volumes(Vessel vessel) {
      Map<String, Volume> written = block(vessel).volumes();
      if (blocks.containsKey(vessel.id())) {
        return written;
      }
      double ratio =
          (double) vessel.totalWorkingVolume().nanolitres()
              / reference.totalWorkingVolume().nanolitres();
      Map<String, Volume> scaled = new LinkedHashMap<>();
      written.forEach((key, volume) -> scaled.put(key, Scaling.scaled(volume, ratio)));
      return scaled;
    }

    /**
     * The figures for one vessel.
     *
     * @param volumes by name, without the unit: {@code wash_1}
     * @param detachMinutes how long the detach reagent works
     * @param detachTemperature at which it works
     */
    record Block(Map<String, Volume> volumes, double detachMinutes, Temperature detachTemperature) {
      Block {
        volumes = Collections.unmodifiableMap(new LinkedHashMap<>(volumes));
      }
    }
  }

  static Map<String, CellLine> readAll(
      YamlNode root, PriceList prices, Collection<String> coatings, VesselCatalog vessels) {
    Map<String, CellLine> lines = new LinkedHashMap<>();
    root.entries()
        .forEach(
            (id, node) -> {
              lines.keySet().stream()
                  .filter(other -> other.equalsIgnoreCase(id))
                  .forEach(other -> node.problem("differs from '" + other + "' only in case"));
              lines.put(id, read(id, node, prices, coatings, vessels));
            });
    if (lines.isEmpty()) {
      root.problem("lists no cell lines");
    }
    return Collections.unmodifiableMap(lines);
  }

  private static CellLine read(
      String id,
      YamlNode node,
      PriceList prices,
      Collection<String> coatings,
      VesselCatalog vessels) {
    Fields fields = node.fields(KEYS);
    Optional<Passage> passage = fields.node("passage").flatMap(block -> passage(block, vessels));
    if (fields.has("passage") && !(fields.has("wash_buffer") && fields.has("detach_reagent"))) {
      node.problem("has a passage, so it needs the keys 'wash_buffer' and 'detach_reagent'");
    }
    return new CellLine(
        id,
        fields.text("name"),
        fields.text("cell_type"),
        fields.oneOf("cost_tier", List.of("budget", "standard", "premium")),
        fields.name("medium", prices.ids()),
        fields.optionalName("wash_buffer", prices.ids()),
        fields.optionalName("detach_reagent", prices.ids()),
        fields.optionalName("coating", coatings),
        passage,
        fields.node("thaw").map(CellLine::thaw).orElse(Map.of()),
        fields.node("feed").map(block -> feed(block, prices)));
  }

  private static Map<String, Volume> thaw(YamlNode node) {
    List<String> names =
        List.of("media_aliquot", "pre_warm", "wash_aliquot", "wash_vial", "resuspend", "transfer");
    return volumes(node.fields(names.stream().map(name -> name + "_ml").toList()), names);
  }

  private static Feed feed(YamlNode node, PriceList prices) {
    Fields fields = node.fields(List.of("medium", "volume_ml", "interval_days"));
    return new Feed(
        fields.optionalName("medium", prices.ids()),
        fields.volume("volume_ml"),
        fields.positive("interval_days", 90));
  }

  private static Optional<Passage> passage(YamlNode node, VesselCatalog vessels) {
    Map<String, Passage.Block> blocks = new LinkedHashMap<>();
    Map<String, YamlNode> entries = node.entries();
    Optional<Vessel> reference = Optional.empty();
    YamlNode referenceNode = entries.get("reference_vessel");
    if (referenceNode != null) {
      reference =
          referenceNode
              .text()
              .flatMap(name -> vessel(name, referenceNode, vessels.names(), vessels));
    } else {
      node.problem("needs the key 'reference_vessel'");
    }
    List<String> known = new ArrayList<>(vessels.names());
    known.add("reference_vessel");
    entries.forEach(
        (name, value) -> {
          if (!name.equals("reference_vessel")) {
            Passage.Block block = block(value);
            vessel(name, value, known, vessels)
                .filter(vessel -> blocks.put(vessel.id(), block) != null)
                .ifPresent(vessel -> value.problem("is the second block for " + vessel.id()));
          }
        });
    if (reference.isPresent() && !blocks.containsKey(reference.get().id())) {
      node.problem("needs a block for its reference vessel, " + reference.get().id());
    }
    return reference.flatMap(
        vessel ->
            Optional.ofNullable(blocks.get(vessel.id()))
                .map(block -> new Passage(vessel, block, blocks)));
  }

  private static Optional<Vessel> vessel(
      String name, YamlNode node, List<String> known, VesselCatalog vessels) {
    Optional<Vessel> vessel = vessels.find(name);
    if (vessel.isEmpty()) {
      node.problem("'" + name + "' is no vessel" + NearestName.hint(name, known));
    }
    return vessel;
  }

  private static Passage.Block block(YamlNode node) {
    List<String> keys = new ArrayList<>(List.of("detach_minutes", "detach_temperature_c"));
    Passage.VOLUMES.forEach(name -> keys.add(name + "_ml"));
    Fields fields = node.fields(keys);
    return new Passage.Block(
        volumes(fields, Passage.VOLUMES),
        fields.minutes("detach_minutes"),
        new Temperature(fields.number("detach_temperature_c", -20, 95)));
  }

  private static Map<String, Volume> volumes(Fields fields, List<String> names) {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    names.forEach(name -> volumes.put(name, fields.volume(name + "_ml")));
    return volumes;
  }
}

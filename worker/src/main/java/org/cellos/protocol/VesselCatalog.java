package org.cellos.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.cellos.domain.Volume;

/**
 * The vessels and tubes of {@code data/raw/vessels.yaml}, in the order of the file. Immutable.
 *
 * @param vessels by id
 * @param tubes by id
 */
record VesselCatalog(Map<String, Vessel> vessels, Map<String, Tube> tubes) {
  private static final Set<String> VESSEL_KEYS =
      Set.of(
          "name",
          "short_names",
          "kind",
          "bottom",
          "wells",
          "surface_cm2",
          "working_volume_ml",
          "coating_volume_ml",
          "max_volume_ml",
          "footprint",
          "vendor",
          "catalog_number",
          "consumable");
  private static final double PERCENT = 100;
  private static final int MOST_WELLS = 1536;

  /** Finds a vessel by its id or a short name, in any case. */
  Optional<Vessel> find(String name) {
    return vessels.values().stream()
        .filter(vessel -> names(vessel).anyMatch(known -> known.equalsIgnoreCase(name)))
        .findFirst();
  }

  /** Every name that a vessel is found by. */
  List<String> names() {
    return vessels.values().stream().flatMap(VesselCatalog::names).toList();
  }

  private static Stream<String> names(Vessel vessel) {
    return Stream.concat(Stream.of(vessel.id()), vessel.shortNames().stream());
  }

  static VesselCatalog read(YamlNode root, PriceList prices) {
    Fields file = root.fields(List.of("safe_fill", "vessels", "tubes"));
    SafeFill safeFill =
        file.node("safe_fill")
            .map(SafeFill::read)
            .orElseGet(
                () -> {
                  root.problem("needs the key 'safe_fill'");
                  return new SafeFill(0, 0, 0);
                });
    Map<String, Vessel> vessels = new LinkedHashMap<>();
    Map<String, String> taken = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : entries(root, file, "vessels").entrySet()) {
      Vessel vessel = vessel(entry.getKey(), entry.getValue(), safeFill, prices);
      vessels.put(vessel.id(), vessel);
      names(vessel)
          .forEach(
              name -> {
                String other = taken.put(name.toLowerCase(Locale.ROOT), vessel.id());
                if (other != null && !other.equals(vessel.id())) {
                  entry.getValue().problem("the name '" + name + "' already means " + other);
                }
              });
    }
    Map<String, Tube> tubes = new LinkedHashMap<>();
    for (Map.Entry<String, YamlNode> entry : entries(root, file, "tubes").entrySet()) {
      Fields fields = entry.getValue().fields(List.of("name", "max_volume_ml", "consumable"));
      Volume most = fields.volume("max_volume_ml");
      fields.optionalName("consumable", prices.ids());
      tubes.put(
          entry.getKey(),
          new Tube(
              entry.getKey(),
              fields.text("name"),
              most,
              Scaling.scaled(most, safeFill.tubePercent / PERCENT)));
    }
    return new VesselCatalog(
        Collections.unmodifiableMap(vessels), Collections.unmodifiableMap(tubes));
  }

  private static Map<String, YamlNode> entries(YamlNode root, Fields file, String key) {
    return file.node(key)
        .map(YamlNode::entries)
        .orElseGet(
            () -> {
              root.problem("needs the key '" + key + "'");
              return Map.of();
            });
  }

  private static Vessel vessel(String id, YamlNode node, SafeFill safeFill, PriceList prices) {
    Fields fields = node.fields(VESSEL_KEYS);
    List<String> shortNames = new ArrayList<>();
    fields
        .node("short_names")
        .ifPresent(list -> list.items().forEach(item -> item.text().ifPresent(shortNames::add)));
    List.of("footprint", "vendor", "catalog_number").forEach(fields::optionalText);
    fields.optionalName("consumable", prices.ids());
    Vessel.Kind kind =
        Vessel.Kind.valueOf(
            fields.oneOf("kind", List.of("flask", "plate")).toUpperCase(Locale.ROOT));
    double surface = fields.positive("surface_cm2", 10_000);
    Volume most = fields.volume("max_volume_ml");
    Volume working = fields.volume("working_volume_ml");
    Volume safe =
        switch (kind) {
          case FLASK ->
              Scaling.scaled(Volume.ofMillilitres(1), surface * safeFill.flaskMlPerCm2).min(most);
          case PLATE -> Scaling.scaled(most, safeFill.wellPercent / PERCENT);
        };
    if (working.isMoreThan(safe)) {
      node.problem(
          "working_volume_ml ("
              + working.inMillilitres()
              + ") is above the safe fill of "
              + safe
              + ": correct it or max_volume_ml");
    }
    int wells = fields.whole("wells", 1, MOST_WELLS);
    if (most.millilitres() * wells > Fields.MOST_MILLILITRES) {
      node.problem("its wells hold more than 10 L: correct wells or max_volume_ml");
    }
    return new Vessel(
        id,
        fields.text("name"),
        shortNames,
        kind,
        Vessel.Bottom.valueOf(
            fields.oneOf("bottom", List.of("flat", "u", "v")).toUpperCase(Locale.ROOT)),
        wells,
        surface,
        working,
        fields.node("coating_volume_ml").flatMap(Fields::volumeOf),
        most,
        safe);
  }

  private record SafeFill(double flaskMlPerCm2, double wellPercent, double tubePercent) {
    static SafeFill read(YamlNode node) {
      Fields fields = node.fields(List.of("flask_ml_per_cm2", "well_percent", "tube_percent"));
      return new SafeFill(
          fields.positive("flask_ml_per_cm2", 10),
          fields.positive("well_percent", 100),
          fields.positive("tube_percent", 100));
    }
  }
}

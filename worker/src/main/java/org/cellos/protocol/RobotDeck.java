package org.cellos.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.Volume;
import org.cellos.protocol.Labware.Kind;

/**
 * What stands where on a robot's deck.
 *
 * @param tips racks, in the order in which they are used up
 * @param plates by the id of the vessel that they are
 * @param reagents by the id of the resource
 * @param waste where liquid goes; empty where there is nothing for it
 */
public record RobotDeck(
    List<Tips> tips,
    Map<String, Plate> plates,
    Map<String, Stock> reagents,
    Optional<Waste> waste) {
  private static final int SLOTS = 11;

  /** Nearer to them, a tip would scratch off cells; to be confirmed with water. */
  private static final double LEAST_ABOVE_BOTTOM_MM = 0.5;

  /** Nothing stands on it. */
  static final RobotDeck EMPTY = new RobotDeck(List.of(), Map.of(), Map.of(), Optional.empty());

  /**
   * A full rack of tips.
   *
   * @param mount of the pipette that they are for
   */
  public record Tips(Place place, String mount) {}

  /**
   * @param slot 1 to 11
   */
  public record Place(int slot, Labware labware) {}

  /**
   * A plate with flat, round wells.
   *
   * @param residualMicrolitres what stays in each well when all is taken that a tip reaches
   */
  public record Plate(Place place, double residualMicrolitres) {
    /** What cannot be reached from as low as a tip goes. */
    private static Plate standing(Place place) {
      return new Plate(
          place, Math.ceil(place.labware().wellBottomSquareMillimetres() * LEAST_ABOVE_BOTTOM_MM));
    }

    /** How high above the bottom a tip takes liquid, in mm: not into what is to stay. */
    public double aspirateAboveBottomMillimetres() {
      return Math.max(
          LEAST_ABOVE_BOTTOM_MM,
          residualMicrolitres / place.labware().wellBottomSquareMillimetres());
    }
  }

  /**
   * @param wells in the order in which they are used up
   * @param usable what can be drawn from each well
   */
  public record Stock(Place place, List<String> wells, Volume usable) {
    public Stock {
      wells = List.copyOf(wells);
    }
  }

  /**
   * @param room for so much more
   */
  public record Waste(Place place, Volume room) {}

  public RobotDeck {
    tips = List.copyOf(tips);
    plates = Map.copyOf(plates);
    reagents = Map.copyOf(reagents);
  }

  static RobotDeck read(YamlNode node) {
    Fields fields = node.fields(List.of("tips", "plates", "reagents", "waste"));
    Map<Integer, String> taken = new LinkedHashMap<>();
    List<Tips> tips = new ArrayList<>();
    fields.node("tips").ifPresent(list -> list.items().forEach(item -> addTips(tips, item, taken)));
    Map<String, Plate> plates = new LinkedHashMap<>();
    fields
        .node("plates")
        .ifPresent(
            all ->
                all.entries()
                    .forEach(
                        (vessel, plate) ->
                            plate(plate, taken).ifPresent(read -> plates.put(vessel, read))));
    Map<String, Stock> reagents = new LinkedHashMap<>();
    fields
        .node("reagents")
        .ifPresent(
            all ->
                all.entries()
                    .forEach(
                        (reagent, stock) ->
                            stock(stock, taken).ifPresent(read -> reagents.put(reagent, read))));
    Optional<Waste> waste =
        fields
            .node("waste")
            .flatMap(
                item -> {
                  Fields own = item.fields(List.of("slot", "labware", "volume_ml"));
                  Volume room = own.volume("volume_ml");
                  return place(own, item, Kind.RESERVOIR, taken)
                      .map(place -> new Waste(place, room));
                });
    return new RobotDeck(tips, plates, reagents, waste);
  }

  private static void addTips(List<Tips> tips, YamlNode item, Map<Integer, String> taken) {
    Fields own = item.fields(List.of("slot", "labware", "for"));
    String mount = own.oneOf("for", List.of("left", "right"));
    place(own, item, Kind.TIPS, taken).ifPresent(place -> tips.add(new Tips(place, mount)));
  }

  private static Optional<Plate> plate(YamlNode item, Map<Integer, String> taken) {
    Fields own = item.fields(List.of("slot", "labware", "residual_ul"));
    return place(own, item, Kind.PLATE, taken)
        .map(
            place ->
                own.optionalNumber("residual_ul", place.labware().maxMicrolitres())
                    .map(residual -> new Plate(place, residual))
                    .orElseGet(() -> Plate.standing(place)));
  }

  private static Optional<Stock> stock(YamlNode item, Map<Integer, String> taken) {
    Fields own = item.fields(List.of("slot", "labware", "wells", "volume_ml"));
    Volume usable = own.volume("volume_ml");
    Optional<Place> place = place(own, item, Kind.RESERVOIR, taken);
    List<String> wells = new ArrayList<>();
    own.node("wells")
        .ifPresentOrElse(
            list ->
                list.items()
                    .forEach(
                        well ->
                            Fields.known(
                                    well, place.map(at -> at.labware().wells()).orElse(List.of()))
                                .ifPresent(
                                    known -> {
                                      if (wells.contains(known)) {
                                        well.problem("is there already: name each well once");
                                      }
                                      wells.add(known);
                                    })),
            () -> item.problem("needs the key 'wells'"));
    if (place.isPresent() && usable.millilitres() * 1000 > place.get().labware().maxMicrolitres()) {
      item.problem(
          "volume_ml is what can be drawn from each well, and a well of "
              + place.get().labware().loadName()
              + " holds "
              + place.get().labware().maxMicrolitres() / 1000
              + " mL");
    }
    return place.map(at -> new Stock(at, wells, usable));
  }

  /** Several reagents may be in one reservoir, and then name the same slot and labware. */
  private static Optional<Place> place(
      Fields own, YamlNode item, Kind kind, Map<Integer, String> taken) {
    int slot = own.whole("slot", 1, SLOTS);
    String loadName = own.name("labware", Labware.loadNames(kind));
    String other = taken.putIfAbsent(slot, loadName);
    if (other != null && (kind != Kind.RESERVOIR || !other.equals(loadName))) {
      item.problem("slot " + slot + " has a " + other + " already: choose another slot");
    }
    return Labware.find(loadName).map(labware -> new Place(slot, labware));
  }
}

package org.cellos.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.Volume;
import org.jspecify.annotations.Nullable;

/**
 * What the words of a protocol mean for one cell line and one vessel: its volumes, times, reagents
 * and containers. What they cannot mean is a problem, in the built-in protocols too, and something
 * harmless stands in for it until the problems are thrown.
 */
final class Words {
  static final String VESSEL = "vessel";
  private static final Set<String> ROLES_OF_A_LINE =
      Set.of(
          "medium", "feed_medium", "wash_buffer", "detach_reagent", "coating", "coating_diluent");
  private static final Volume STAND_IN = Volume.ofMillilitres(1);
  private static final Volume MOST = Volume.ofMillilitres(Fields.MOST_MILLILITRES);

  private final Setup setup;
  private final Problems problems;

  Words(Setup setup, Problems problems) {
    this.setup = setup;
    this.problems = problems;
  }

  /** Above 0, to what any vessel holds. */
  Volume volume(YamlNode source, TemplateStep.Amount amount) {
    Optional<Volume> known = known(source, amount);
    if (known.isPresent() && known.get().isZero()) {
      problem(source, "the volume " + wordOf(amount) + " comes to 0 mL here");
    } else if (known.isPresent() && known.get().isMoreThan(MOST)) {
      problem(source, "the volume " + wordOf(amount) + " comes to more than " + MOST + " here");
    } else {
      return known.orElse(STAND_IN);
    }
    return STAND_IN;
  }

  private Optional<Volume> known(YamlNode source, TemplateStep.Amount amount) {
    if (amount instanceof TemplateStep.Amount.Total total) {
      return Optional.of(total.volume());
    }
    Vessel vessel = setup.vessel();
    if (vessel == null) {
      problem(
          source, "the volume " + wordOf(amount) + " needs a vessel: add 'vessel:' or --vessel");
      return Optional.empty();
    }
    if (amount instanceof TemplateStep.Amount.PerWell perWell) {
      return Optional.of(Scaling.times(perWell.volume(), vessel.wells()));
    }
    String key = ((TemplateStep.Amount.Named) amount).key();
    Map<String, Volume> volumes = namedVolumes(vessel);
    if (!volumes.containsKey(key)) {
      problem(
          source,
          "the volume '" + key + "' is not known here" + NearestName.hint(key, volumes.keySet()));
    }
    return Optional.ofNullable(volumes.get(key));
  }

  private Map<String, Volume> namedVolumes(Vessel vessel) {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    volumes.put("working_volume", vessel.totalWorkingVolume());
    if (setup.line() != null) {
      setup.line().passage().ifPresent(passage -> volumes.putAll(passage.volumes(vessel)));
      setup.coating().ifPresent(coating -> volumes.putAll(coating.volumes(vessel)));
    }
    return volumes;
  }

  private static String wordOf(TemplateStep.Amount amount) {
    return amount instanceof TemplateStep.Amount.Named named
        ? "'" + named.key() + "'"
        : amount instanceof TemplateStep.Amount.PerWell ? "of all wells" : "of the step";
  }

  TemplateStep.Duration.Given time(YamlNode source, TemplateStep.Duration duration) {
    if (duration instanceof TemplateStep.Duration.Given given) {
      return given;
    }
    String key = ((TemplateStep.Duration.Named) duration).key();
    CellLine line = setup.line();
    Vessel vessel = setup.vessel();
    if (key.equals("detach") && line != null && vessel != null && line.passage().isPresent()) {
      CellLine.Passage.Block block = line.passage().get().block(vessel);
      return new TemplateStep.Duration.Given(
          block.detachMinutes(), block.detachTemperature().celsius());
    }
    Optional<Coating> coating = setup.coating();
    if (key.equals("coating") && coating.isPresent()) {
      return new TemplateStep.Duration.Given(
          coating.get().minutes(), coating.get().temperature().celsius());
    }
    problem(
        source,
        "the duration '"
            + key
            + "' is not known here. Known: detach, where the line has a passage; coating, where it"
            + " has a coating.");
    return new TemplateStep.Duration.Given(1, 37);
  }

  /**
   * A liquid that is dispensed.
   *
   * @param id in the price list, or the name of something made during the protocol
   * @param label in the step's id
   * @param prepared made during the protocol
   */
  record Reagent(String id, String label, boolean prepared) {
    private static Reagent bought(String id) {
      return new Reagent(id, id, false);
    }
  }

  /** What is dispensed out of a container: something made during the protocol. */
  Reagent prepared(String word) {
    return setup
        .coating()
        .filter(coating -> word.equals("diluted_coating"))
        .map(coating -> new Reagent("diluted_" + coating.reagent(), coating.reagent(), true))
        .orElseGet(() -> new Reagent(word, word, true));
  }

  /** What is dispensed out of a bottle: a role that the cell line fills, or a priced reagent. */
  Reagent reagent(YamlNode source, String word) {
    Map<String, Reagent> roles = roles();
    @Nullable Reagent reagent = roles.get(word);
    if (reagent != null) {
      return reagent;
    }
    if (ROLES_OF_A_LINE.contains(word)) {
      problem(
          source,
          setup.line() == null
              ? "the reagent '"
                  + word
                  + "' is that of a cell line: add 'cell_line:' or --cell-line, or name one of the"
                  + " price list"
              : setup.line().id()
                  + " has no "
                  + word
                  + ": name one of the price list, or add it to the line in data/cell_lines.yaml");
    } else if (setup.data().prices().find(word).isEmpty()) {
      Set<String> known = new LinkedHashSet<>(roles.keySet());
      known.addAll(setup.data().prices().ids());
      String cells = setup.line() == null ? "" : " for " + setup.line().id();
      problem(
          source,
          "the reagent '" + word + "' is not known" + cells + NearestName.hint(word, known));
    }
    return Reagent.bought(word);
  }

  private Map<String, Reagent> roles() {
    Map<String, Reagent> roles = new LinkedHashMap<>();
    CellLine line = setup.line();
    if (line == null) {
      return roles;
    }
    roles.put("medium", Reagent.bought(line.medium()));
    roles.put("feed_medium", Reagent.bought(line.feedMedium()));
    line.washBuffer().ifPresent(id -> roles.put("wash_buffer", Reagent.bought(id)));
    line.detachReagent().ifPresent(id -> roles.put("detach_reagent", Reagent.bought(id)));
    Optional<Coating> coating = setup.coating();
    coating.ifPresent(recipe -> roles.put("coating", Reagent.bought(recipe.reagent())));
    coating
        .flatMap(Coating::dilution)
        .ifPresent(
            dilution ->
                roles.put(
                    "coating_diluent",
                    new Reagent(dilution.diluent(), dilution.diluentLabel(), false)));
    return roles;
  }

  /** The id of the container, or the pipette or bottle, that liquid is taken from. */
  String source(YamlNode source, String word) {
    if (word.equals(Contents.WASTE) || word.equals(Contents.COUNT_SAMPLE)) {
      problem(source, "nothing can be taken from " + word);
      return word;
    }
    return word.equals(Contents.PIPETTE) || word.equals(Contents.STOCK)
        ? word
        : container(source, word);
  }

  /** The id of the container, or the pipette or waste, that liquid goes to. */
  String target(YamlNode source, String word) {
    if (word.equals(Contents.STOCK)) {
      problem(source, "nothing goes back into stock: name a container or waste");
      return word;
    }
    return word.equals(Contents.PIPETTE)
            || word.equals(Contents.WASTE)
            || word.equals(Contents.COUNT_SAMPLE)
        ? word
        : container(source, word);
  }

  /** The id of the culture vessel or of a tube. */
  String container(YamlNode source, String word) {
    if (word.equals(VESSEL) && setup.vessel() == null) {
      problem(source, "names the vessel, and none is given: add 'vessel:' or --vessel");
      return word;
    }
    String id = word.equals(VESSEL) ? setup.vesselId() : word;
    if (setup.container(id).isEmpty()) {
      List<String> known = new ArrayList<>(List.of(VESSEL, Contents.PIPETTE, Contents.WASTE));
      known.addAll(setup.data().vessels().tubes().keySet());
      problem(source, "'" + word + "' is no container here" + NearestName.hint(word, known));
    }
    return id;
  }

  boolean applies(TemplateStep.Condition condition) {
    Optional<Coating> coating = setup.coating();
    return switch (condition) {
      case ALWAYS -> true;
      case COATED -> coating.isPresent();
      case DILUTED -> coating.flatMap(Coating::dilution).isPresent();
      case UNDILUTED -> coating.isPresent() && coating.get().dilution().isEmpty();
    };
  }

  private void problem(YamlNode source, String message) {
    problems.add(source.problemOf(message));
  }
}

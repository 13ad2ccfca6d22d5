package org.cellos.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.cellos.domain.Volume;
import org.cellos.protocol.CostRules.Use;
import org.cellos.protocol.WarningRules.Event;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a protocol once, from the first step to the last: fills quantities in, moves the
 * contents, adds up what is used, and notes what happened for the warnings. Used once; not
 * thread-safe.
 */
final class Expansion {
  private static final String VESSEL = "vessel";
  private static final double LIQUID_STEP_MINUTES = 1;
  private static final double COUNT_MINUTES = 5;
  private static final Set<String> NOWHERE_TO_TAKE_FROM =
      Set.of(Contents.WASTE, Contents.COUNT_SAMPLE);

  private final ProtocolData data;
  private final ProtocolTemplate template;
  private final @Nullable CellLine line;
  private final @Nullable Vessel vessel;
  private final @Nullable Problems problems;
  private final CostRules costs;
  private final Contents contents = new Contents();
  private final List<Use> uses = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();

  private Expansion(
      ProtocolData data,
      ProtocolTemplate template,
      @Nullable CellLine line,
      @Nullable Vessel vessel,
      @Nullable Problems problems) {
    this.data = data;
    this.template = template;
    this.line = line;
    this.vessel = vessel;
    this.problems = problems;
    this.costs = new CostRules(data.prices());
  }

  /** What cannot be done as written comes out as a warning. */
  static Expansion ofBuiltIn(
      ProtocolData data, ProtocolTemplate template, CellLine line, Vessel vessel) {
    return new Expansion(data, template, line, vessel, null);
  }

  /** What cannot be done as written is added to the problems. */
  static Expansion ofUsersOwn(
      ProtocolData data,
      ProtocolTemplate template,
      @Nullable CellLine line,
      @Nullable Vessel vessel,
      Problems problems) {
    return new Expansion(data, template, line, vessel, problems);
  }

  ResolvedProtocol resolved(Profile profile) {
    fillAtStart();
    List<UnitOp> unitOps = expand(template.steps());
    if (unitOps.isEmpty()) {
      throw new ProtocolException(
          "The protocol " + template.name() + " has no step for what was asked.");
    }
    WarningRules rules = new WarningRules(data, template, line, vessel, costs);
    Usd material = Usd.ZERO;
    Usd instrument = Usd.ZERO;
    double minutes = 0;
    for (UnitOp unitOp : unitOps) {
      material = material.plus(unitOp.materialCostUsd());
      instrument = instrument.plus(unitOp.instrumentCostUsd());
      minutes += unitOp.durationMinutes();
    }
    return new ResolvedProtocol(
        template.name(),
        line == null ? null : line.id(),
        vessel == null ? null : vessel.id(),
        profile,
        unitOps,
        Step.numbered(unitOps),
        rules.warnings(events, contents, uses),
        costs.billOfMaterials(uses),
        material,
        instrument,
        minutes);
  }

  private void fillAtStart() {
    Map<String, TemplateStep.Amount> startsWith = new LinkedHashMap<>(template.startsWith());
    if (vessel != null) {
      startsWith.putIfAbsent(VESSEL, new TemplateStep.Amount.Named("working_volume"));
    }
    startsWith.forEach(
        (name, amount) ->
            container(template.source(), name)
                .ifPresent(
                    id -> {
                      Volume volume = volume(template.source(), amount);
                      contents.put(id, volume, id.equals(vesselId()) ? "culture" : "cells");
                      if (isAboveSafeFill(id, volume)) {
                        refuse(
                            template.source(),
                            "starts_with_ml fills " + id + " above its safe level");
                      }
                    }));
  }

  private List<UnitOp> expand(List<TemplateStep> steps) {
    List<UnitOp> unitOps = new ArrayList<>();
    for (TemplateStep step : steps) {
      if (applies(step.head().condition())) {
        unitOps.addAll(expand(step));
      }
    }
    return unitOps;
  }

  private List<UnitOp> expand(TemplateStep step) {
    if (step instanceof TemplateStep.Use use) {
      return data.protocol(use.protocol())
          .map(used -> expand(used.steps()))
          .orElseGet(
              () -> {
                refuse(
                    use.head().source(),
                    "'"
                        + use.protocol()
                        + "' is no protocol"
                        + NearestName.hint(use.protocol(), data.operations()));
                return List.of();
              });
    }
    if (step instanceof TemplateStep.Group group) {
      List<UnitOp> subSteps = expand(group.steps());
      return subSteps.isEmpty() ? List.of() : List.of(composite(group, subSteps));
    }
    return List.of(leaf(step));
  }

  private UnitOp composite(TemplateStep.Group group, List<UnitOp> subSteps) {
    String place = vessel == null ? "" : " " + vessel.name();
    String cells = line == null ? "" : " (" + line.id() + ")";
    return UnitOp.composite(
        vesselled(group.operation()),
        group.head().name().orElse(capitalised(group.operation()) + place + cells),
        group.operation(),
        vessel == null ? Parameters.none() : Parameters.of(Map.of(VESSEL, vessel.id())),
        subSteps);
  }

  private UnitOp leaf(TemplateStep step) {
    if (step instanceof TemplateStep.Aspirate aspirate) {
      return aspirate(aspirate);
    }
    if (step instanceof TemplateStep.Dispense dispense) {
      return dispense(dispense);
    }
    if (step instanceof TemplateStep.Mix mix) {
      return mix(mix);
    }
    if (step instanceof TemplateStep.Incubate incubate) {
      return incubate(incubate);
    }
    if (step instanceof TemplateStep.Centrifuge centrifuge) {
      return centrifuge(centrifuge);
    }
    if (step instanceof TemplateStep.Count count) {
      return count(count);
    }
    return custom((TemplateStep.Custom) step);
  }

  private UnitOp aspirate(TemplateStep.Aspirate step) {
    YamlNode source = step.head().source();
    Volume volume = volume(source, step.amount());
    String from = place(source, step.from());
    String to = place(source, step.to());
    if (NOWHERE_TO_TAKE_FROM.contains(from)) {
      refuse(source, "nothing can be taken from " + from);
    }
    Contents.Move move = move(source, from, to, volume, "");
    Map<String, Object> parameters = moved(step.amount(), move);
    if (!step.liquid().isEmpty()) {
      parameters.put("liquid", step.liquid());
    }
    String liquid = step.liquid().isEmpty() ? "" : " " + step.liquid();
    return leaf(
        step.head(),
        "aspirate",
        "Aspirate_" + volume.inMillilitres() + "ml",
        "Aspirate " + volume + liquid + " from " + nameOf(from),
        "Liquid Handler",
        parameters,
        List.of(Use.pipetteFor(volume)),
        LIQUID_STEP_MINUTES,
        Optional.of(move),
        step.liquid());
  }

  private UnitOp dispense(TemplateStep.Dispense step) {
    YamlNode source = step.head().source();
    Volume volume = volume(source, step.amount());
    String from = place(source, step.from());
    String to = place(source, step.to());
    Reagent reagent = reagent(source, step.reagent(), from.equals(Contents.STOCK));
    Contents.Move move = move(source, from, to, volume, reagent.id());
    Map<String, Object> parameters = moved(step.amount(), move);
    parameters.put("reagent", reagent.id());
    List<Use> used = new ArrayList<>();
    used.add(
        reagent.prepared()
            ? Use.prepared(reagent.id(), volume)
            : Use.reagent(reagent.id(), volume));
    used.add(Use.pipetteFor(volume));
    return leaf(
        step.head(),
        "dispense",
        "Dispense_" + reagent.label() + "_" + volume.inMillilitres() + "ml",
        "Dispense " + volume + " " + reagent.id() + " into " + nameOf(to),
        "Liquid Handler",
        parameters,
        used,
        LIQUID_STEP_MINUTES,
        Optional.of(move),
        step.reagent());
  }

  private UnitOp mix(TemplateStep.Mix step) {
    YamlNode source = step.head().source();
    Volume volume = volume(source, step.amount());
    String id = place(source, step.vessel());
    Volume held = contents.holding(id).volume();
    if (volume.isMoreThan(held)) {
      refuse(source, "mixes " + volume + " where " + id + " holds " + held);
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("volume_ml", volume.millilitres());
    parameters.put("cycles", step.cycles());
    return leaf(
        step.head(),
        "mix",
        "Mix_" + volume.inMillilitres() + "ml",
        "Mix " + nameOf(id) + " with " + volume + ", " + step.cycles() + " times",
        "Liquid Handler",
        parameters,
        List.of(Use.pipetteFor(volume)),
        LIQUID_STEP_MINUTES,
        Optional.empty(),
        "");
  }

  private UnitOp incubate(TemplateStep.Incubate step) {
    String id = place(step.head().source(), step.vessel());
    TemplateStep.Duration.Given time = time(step.head().source(), step.duration());
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    step.location().ifPresent(location -> parameters.put("location", location));
    parameters.put("minutes", time.minutes());
    parameters.put("temperature_c", time.temperatureC());
    String where = step.location().map(place -> " in the " + place.replace('_', ' ')).orElse("");
    return leaf(
        step.head(),
        "incubate",
        "Incubate_" + step.location().orElse(id),
        "Incubate "
            + nameOf(id)
            + where
            + ", "
            + time.minutes()
            + " min at "
            + time.temperatureC()
            + " °C",
        step.location().isPresent() ? "Water Bath" : "Incubator",
        parameters,
        List.of(Use.hours("incubator_usage", time.minutes())),
        time.minutes(),
        Optional.empty(),
        "");
  }

  private UnitOp centrifuge(TemplateStep.Centrifuge step) {
    String id = place(step.head().source(), step.vessel());
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("g_force", step.gForce());
    parameters.put("minutes", step.minutes());
    return leaf(
        step.head(),
        "centrifuge",
        "Centrifuge_" + labelOr(step.head(), id),
        "Centrifuge " + nameOf(id) + ", " + step.minutes() + " min at " + step.gForce() + " g",
        "Centrifuge",
        parameters,
        List.of(Use.each("centrifuge_usage")),
        step.minutes(),
        Optional.empty(),
        "");
  }

  private UnitOp count(TemplateStep.Count step) {
    YamlNode source = step.head().source();
    String id = place(source, step.vessel());
    Volume sample = volume(source, step.sample());
    Contents.Move move = move(source, id, Contents.COUNT_SAMPLE, sample, "");
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("method", step.method());
    parameters.put("volume_ml", sample.millilitres());
    putContents(parameters, move);
    return leaf(
        step.head(),
        "count",
        "Count_" + labelOr(step.head(), id),
        "Count cells in " + nameOf(id) + " (" + step.method() + ")",
        "Cell Counter",
        parameters,
        List.of(Use.each("cell_counter_slides"), Use.each(step.method() + "_usage")),
        COUNT_MINUTES,
        Optional.of(move),
        "");
  }

  private UnitOp custom(TemplateStep.Custom step) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    step.vessel().ifPresent(name -> parameters.put(VESSEL, place(step.head().source(), name)));
    parameters.putAll(step.parameters().values());
    if (step.minutes() > 0) {
      parameters.putIfAbsent("minutes", step.minutes());
    }
    return leaf(
        step.head(),
        step.operation(),
        step.vessel().isPresent() ? vesselled(step.operation()) : capitalised(step.operation()),
        capitalised(step.operation()),
        null,
        parameters,
        List.of(),
        step.minutes(),
        Optional.empty(),
        "");
  }

  private UnitOp leaf(
      TemplateStep.Head head,
      String operation,
      String uoId,
      String name,
      @Nullable String instrument,
      Map<String, Object> parameters,
      List<Use> used,
      double minutes,
      Optional<Contents.Move> move,
      String liquid) {
    uses.addAll(used);
    events.add(new Event(events.size(), operation, minutes, move, liquid));
    return new UnitOp(
        uoId,
        head.name().orElse(name),
        operation,
        instrument,
        new Parameters(parameters),
        used.stream().map(Use::item).toList(),
        costs.materialCost(used),
        costs.instrumentCost(operation, used),
        minutes,
        List.of());
  }

  /** Moves what is there, and refuses in a user's own protocol what cannot be done as written. */
  private Contents.Move move(
      YamlNode source, String from, String to, Volume volume, String liquid) {
    Contents.Move move = contents.move(from, to, volume, liquid);
    if (move.isShort()) {
      refuse(source, "takes " + volume + " from " + from + ", which holds " + move.moved());
    }
    if (isAboveSafeFill(to, move.after(to).volume())) {
      refuse(
          source,
          "fills "
              + to
              + " to "
              + move.after(to).volume()
              + ", above its safe level of "
              + safeFill(to).orElseThrow());
    }
    return move;
  }

  private Map<String, Object> moved(TemplateStep.Amount amount, Contents.Move move) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("from", move.from());
    parameters.put("to", move.to());
    parameters.put("volume_ml", move.asked().millilitres());
    boolean perWell =
        amount instanceof TemplateStep.Amount.PerWell
            || move.from().equals(vesselId())
            || move.to().equals(vesselId());
    if (vessel != null && vessel.wells() > 1 && perWell) {
      parameters.put("wells", vessel.wells());
      parameters.put("volume_per_well_ml", move.asked().dividedBy(vessel.wells()).millilitres());
    }
    putContents(parameters, move);
    return parameters;
  }

  private static void putContents(Map<String, Object> parameters, Contents.Move move) {
    parameters.put("contents_before", millilitres(move.before()));
    parameters.put("contents_after", millilitres(move.after()));
  }

  private static Map<String, Object> millilitres(Map<String, Contents.Holding> holdings) {
    Map<String, Object> volumes = new LinkedHashMap<>();
    holdings.forEach((id, holding) -> volumes.put(id, holding.volume().millilitres()));
    return volumes;
  }

  private Volume volume(YamlNode source, TemplateStep.Amount amount) {
    if (amount instanceof TemplateStep.Amount.Total total) {
      return total.volume();
    }
    if (amount instanceof TemplateStep.Amount.PerWell perWell) {
      int wells = vessel == null ? 1 : vessel.wells();
      return new Volume(perWell.volume().nanolitres() * wells);
    }
    String key = ((TemplateStep.Amount.Named) amount).key();
    Map<String, Volume> known = namedVolumes();
    @Nullable Volume volume = known.get(key);
    if (volume == null) {
      refuse(
          source,
          "the volume '" + key + "' is not known here" + NearestName.hint(key, known.keySet()));
      return Volume.ofMillilitres(1);
    }
    return volume;
  }

  private Map<String, Volume> namedVolumes() {
    Map<String, Volume> volumes = new LinkedHashMap<>();
    if (vessel == null) {
      return volumes;
    }
    volumes.put("working_volume", vessel.totalWorkingVolume());
    if (line != null) {
      line.passage().ifPresent(passage -> volumes.putAll(passage.volumes(vessel)));
      data.coatingOf(line).ifPresent(coating -> volumes.putAll(coating.volumes(vessel)));
    }
    return volumes;
  }

  private TemplateStep.Duration.Given time(YamlNode source, TemplateStep.Duration duration) {
    if (duration instanceof TemplateStep.Duration.Given given) {
      return given;
    }
    String key = ((TemplateStep.Duration.Named) duration).key();
    if (line != null && vessel != null && key.equals("detach") && line.passage().isPresent()) {
      CellLine.Passage.Block block = line.passage().get().block(vessel);
      return new TemplateStep.Duration.Given(
          block.detachMinutes(), block.detachTemperature().celsius());
    }
    if (line != null && key.equals("coating") && data.coatingOf(line).isPresent()) {
      Coating coating = data.coatingOf(line).get();
      return new TemplateStep.Duration.Given(coating.minutes(), coating.temperature().celsius());
    }
    refuse(source, "the duration '" + key + "' is not known here. Known: detach, coating.");
    return new TemplateStep.Duration.Given(1, 37);
  }

  /**
   * A liquid that is dispensed.
   *
   * @param id in the price list, or the name of something made during the protocol
   * @param label in the step's id
   * @param prepared made during the protocol
   */
  private record Reagent(String id, String label, boolean prepared) {
    static Reagent bought(String id) {
      return new Reagent(id, id, false);
    }
  }

  private Reagent reagent(YamlNode source, String role, boolean fromStock) {
    Optional<Coating> coating = line == null ? Optional.empty() : data.coatingOf(line);
    if (!fromStock) {
      return role.equals("diluted_coating") && coating.isPresent()
          ? new Reagent("diluted_" + coating.get().reagent(), coating.get().reagent(), true)
          : new Reagent(role, role, true);
    }
    Map<String, Reagent> roles = new LinkedHashMap<>();
    if (line != null) {
      roles.put("medium", Reagent.bought(line.medium()));
      roles.put("feed_medium", Reagent.bought(line.feedMedium()));
      line.washBuffer().ifPresent(id -> roles.put("wash_buffer", Reagent.bought(id)));
      line.detachReagent().ifPresent(id -> roles.put("detach_reagent", Reagent.bought(id)));
      coating.ifPresent(recipe -> roles.put("coating", Reagent.bought(recipe.reagent())));
      coating
          .flatMap(Coating::dilution)
          .ifPresent(
              dilution ->
                  roles.put(
                      "coating_diluent",
                      new Reagent(dilution.diluent(), dilution.diluentLabel(), false)));
    }
    @Nullable Reagent reagent = roles.get(role);
    if (reagent != null) {
      return reagent;
    }
    if (data.prices().find(role).isEmpty()) {
      Set<String> known = new LinkedHashSet<>(roles.keySet());
      known.addAll(data.prices().ids());
      String lineName = line == null ? "" : " for " + line.id();
      refuse(
          source,
          "the reagent '" + role + "' is not known" + lineName + NearestName.hint(role, known));
    }
    return Reagent.bought(role);
  }

  /** The id of a container, or where else liquid comes from or goes to. */
  private String place(YamlNode source, String name) {
    return switch (name) {
      case Contents.STOCK, Contents.WASTE, Contents.PIPETTE, Contents.COUNT_SAMPLE -> name;
      default -> container(source, name).orElse(name);
    };
  }

  private Optional<String> container(YamlNode source, String name) {
    if (name.equals(VESSEL)) {
      if (vessel == null) {
        refuse(source, "names the vessel, and none is given: add 'vessel:' or --vessel");
        return Optional.empty();
      }
      return Optional.of(vessel.id());
    }
    if (data.vessels().tubes().containsKey(name) || name.equals(vesselId())) {
      return Optional.of(name);
    }
    List<String> known = new ArrayList<>(List.of(VESSEL, Contents.PIPETTE, Contents.WASTE));
    known.addAll(data.vessels().tubes().keySet());
    refuse(source, "'" + name + "' is no container here" + NearestName.hint(name, known));
    return Optional.empty();
  }

  private boolean isAboveSafeFill(String id, Volume volume) {
    return safeFill(id).filter(volume::isMoreThan).isPresent();
  }

  private Optional<Volume> safeFill(String id) {
    return vessel != null && id.equals(vessel.id())
        ? Optional.of(vessel.safeFill())
        : Optional.ofNullable(data.vessels().tubes().get(id)).map(Tube::safeFill);
  }

  private String nameOf(String id) {
    if (vessel != null && id.equals(vessel.id())) {
      return vessel.name();
    }
    return Optional.ofNullable(data.vessels().tubes().get(id)).map(Tube::name).orElse(id);
  }

  private boolean applies(TemplateStep.Condition condition) {
    Optional<Coating> coating = line == null ? Optional.empty() : data.coatingOf(line);
    return switch (condition) {
      case ALWAYS -> true;
      case COATED -> coating.isPresent();
      case DILUTED -> coating.flatMap(Coating::dilution).isPresent();
      case UNDILUTED -> coating.isPresent() && coating.get().dilution().isEmpty();
    };
  }

  /** An error in a user's own protocol; the built-in ones are warned of instead. */
  private void refuse(YamlNode source, String message) {
    if (problems != null) {
      problems.add(source.problemOf(message));
    }
  }

  private String labelOr(TemplateStep.Head head, String id) {
    return head.label().map(label -> label.equals(VESSEL) ? vesselId() : label).orElse(id);
  }

  private String vesselled(String operation) {
    return capitalised(operation) + (vessel == null ? "" : "_" + vessel.id());
  }

  private String vesselId() {
    return vessel == null ? "" : vessel.id();
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}

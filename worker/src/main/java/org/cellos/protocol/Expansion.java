package org.cellos.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cellos.domain.Minutes;
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
  private static final String VESSEL = Words.VESSEL;
  private static final double LIQUID_STEP_MINUTES = 1;
  private static final double COUNT_MINUTES = 5;
  private static final Volume MOST_HELD = Volume.ofMillilitres(Fields.MOST_MILLILITRES);

  private final Setup setup;
  private final boolean usersOwn;
  private final Problems problems;
  private final Words words;
  private final CostRules costs;
  private final Timing timing;
  private final List<Use> uses = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final Deque<String> inUse = new ArrayDeque<>();
  private Contents contents = new Contents();
  private boolean isAside;
  private int stepsSeen;

  /** Which repetition is gone through, for people; empty in the first of each. */
  private String repetition = "";

  private Expansion(Setup setup, boolean usersOwn, Problems problems) {
    this.setup = setup;
    this.usersOwn = usersOwn;
    this.problems = problems;
    this.words = new Words(setup, problems);
    this.costs = new CostRules(setup.data().prices());
    this.timing = new Timing(problems);
  }

  /** What cannot be done as written comes out as a warning. */
  static Expansion ofBuiltIn(Setup setup) {
    return new Expansion(setup, false, new Problems());
  }

  /** What cannot be done as written is a problem. */
  static Expansion ofUsersOwn(Setup setup) {
    return new Expansion(setup, true, new Problems());
  }

  /**
   * @throws ProtocolException with everything that is wrong
   */
  ResolvedProtocol resolved(Profile profile) {
    fillAtStart();
    setup
        .template()
        .impliedTubes()
        .forEach(tube -> words.container(setup.template().source(), tube));
    List<UnitOp> unitOps = expand(setup.template().steps());
    List<UnitOp> safeState = aside(setup.template().safeState());
    timing.addProblems();
    problems.throwIfAny();
    if (unitOps.isEmpty()) {
      throw new ProtocolException(
          "The protocol " + setup.template().name() + " has no step for what was asked.");
    }
    Usd material = Usd.ZERO;
    Usd instrument = Usd.ZERO;
    double minutes = 0;
    for (UnitOp unitOp : unitOps) {
      material = material.plus(unitOp.materialCostUsd());
      instrument = instrument.plus(unitOp.instrumentCostUsd());
      minutes += unitOp.durationMinutes();
    }
    if (minutes > Minutes.MOST) {
      throw new ProtocolException(
          List.of(
              setup
                  .template()
                  .source()
                  .problemOf("its steps last longer than 90 days together, which are the most")));
    }
    CellLine line = setup.line();
    Vessel vessel = setup.vessel();
    List<Step> steps = timing.numbered(unitOps, safeState);
    return new ResolvedProtocol(
        setup.template().name(),
        line == null ? null : line.id(),
        vessel == null ? null : vessel.id(),
        profile,
        unitOps,
        steps,
        Timing.renumbered(new WarningRules(setup, costs).warnings(events, contents, uses), steps),
        costs.billOfMaterials(uses),
        material,
        instrument,
        minutes);
  }

  private void fillAtStart() {
    YamlNode source = setup.template().source();
    Map<String, Volume> atStart = new LinkedHashMap<>();
    setup
        .template()
        .startsWith()
        .forEach(
            (word, amount) -> {
              boolean empty =
                  amount instanceof TemplateStep.Amount.Total total && total.volume().isZero();
              atStart.put(
                  words.container(source, word),
                  empty ? Volume.ZERO : words.volume(source, amount));
            });
    Vessel vessel = setup.vessel();
    if (vessel != null) {
      atStart.putIfAbsent(vessel.id(), vessel.totalWorkingVolume());
    }
    atStart.forEach(
        (id, volume) -> {
          contents.put(id, volume, id.equals(setup.vesselId()) ? "culture" : "cells");
          if (setup.isAboveSafeFill(id, volume)) {
            refuse(
                source,
                "starts_with_ml fills "
                    + id
                    + " to "
                    + volume
                    + ", above its safe level of "
                    + setup.safeFill(id).orElseThrow());
          }
        });
  }

  private List<UnitOp> expand(List<TemplateStep> steps) {
    List<UnitOp> unitOps = new ArrayList<>();
    for (TemplateStep step : steps) {
      stepsSeen++;
      if (stepsSeen > ProtocolTemplate.MOST_STEPS) {
        throw new ProtocolException(
            List.of(
                step.head()
                    .source()
                    .problemOf(
                        "with this step the protocol has more than "
                            + ProtocolTemplate.MOST_STEPS
                            + " steps, which are the most")));
      }
      if (words.applies(step.head().condition())) {
        unitOps.addAll(expand(step));
      }
    }
    return unitOps;
  }

  private List<UnitOp> expand(TemplateStep step) {
    if (step instanceof TemplateStep.Use use) {
      return used(use);
    }
    if (step instanceof TemplateStep.Group group) {
      return grouped(group, expand(group.steps()));
    }
    if (step instanceof TemplateStep.Repeat repeat) {
      return repeated(repeat);
    }
    List<UnitOp> rescue =
        aside(step.head().window().map(TemplateStep.Window::rescue).orElse(List.of()));
    UnitOp leaf = leaf(step);
    if (isAside) {
      timing.refuse(step.head());
    } else {
      timing.note(step.head(), leaf, rescue);
    }
    return List.of(leaf);
  }

  /** Steps that are performed only if something goes wrong: nothing that counts has them in it. */
  private List<UnitOp> aside(List<TemplateStep> steps) {
    Contents kept = contents;
    int keptUses = uses.size();
    int keptEvents = events.size();
    boolean wasAside = isAside;
    contents = contents.copy();
    isAside = true;
    List<UnitOp> unitOps = expand(steps);
    isAside = wasAside;
    contents = kept;
    uses.subList(keptUses, uses.size()).clear();
    events.subList(keptEvents, events.size()).clear();
    return unitOps;
  }

  private List<UnitOp> used(TemplateStep.Use use) {
    YamlNode source = use.head().source();
    String name = use.protocol();
    Optional<ProtocolTemplate> used = setup.data().protocol(name);
    if (used.isEmpty()) {
      problem(
          source,
          "'" + name + "' is no protocol" + NearestName.hint(name, setup.data().operations()));
      return List.of();
    }
    if (inUse.contains(name)) {
      problem(source, "the protocol '" + name + "' would use itself without end");
      return List.of();
    }
    inUse.push(name);
    List<UnitOp> steps = expand(used.get().steps());
    inUse.pop();
    return steps;
  }

  /** Every repetition begins with what the one before has left in the containers. */
  private List<UnitOp> repeated(TemplateStep.Repeat repeat) {
    String word = repeat.head().name().orElse("Repetition");
    String outer = repetition;
    int problemsBefore = problems.count();
    List<UnitOp> repetitions = new ArrayList<>();
    // What is wrong in one repetition would be said again of each that follows.
    for (int i = 1; i <= repeat.times() && problems.count() == problemsBefore; i++) {
      repetition = i == 1 ? outer : outer + " (repetition " + i + " of " + repeat.times() + ")";
      List<UnitOp> steps = expand(repeat.steps());
      if (!steps.isEmpty() && isWithinMost(repeat.head().source(), "repeat", steps)) {
        repetitions.add(
            UnitOp.composite(
                "Repeat_" + i,
                word + " " + i + " of " + repeat.times(),
                "repeat",
                Parameters.none(),
                steps));
      }
    }
    repetition = outer;
    if (repetitions.isEmpty() || !isWithinMost(repeat.head().source(), "repeat", repetitions)) {
      return List.of();
    }
    return List.of(
        UnitOp.composite(
            "Repeat_" + repeat.times() + "_times",
            word + " 1 to " + repeat.times(),
            "repeat",
            Parameters.of(Map.of("times", repeat.times())),
            repetitions));
  }

  private boolean isWithinMost(YamlNode source, String operation, List<UnitOp> subSteps) {
    double minutes = subSteps.stream().mapToDouble(UnitOp::durationMinutes).sum();
    if (minutes > Minutes.MOST) {
      problem(source, "the steps of '" + operation + "' last longer than 90 days together");
      return false;
    }
    return true;
  }

  private List<UnitOp> grouped(TemplateStep.Group group, List<UnitOp> subSteps) {
    if (subSteps.isEmpty() || !isWithinMost(group.head().source(), group.operation(), subSteps)) {
      return List.of();
    }
    Vessel vessel = setup.vessel();
    CellLine line = setup.line();
    String place = vessel == null ? "" : " " + vessel.name();
    String cells = line == null ? "" : " (" + line.id() + ")";
    return List.of(
        UnitOp.composite(
            vesselled(group.operation()),
            group.head().name().orElse(capitalised(group.operation()) + place + cells),
            group.operation(),
            vessel == null ? Parameters.none() : Parameters.of(Map.of(VESSEL, vessel.id())),
            subSteps));
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
    Volume volume = words.volume(source, step.amount());
    String from = words.source(source, step.from());
    String to = words.target(source, step.to());
    if (from.equals(Contents.STOCK)) {
      problem(source, "a bottle is poured from by 'dispense', which names its reagent");
    }
    Contents.Move move = move(source, from, to, volume, "");
    Map<String, Object> parameters = moved(step.amount(), move);
    if (!step.liquid().isEmpty()) {
      parameters.put("liquid", step.liquid());
    }
    String liquid = step.liquid().isEmpty() ? "" : " " + step.liquid();
    return leaf(
        step.head(),
        new Event(events.size(), "aspirate", LIQUID_STEP_MINUTES, Optional.of(move), step.liquid()),
        "Aspirate_" + volume.inMillilitres() + "ml",
        "Aspirate " + volume + liquid + " from " + setup.nameOf(from),
        "Liquid Handler",
        parameters,
        List.of(Use.pipetteFor(volume)));
  }

  private UnitOp dispense(TemplateStep.Dispense step) {
    YamlNode source = step.head().source();
    Volume volume = words.volume(source, step.amount());
    String from = words.source(source, step.from());
    String to = words.target(source, step.to());
    Words.Reagent reagent =
        from.equals(Contents.STOCK)
            ? words.reagent(source, step.reagent())
            : words.prepared(step.reagent());
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
        new Event(
            events.size(), "dispense", LIQUID_STEP_MINUTES, Optional.of(move), step.reagent()),
        "Dispense_" + reagent.label() + "_" + volume.inMillilitres() + "ml",
        "Dispense " + volume + " " + reagent.id() + " into " + setup.nameOf(to),
        "Liquid Handler",
        parameters,
        used);
  }

  private UnitOp mix(TemplateStep.Mix step) {
    YamlNode source = step.head().source();
    Volume volume = words.volume(source, step.amount());
    String id = words.container(source, step.vessel());
    Volume held = contents.holding(id).volume();
    if (volume.isMoreThan(held) && setup.container(id).isPresent()) {
      refuse(source, "mixes " + volume + " where " + id + " holds " + held);
    }
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("volume_ml", volume.millilitres());
    parameters.put("cycles", step.cycles());
    return leaf(
        step.head(),
        new Event(events.size(), "mix", LIQUID_STEP_MINUTES, Optional.empty(), ""),
        "Mix_" + volume.inMillilitres() + "ml",
        "Mix " + setup.nameOf(id) + " with " + volume + ", " + step.cycles() + " times",
        "Liquid Handler",
        parameters,
        List.of(Use.pipetteFor(volume)));
  }

  private UnitOp incubate(TemplateStep.Incubate step) {
    String id = words.container(step.head().source(), step.vessel());
    TemplateStep.Duration.Given time = words.time(step.head().source(), step.duration());
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    step.location().ifPresent(location -> parameters.put("location", location));
    parameters.put("minutes", time.minutes());
    parameters.put("temperature_c", time.temperatureC());
    String where = step.location().map(place -> " in the " + place.replace('_', ' ')).orElse("");
    return leaf(
        step.head(),
        new Event(events.size(), "incubate", time.minutes(), Optional.empty(), ""),
        "Incubate_" + step.location().orElse(id),
        "Incubate "
            + setup.nameOf(id)
            + where
            + ", "
            + time.minutes()
            + " min at "
            + time.temperatureC()
            + " °C",
        step.location().map(Expansion::title).orElse("Incubator"),
        parameters,
        List.of(Use.hours("incubator_usage", time.minutes())));
  }

  private UnitOp centrifuge(TemplateStep.Centrifuge step) {
    String id = words.container(step.head().source(), step.vessel());
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("g_force", step.gForce());
    parameters.put("minutes", step.minutes());
    return leaf(
        step.head(),
        new Event(events.size(), "centrifuge", step.minutes(), Optional.empty(), ""),
        "Centrifuge_" + labelOr(step.head(), id),
        "Centrifuge "
            + setup.nameOf(id)
            + ", "
            + step.minutes()
            + " min at "
            + step.gForce()
            + " g",
        "Centrifuge",
        parameters,
        List.of(Use.each("centrifuge_usage")));
  }

  private UnitOp count(TemplateStep.Count step) {
    YamlNode source = step.head().source();
    String id = words.container(source, step.vessel());
    Volume sample = words.volume(source, step.sample());
    Contents.Move move = move(source, id, Contents.COUNT_SAMPLE, sample, "");
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(VESSEL, id);
    parameters.put("method", step.method());
    parameters.put("volume_ml", sample.millilitres());
    putContents(parameters, move);
    return leaf(
        step.head(),
        new Event(events.size(), "count", COUNT_MINUTES, Optional.of(move), ""),
        "Count_" + labelOr(step.head(), id),
        "Count cells in " + setup.nameOf(id) + " (" + step.method() + ")",
        "Cell Counter",
        parameters,
        List.of(Use.each("cell_counter_slides"), Use.each(step.method() + "_usage")));
  }

  private UnitOp custom(TemplateStep.Custom step) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    step.vessel()
        .ifPresent(name -> parameters.put(VESSEL, words.container(step.head().source(), name)));
    parameters.putAll(step.parameters().values());
    if (step.minutes() > 0) {
      parameters.putIfAbsent("minutes", step.minutes());
    }
    return leaf(
        step.head(),
        new Event(events.size(), step.operation(), step.minutes(), Optional.empty(), ""),
        step.vessel().isPresent() ? vesselled(step.operation()) : capitalised(step.operation()),
        capitalised(step.operation()),
        null,
        parameters,
        List.of());
  }

  private UnitOp leaf(
      TemplateStep.Head head,
      Event event,
      String uoId,
      String name,
      @Nullable String instrument,
      Map<String, Object> parameters,
      List<Use> used) {
    uses.addAll(used);
    events.add(event);
    return new UnitOp(
        uoId,
        head.name().orElse(name),
        event.operation(),
        instrument,
        new Parameters(parameters),
        used.stream().map(Use::item).toList(),
        costs.materialCost(used),
        costs.instrumentCost(event.operation(), used),
        event.minutes(),
        List.of());
  }

  /** Moves what is there, and refuses in a user's own protocol what cannot be done as written. */
  private Contents.Move move(
      YamlNode source, String from, String to, Volume volume, String liquid) {
    if (contents.holding(to).volume().plus(volume).isMoreThan(MOST_HELD)) {
      problem(source, "fills " + to + " with more than " + MOST_HELD);
      return contents.move(from, to, Volume.ZERO, liquid);
    }
    Contents.Move move = contents.move(from, to, volume, liquid);
    boolean tracked = from.equals(Contents.PIPETTE) || setup.container(from).isPresent();
    if (move.isShort() && tracked) {
      refuse(source, "takes " + volume + " from " + from + ", which holds " + move.moved());
    }
    if (setup.isAboveSafeFill(to, move.after(to).volume())) {
      refuse(
          source,
          "fills "
              + to
              + " to "
              + move.after(to).volume()
              + ", above its safe level of "
              + setup.safeFill(to).orElseThrow());
    }
    return move;
  }

  private Map<String, Object> moved(TemplateStep.Amount amount, Contents.Move move) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("from", move.from());
    parameters.put("to", move.to());
    parameters.put("volume_ml", move.asked().millilitres());
    Vessel vessel = setup.vessel();
    boolean perWell =
        amount instanceof TemplateStep.Amount.PerWell
            || move.from().equals(setup.vesselId())
            || move.to().equals(setup.vesselId());
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

  /** An error in a user's own protocol; the built-in ones are warned of instead. */
  private void refuse(YamlNode source, String message) {
    if (usersOwn) {
      problem(source, message);
    }
  }

  private void problem(YamlNode source, String message) {
    problems.add(source.problemOf(message + repetition));
  }

  private String labelOr(TemplateStep.Head head, String id) {
    return head.label()
        .map(label -> label.equals(VESSEL) ? words.container(head.source(), label) : label)
        .orElse(id);
  }

  private String vesselled(String operation) {
    return capitalised(operation) + (setup.vessel() == null ? "" : "_" + setup.vesselId());
  }

  /** {@code water_bath} to {@code Water Bath}. */
  private static String title(String word) {
    return Arrays.stream(word.split("_"))
        .filter(part -> !part.isEmpty())
        .map(Expansion::capitalised)
        .collect(Collectors.joining(" "));
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }
}

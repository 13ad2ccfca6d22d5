package org.cellos.deck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.cellos.domain.WellProgress;
import org.cellos.protocol.RobotDeck;
import org.cellos.protocol.RobotsFile.Robot;

/**
 * Writes the Python protocol with which a robot does the liquid steps of one plate. Used once; not
 * thread-safe.
 *
 * <p>It goes from column to column, or from well to well, and does all steps there, so that no
 * cells stand dry for longer than that takes. One statement is one command of the robot, and
 * comments say which well begins and which is done: where a run ended can be told from them.
 *
 * <p>What was in a well goes with a fresh tip for each column or well, since it may carry cells
 * over. A reagent is dropped from above and its tip touches nothing, so it goes back into its rack
 * and is used for all of them. Heights, the distance to the wall, flow rates and the air gap are
 * starting values, to be confirmed with water before cells are used.
 */
public final class RobotProtocolGenerator {
  private static final double DISPENSE_BELOW_TOP_MM = 2;
  private static final double FROM_WALL_MM = 1.5;
  private static final double DRAW_ABOVE_BOTTOM_MM = 2;
  private static final double AIR_GAP_SHARE = 0.05;
  private static final double FLOW_SHARE_PER_SECOND = 0.15;

  private final Robot robot;
  private final String vesselId;
  private final List<LiquidStep> steps;
  private final RobotDeck.Plate plate;
  private final Pipette pipette;
  private final String mount;
  private final TipSupply tips;
  private final double tipMicrolitres;
  private final Map<String, ReagentSupply> reagents = new LinkedHashMap<>();
  private final StringBuilder source = new StringBuilder();
  private double wasteMicrolitres;

  private RobotProtocolGenerator(Robot robot, String vesselId, List<LiquidStep> steps) {
    this.robot = robot;
    this.vesselId = vesselId;
    this.steps = steps;
    this.plate = plate(robot, vesselId);
    this.mount = mount();
    this.pipette = pipetteOn(mount).orElseThrow();
    List<RobotDeck.Tips> racks = racks(mount);
    this.tips = new TipSupply(mount, pipette.channels(), racks);
    this.tipMicrolitres =
        Math.min(pipette.mostMicrolitres(), racks.get(0).place().labware().maxMicrolitres());
  }

  /**
   * @param title what people see in the robot's app
   * @param steps consecutive ones, all of the same plate; at least one
   * @param finishedWells wells of the plate that are left out, since they are done; for a pipette
   *     of eight channels whole columns, named by their first well
   * @throws DeckException in one sentence, where it cannot be done with what is on the deck
   */
  public static RobotProtocol generate(
      Robot robot,
      String title,
      String vesselId,
      List<LiquidStep> steps,
      Set<String> finishedWells) {
    if (steps.isEmpty()) {
      throw new DeckException("None of the steps is one that a robot does with a plate.");
    }
    return new RobotProtocolGenerator(robot, vesselId, steps).write(title, finishedWells);
  }

  /**
   * @throws DeckException if it is not on the deck
   */
  static RobotDeck.Plate plate(Robot robot, String vesselId) {
    RobotDeck.Plate plate = robot.deck().plates().get(vesselId);
    if (plate == null) {
      throw new DeckException(
          "The vessel "
              + vesselId
              + " is not on the deck of "
              + robot.id()
              + (robot.deck().plates().isEmpty()
                  ? ": robots.yaml names no plates."
                  : ", which has " + names(robot.deck().plates().keySet()) + "."));
    }
    return plate;
  }

  /** The wells that the robot goes to, in its order; for eight channels the first of a column. */
  static List<String> targets(Robot robot, String vesselId, List<LiquidStep> steps) {
    return new RobotProtocolGenerator(robot, vesselId, steps).targets();
  }

  /** How many channels the pipette has that is chosen for the steps. */
  static int channels(Robot robot, String vesselId, List<LiquidStep> steps) {
    return new RobotProtocolGenerator(robot, vesselId, steps).pipette.channels();
  }

  private List<String> targets() {
    return plate.place().labware().wells().stream()
        .filter(well -> pipette.channels() == 1 || well.startsWith("A"))
        .toList();
  }

  private static String names(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }

  /** The mount whose pipette fits: eight channels where the plate has eight rows, else one. */
  private String mount() {
    double least = steps.stream().mapToDouble(LiquidStep::microlitresPerWell).min().orElseThrow();
    String best = "";
    double mostOfBest = 0;
    for (String candidate : List.of("left", "right")) {
      Optional<Pipette> found = pipetteOn(candidate);
      boolean fits =
          found.isPresent()
              && (found.get().channels() == 1 || found.get().channels() == plateRows())
              && found.get().leastMicrolitres() <= least
              && !racks(candidate).isEmpty();
      if (fits) {
        double most = found.get().mostMicrolitres() * found.get().channels();
        if (most > mostOfBest) {
          best = candidate;
          mostOfBest = most;
        }
      }
    }
    if (best.isEmpty()) {
      throw new DeckException(
          "No pipette of "
              + robot.id()
              + " can move "
              + number(least)
              + " µL in a plate of "
              + plateRows()
              + " rows: it has "
              + new TreeMap<>(robot.pipettes())
              + ", and tips for "
              + names(
                  robot.deck().tips().stream()
                      .map(RobotDeck.Tips::mount)
                      .collect(Collectors.toSet()))
              + ".");
    }
    return best;
  }

  private int plateRows() {
    return plate.place().labware().rows();
  }

  private Optional<Pipette> pipetteOn(String onMount) {
    return Optional.ofNullable(robot.pipettes().get(onMount)).flatMap(Pipette::find);
  }

  private List<RobotDeck.Tips> racks(String forMount) {
    return robot.deck().tips().stream().filter(rack -> rack.mount().equals(forMount)).toList();
  }

  private RobotProtocol write(String title, Set<String> finishedWells) {
    List<String> targets =
        targets().stream().filter(well -> !finishedWells.contains(well)).toList();
    steps.stream().filter(step -> !step.takes()).forEach(this::openReagent);
    head(title);
    int tipsNeeded =
        reagents.size() + (steps.stream().anyMatch(LiquidStep::takes) ? targets.size() : 0);
    reagents.values().forEach(supply -> supply.tip(tips.next(tipsNeeded)));
    for (String target : targets) {
      goTo(target, targets.size(), tipsNeeded);
    }
    requireWaste();
    Map<String, Double> drawn = new LinkedHashMap<>();
    reagents.forEach((reagent, supply) -> drawn.put(reagent, supply.drawnMicrolitres()));
    return new RobotProtocol(
        source.toString(), steps, Map.of(mount, tips.taken()), drawn, wasteMicrolitres);
  }

  private void openReagent(LiquidStep step) {
    String reagent = step.reagent().orElseThrow();
    RobotDeck.Stock stock = robot.deck().reagents().get(reagent);
    if (stock == null) {
      throw new DeckException(
          "The reagent "
              + reagent
              + " of step "
              + step.path()
              + " is not on the deck of "
              + robot.id()
              + ": write into robots.yaml where it is.");
    }
    reagents.putIfAbsent(reagent, new ReagentSupply(reagent, stock));
  }

  private void head(String title) {
    line("from opentrons import protocol_api, types");
    line("");
    line("metadata = {\"protocolName\": " + quoted(title) + ", \"author\": \"cellos\"}");
    line(
        "requirements = {\"robotType\": \"OT-2\", \"apiLevel\": \""
            + RobotProtocol.API_LEVEL
            + "\"}");
    line("");
    line("");
    line("def run(protocol: protocol_api.ProtocolContext):");
    load("plate", plate.place(), vesselId);
    Set<Integer> loaded = new LinkedHashSet<>();
    reagents
        .values()
        .forEach(
            supply -> {
              RobotDeck.Place place = supply.place();
              if (loaded.add(place.slot())) {
                load("stock_" + place.slot(), place, "reagents");
              }
            });
    if (steps.stream().anyMatch(LiquidStep::takes)) {
      RobotDeck.Place place = waste().place();
      if (loaded.contains(place.slot())) {
        line("    waste = stock_" + place.slot());
      } else {
        load("waste", place, "waste");
      }
    }
    racks(mount).forEach(rack -> load("tips_" + rack.place().slot(), rack.place(), "tips"));
    line(
        "    "
            + mount
            + " = protocol.load_instrument(\""
            + pipette.loadName()
            + "\", \""
            + mount
            + "\")");
    String rate = number(pipette.mostMicrolitres() * FLOW_SHARE_PER_SECOND);
    line("    " + mount + ".flow_rate.aspirate = " + rate);
    line("    " + mount + ".flow_rate.dispense = " + rate);
    steps.forEach(step -> comment("step " + step.path() + ": " + step.name()));
  }

  private RobotDeck.Waste waste() {
    return robot
        .deck()
        .waste()
        .orElseThrow(
            () ->
                new DeckException(
                    "There is no place for waste on the deck of "
                        + robot.id()
                        + ": write into robots.yaml where it is."));
  }

  private void load(String variable, RobotDeck.Place place, String label) {
    line(
        "    "
            + variable
            + " = protocol.load_labware(\""
            + place.labware().loadName()
            + "\", \""
            + place.slot()
            + "\", "
            + quoted(label)
            + ")");
  }

  private void goTo(String target, int targets, int tipsNeeded) {
    comment(WellProgress.begins(target));
    String wasteTip = "";
    String held = "";
    for (LiquidStep step : steps) {
      if (step.takes() && wasteTip.isEmpty()) {
        wasteTip = tips.next(tipsNeeded);
      }
      String wanted = step.takes() ? wasteTip : supply(step).tip();
      if (!wanted.equals(held)) {
        putBack(held);
        command("pick_up_tip(" + wanted + ")");
        held = wanted;
      }
      if (step.takes()) {
        take(target, step);
      } else {
        bring(target, step, targets);
      }
    }
    if (!held.equals(wasteTip)) {
      putBack(held);
      if (!wasteTip.isEmpty()) {
        command("pick_up_tip(" + wasteTip + ")");
      }
    }
    if (!wasteTip.isEmpty()) {
      command("drop_tip()");
    }
    comment(WellProgress.isDone(target));
  }

  private ReagentSupply supply(LiquidStep step) {
    return Objects.requireNonNull(reagents.get(step.reagent().orElseThrow()));
  }

  private void putBack(String held) {
    if (!held.isEmpty()) {
      command("return_tip()");
    }
  }

  private void take(String target, LiquidStep step) {
    double airGap = tipMicrolitres * AIR_GAP_SHARE;
    List<Double> parts = parts(step.microlitresPerWell(), tipMicrolitres - airGap);
    for (double part : parts) {
      command(
          "aspirate("
              + number(part)
              + ", "
              + atEdge(target, "bottom(" + number(plate.aspirateAboveBottomMillimetres()) + ")")
              + ")");
      command("air_gap(" + number(airGap) + ")");
      command("dispense(" + number(part + airGap) + ", waste[\"A1\"].top(-5.0))");
      wasteMicrolitres += part * pipette.channels();
    }
  }

  private void bring(String target, LiquidStep step, int targets) {
    ReagentSupply supply = supply(step);
    double needed = step.microlitresPerWell() * pipette.channels() * targets;
    for (double part : parts(step.microlitresPerWell(), tipMicrolitres)) {
      String from = supply.draw(part * pipette.channels(), needed);
      command("aspirate(" + number(part) + ", " + from + ".bottom(" + DRAW_ABOVE_BOTTOM_MM + "))");
      command(
          "dispense("
              + number(part)
              + ", "
              + atEdge(target, "top(-" + DISPENSE_BELOW_TOP_MM + ")")
              + ")");
    }
  }

  /** Near the wall, where a jet or a tip meets the fewest cells. */
  private String atEdge(String well, String height) {
    double offset = plate.place().labware().wellWidthMillimetres() / 2 - FROM_WALL_MM;
    return "plate[\"" + well + "\"]." + height + ".move(types.Point(x=" + number(offset) + "))";
  }

  /** Equal parts, none above what a tip holds. */
  private static List<Double> parts(double microlitres, double most) {
    int count = (int) Math.ceil(microlitres / most - 1e-9);
    List<Double> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      parts.add(microlitres / count);
    }
    return parts;
  }

  private void requireWaste() {
    if (wasteMicrolitres == 0) {
      return;
    }
    double room = waste().room().millilitres() * 1000;
    if (wasteMicrolitres > room) {
      throw new DeckException(
          "The waste has too little room: "
              + wasteMicrolitres / 1000
              + " mL will come, and "
              + room / 1000
              + " mL have room. Empty it and say so in robots.yaml.");
    }
  }

  private void comment(String text) {
    line("    protocol.comment(" + quoted(text) + ")");
  }

  private void command(String call) {
    line("    " + mount + "." + call);
  }

  private void line(String text) {
    source.append(text).append('\n');
  }

  /** Microlitres and millimetres to a hundredth, which is finer than any pipette. */
  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String quoted(String text) {
    return "\""
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ")
        + "\"";
  }
}

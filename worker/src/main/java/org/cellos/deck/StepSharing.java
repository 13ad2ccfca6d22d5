package org.cellos.deck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.Item;
import org.cellos.domain.Parameters;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepRole;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.cellos.protocol.RobotDeck;
import org.cellos.protocol.RobotsFile.Robot;
import org.jspecify.annotations.Nullable;

/** Goes through the steps once, and keeps those that wait for their robot. */
final class StepSharing {
  private static final double CARRYING_MINUTES = 1;

  private final ResolvedProtocol whole;
  private final Robot robot;
  private final String vessel;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Integer, Integer> newIndex = new HashMap<>();
  private final List<Step> group = new ArrayList<>();

  /** The same, as the robot does them. */
  private final List<LiquidStep> liquid = new ArrayList<>();

  private final ResidualVolume residual;
  private final List<Step> rescue = new ArrayList<>();
  private final List<String> byRobot = new ArrayList<>();
  private final List<String> byPerson = new ArrayList<>();

  StepSharing(ResolvedProtocol whole, Robot robot, String vessel) {
    this.whole = whole;
    this.robot = robot;
    this.vessel = vessel;
    this.residual = new ResidualVolume(vessel, plate());
  }

  void add(Step step) {
    Optional<LiquidStep> byRobots = residual.next(step);
    boolean isLiquid = byRobots.isPresent();
    if (isLiquid) {
      requireWells(step);
    }
    if (!isLiquid || step.window() != null) {
      closeGroup();
    }
    if (isLiquid) {
      group.add(step);
      liquid.add(byRobots.get());
    } else if (step.role() == StepRole.RESCUE) {
      // It has to stay right before the step that it is for.
      rescue.add(step);
    } else {
      flushRescue();
      keep(step);
    }
  }

  /** A plate of another kind would be fed by another volume. */
  private void requireWells(Step step) {
    int onDeck = plate().place().labware().wells().size();
    Object planned = step.unitOp().parameters().values().get("wells");
    if (planned instanceof Number wells && wells.intValue() != onDeck) {
      throw new DeckException(
          "The vessel "
              + vessel
              + " has "
              + wells.intValue()
              + " wells, and "
              + plate().place().labware().loadName()
              + ", as which it stands on the deck of "
              + robot.id()
              + ", has "
              + onDeck
              + ": correct robots.yaml.");
    }
  }

  private void flushRescue() {
    rescue.forEach(this::keep);
    rescue.clear();
  }

  private void keep(Step step) {
    newIndex.put(step.stepIndex(), steps.size());
    put(step.path(), step.unitOp(), step.window(), step.role());
    if (step.role() == null) {
      byPerson.add(step.name());
    }
  }

  private void put(
      String path, UnitOp unitOp, @Nullable ExposureWindow window, @Nullable StepRole role) {
    ExposureWindow renumbered =
        window == null
            ? null
            : new ExposureWindow(
                Objects.requireNonNull(newIndex.get(window.sinceStep())),
                window.atLeastMinutes(),
                window.atMostMinutes());
    steps.add(new Step(steps.size(), path, unitOp, renumbered, role));
  }

  private void closeGroup() {
    if (group.isEmpty()) {
      return;
    }
    RobotProtocol generated =
        RobotProtocolGenerator.generate(
            robot, whole.operation() + " " + vessel, vessel, liquid, Set.of());
    Step first = group.get(0);
    carry(
        first.path() + PlateStep.ON,
        "Take the lid off "
            + vessel
            + " and set it on slot "
            + plate().place().slot()
            + " of "
            + robot.id()
            + ", with "
            + needs(generated));
    flushRescue();
    group.forEach(step -> newIndex.put(step.stepIndex(), steps.size()));
    put(first.path(), robotStep(generated), first.window(), null);
    carry(
        first.path() + PlateStep.OFF,
        "Put the lid on " + vessel + " and take it from " + robot.id());
    group.clear();
    liquid.clear();
  }

  private void carry(String path, String name) {
    put(
        path,
        new UnitOp(
            "carry_" + vessel,
            name,
            "carry",
            null,
            Parameters.of(Map.of(PlateStep.VESSEL, vessel, PlateStep.ROBOT, robot.id())),
            List.of(),
            Usd.ZERO,
            Usd.ZERO,
            CARRYING_MINUTES,
            List.of()),
        null,
        null);
    byPerson.add(name);
  }

  private RobotDeck.Plate plate() {
    return RobotProtocolGenerator.plate(robot, vessel);
  }

  /** {@code 24 tips, 24.0 mL mtesr_plus_kit and room for 24.0 mL of waste}. */
  private static String needs(RobotProtocol generated) {
    List<String> needs = new ArrayList<>();
    int tips = generated.tips().values().stream().mapToInt(Integer::intValue).sum();
    needs.add(tips + " fresh tips");
    generated.reagentMicrolitres().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> needs.add(millilitres(entry.getValue()) + " " + entry.getKey()));
    if (generated.wasteMicrolitres() > 0) {
      needs.add("room for " + millilitres(generated.wasteMicrolitres()) + " of waste");
    }
    return String.join(", ", needs) + " where robots.yaml says";
  }

  private static String millilitres(double microlitres) {
    return String.format(Locale.ROOT, "%.1f mL", microlitres / 1000);
  }

  private UnitOp robotStep(RobotProtocol generated) {
    List<Item> items = new ArrayList<>();
    Usd material = Usd.ZERO;
    Usd instrument = Usd.ZERO;
    double minutes = 0;
    for (Step step : group) {
      items.addAll(step.unitOp().items());
      material = material.plus(step.unitOp().materialCostUsd());
      instrument = instrument.plus(step.unitOp().instrumentCostUsd());
      minutes += step.unitOp().durationMinutes();
    }
    String name =
        robot.id() + ": " + liquid.stream().map(LiquidStep::name).collect(Collectors.joining("; "));
    byRobot.add(name);
    Parameters parameters =
        PlateStep.parameters(
            robot.id(), vessel, liquid, whole.operation() + "_" + vessel + ".py", generated);
    return new UnitOp(
        PlateStep.OPERATION_TYPE + "_" + vessel,
        name,
        PlateStep.OPERATION_TYPE,
        robot.id(),
        parameters,
        items,
        material,
        instrument,
        minutes,
        List.of());
  }

  RobotShare end() {
    closeGroup();
    flushRescue();
    if (byRobot.isEmpty()) {
      throw new DeckException(
          "The robot " + robot.id() + " can do none of the steps: leave --robot out.");
    }
    return new RobotShare(
        new ResolvedProtocol(
            whole.operation(),
            whole.cellLine(),
            whole.vesselId(),
            whole.profile(),
            whole.unitOps(),
            steps,
            whole.warnings().stream().map(this::renumbered).toList(),
            whole.billOfMaterials(),
            whole.materialCostUsd(),
            whole.instrumentCostUsd(),
            whole.durationMinutes() + CARRYING_MINUTES * 2 * byRobot.size()),
        byRobot,
        byPerson);
  }

  private ProtocolWarning renumbered(ProtocolWarning warning) {
    Integer index = warning.stepIndex();
    return index == null
        ? warning
        : ProtocolWarning.atStep(
            warning.code(),
            Objects.requireNonNull(newIndex.get(index)),
            warning.message(),
            warning.fix());
  }
}

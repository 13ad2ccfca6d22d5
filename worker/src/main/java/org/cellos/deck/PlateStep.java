package org.cellos.deck;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.WellProgress;
import org.cellos.protocol.RobotsFile.Robot;

/**
 * The parameters of a robot's step for a plate: the protocol, and the liquid steps that it was made
 * of, so that another one can be made without the wells that are done.
 */
public final class PlateStep {
  /** What chooses the robot's handler. */
  public static final String OPERATION_TYPE = "robot_protocol";

  /** Ends the path of the step with which a person brings the plate. */
  public static final String ON = "-on";

  /** Ends the path of the step with which a person fetches it. */
  public static final String OFF = "-off";

  public static final String ROBOT = "robot";
  static final String VESSEL = "vessel";
  private static final String STEPS = "liquid_steps";
  private static final String PROTOCOL = "protocol";
  public static final String LEFT_OUT = "wells_left_out";

  private static final String DONE_BEFORE = "wells_done_before";
  private static final int EIGHT = 8;

  private PlateStep() {}

  static Parameters parameters(
      String robotId,
      String vesselId,
      List<LiquidStep> steps,
      String fileName,
      RobotProtocol generated) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(ROBOT, robotId);
    parameters.put(VESSEL, vesselId);
    parameters.put(STEPS, steps.stream().map(PlateStep::written).toList());
    parameters.put("file_name", fileName);
    parameters.put("api_level", RobotProtocol.API_LEVEL);
    parameters.put(PROTOCOL, generated.source());
    return Parameters.of(parameters);
  }

  private static Map<String, Object> written(LiquidStep step) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("path", step.path());
    map.put("name", step.name());
    step.reagent().ifPresent(reagent -> map.put("reagent", reagent));
    map.put("volume_per_well_ul", step.microlitresPerWell());
    return map;
  }

  /**
   * A robot's step without the wells that were begun before: one that may have got its medium must
   * not get it twice.
   *
   * @param mayHaveGoneOn whether the robot may have come further than is known: the well after the
   *     last known one is left out as well
   * @return the step's parameters with another protocol, and the wells that it leaves out as {@code
   *     wells_left_out}; as they are where the protocol is a user's own, or nothing was begun
   * @throws ParameterException if no well is left, or the deck does not do any more
   */
  public static Parameters rest(
      Robot robot, Parameters step, WellProgress before, boolean mayHaveGoneOn) {
    if (!step.has(STEPS) || (before.isEmpty() && !mayHaveGoneOn)) {
      return step;
    }
    String vessel = step.text(VESSEL);
    List<LiquidStep> steps = read(step);
    // A rerun leaves out what was done before it, and so does whatever is made of it.
    Set<String> leftOut = new HashSet<>(step.texts(LEFT_OUT));
    leftOut.addAll(before.done());
    leftOut.addAll(before.underWay());
    Set<String> done = new TreeSet<>(step.texts(DONE_BEFORE));
    done.addAll(before.done());
    try {
      requireSamePipette(robot, step, vessel, steps);
      List<String> targets = RobotProtocolGenerator.targets(robot, vessel, steps);
      if (mayHaveGoneOn) {
        int last = lastOf(targets, leftOut);
        leftOut.addAll(targets.subList(last, Math.min(last + 2, targets.size())));
      }
      if (leftOut.containsAll(targets)) {
        throw new ParameterException(
            "no well is left for the robot ("
                + before.inWords()
                + "): look at the plate, and do by hand what it lacks");
      }
      RobotProtocol rest =
          RobotProtocolGenerator.generate(robot, "the rest of " + vessel, vessel, steps, leftOut);
      return step.with(PROTOCOL, rest.source())
          .with(LEFT_OUT, targets.stream().filter(leftOut::contains).toList())
          .with(DONE_BEFORE, List.copyOf(done));
    } catch (DeckException e) {
      throw new ParameterException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A robot's step with every well again, whatever it leaves out. */
  public static Parameters whole(Robot robot, Parameters step) {
    if (!step.has(STEPS) || !step.has(LEFT_OUT)) {
      return step;
    }
    String vessel = step.text(VESSEL);
    try {
      RobotProtocol whole =
          RobotProtocolGenerator.generate(robot, vessel, vessel, read(step), Set.of());
      return step.with(PROTOCOL, whole.source())
          .with(LEFT_OUT, List.of())
          .with(DONE_BEFORE, List.of());
    } catch (DeckException e) {
      throw new ParameterException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Whether a robot's step is one for a plate, of which wells can be left out. */
  public static boolean isOne(Parameters step) {
    return step.has(STEPS);
  }

  /** For eight channels a well stands for its column: those of one channel are others. */
  private static void requireSamePipette(
      Robot robot, Parameters step, String vessel, List<LiquidStep> steps) {
    int before = step.text(PROTOCOL).contains("_multi_") ? EIGHT : 1;
    int now = RobotProtocolGenerator.channels(robot, vessel, steps);
    if (before != now) {
      throw new ParameterException(
          "the plate was begun with a pipette of "
              + before
              + (before == 1 ? " channel" : " channels")
              + ", and robots.yaml has one of "
              + now
              + " for it now: mount and write down the former one, or do by hand what the plate"
              + " lacks");
    }
  }

  private static int lastOf(List<String> targets, Set<String> leftOut) {
    int last = 0;
    for (int i = 0; i < targets.size(); i++) {
      last = leftOut.contains(targets.get(i)) ? i : last;
    }
    return last;
  }

  private static List<LiquidStep> read(Parameters step) {
    List<LiquidStep> steps = new ArrayList<>();
    for (Parameters each : step.maps(STEPS)) {
      steps.add(
          new LiquidStep(
              each.text("path"),
              each.text("name"),
              each.optionalText("reagent"),
              each.number("volume_per_well_ul")));
    }
    return steps;
  }
}

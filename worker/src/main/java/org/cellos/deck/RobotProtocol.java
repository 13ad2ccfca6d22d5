package org.cellos.deck;

import java.util.List;
import java.util.Map;

/**
 * A protocol for a robot, and what it will use.
 *
 * @param source Python, for the API level {@link #API_LEVEL}
 * @param steps which it does, in their order
 * @param tips how many of them, by mount
 * @param reagentMicrolitres how much of each is drawn
 * @param wasteMicrolitres how much liquid goes to the waste
 */
public record RobotProtocol(
    String source,
    List<LiquidStep> steps,
    Map<String, Integer> tips,
    Map<String, Double> reagentMicrolitres,
    double wasteMicrolitres) {
  public static final String API_LEVEL = "2.15";

  public RobotProtocol {
    steps = List.copyOf(steps);
    tips = Map.copyOf(tips);
    reagentMicrolitres = Map.copyOf(reagentMicrolitres);
  }
}

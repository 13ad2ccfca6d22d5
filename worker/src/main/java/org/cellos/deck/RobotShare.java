package org.cellos.deck;

import java.util.Comparator;
import java.util.List;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.RobotsFile;
import org.cellos.protocol.RobotsFile.Robot;

/**
 * A protocol of which a robot does what it can: consecutive liquid steps of the plate on its deck
 * have become one step each, between two steps with which a person brings the plate and fetches it.
 *
 * @param protocol with the steps as they will be performed
 * @param byRobot what the robot does, one line each
 * @param byPerson what stays for people, one line each
 */
public record RobotShare(ResolvedProtocol protocol, List<String> byRobot, List<String> byPerson) {
  public RobotShare {
    byRobot = List.copyOf(byRobot);
    byPerson = List.copyOf(byPerson);
  }

  /** The robots that have the protocol's vessel on their deck, where it has steps for them. */
  public static List<Robot> candidates(ResolvedProtocol protocol, RobotsFile robots) {
    String vessel = protocol.vesselId();
    if (vessel == null
        || protocol.steps().stream().noneMatch(step -> LiquidStep.of(step, vessel).isPresent())) {
      return List.of();
    }
    return robots.robots().values().stream()
        .filter(robot -> robot.deck().plates().containsKey(vessel))
        .sorted(Comparator.comparing(Robot::id))
        .toList();
  }

  /**
   * @throws DeckException in one sentence, where the robot can do none of it, or something is short
   */
  public static RobotShare of(ResolvedProtocol protocol, Robot robot) {
    String vessel = protocol.vesselId();
    if (vessel == null) {
      throw new DeckException("The protocol names no vessel, so no robot has it on its deck.");
    }
    StepSharing sharing = new StepSharing(protocol, robot, vessel);
    protocol.steps().forEach(sharing::add);
    return sharing.end();
  }
}

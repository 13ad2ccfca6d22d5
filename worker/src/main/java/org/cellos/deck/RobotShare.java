package org.cellos.deck;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.RobotsFile;
import org.cellos.protocol.RobotsFile.Robot;
import org.jspecify.annotations.Nullable;

/**
 * A protocol of which a robot does what it can: consecutive liquid steps of the plate on its deck
 * have become one step each, between two steps with which a person brings the plate and fetches it.
 *
 * @param protocol with the steps as they will be performed
 * @param byRobot what the robot does, one line each
 * @param byPerson what stays for people, one line each
 */
public record RobotShare(ResolvedProtocol protocol, List<String> byRobot, List<String> byPerson) {
  /** Instead of a robot's id: a person does it. */
  public static final String NOBODY = "none";

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
   * Finds the robot of an execution on hardware.
   *
   * @param wanted its id, or {@link #NOBODY}; null for the only one with such a plate on its deck
   * @return empty where a person does all of it
   * @throws DeckException in one sentence, where there is no such robot, several could do it, or
   *     the one cannot
   */
  public static Optional<RobotShare> choose(
      ResolvedProtocol protocol, RobotsFile robots, @Nullable String wanted) {
    if (NOBODY.equals(wanted)) {
      return Optional.empty();
    }
    if (wanted != null) {
      return Optional.of(
          of(
              protocol,
              robots
                  .find(wanted)
                  .orElseThrow(() -> new DeckException(robots.unknown(wanted) + "."))));
    }
    List<Robot> candidates = candidates(protocol, robots);
    if (candidates.size() > 1) {
      throw new DeckException(
          "Several robots have such a plate on their deck ("
              + candidates.stream().map(Robot::id).collect(Collectors.joining(", "))
              + "): name one of them.");
    }
    return candidates.stream().findFirst().map(robot -> of(protocol, robot));
  }

  /**
   * One protocol of all liquid steps, for people to read.
   *
   * @throws DeckException in one sentence, where it cannot be done with what is on the deck
   */
  public static RobotProtocol inOne(ResolvedProtocol protocol, Robot robot) {
    String vessel = vessel(protocol);
    return RobotProtocolGenerator.generate(
        robot,
        protocol.operation() + " " + vessel,
        vessel,
        ResidualVolume.ofRobot(
            protocol.steps(), vessel, RobotProtocolGenerator.plate(robot, vessel)),
        Set.of());
  }

  private static String vessel(ResolvedProtocol protocol) {
    String vessel = protocol.vesselId();
    if (vessel == null) {
      throw new DeckException("The protocol names no vessel, so no robot has it on its deck.");
    }
    return vessel;
  }

  /**
   * @throws DeckException in one sentence, where the robot can do none of it, or something is short
   */
  public static RobotShare of(ResolvedProtocol protocol, Robot robot) {
    StepSharing sharing = new StepSharing(protocol, robot, vessel(protocol));
    protocol.steps().forEach(sharing::add);
    return sharing.end();
  }
}

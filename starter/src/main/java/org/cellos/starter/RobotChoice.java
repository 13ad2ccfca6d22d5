package org.cellos.starter;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.cellos.deck.DeckException;
import org.cellos.deck.RobotShare;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.RobotsFile;
import org.cellos.protocol.RobotsFile.Robot;
import org.jspecify.annotations.Nullable;

/** Finds the robot of an execution on hardware, and says before the start what it will do. */
final class RobotChoice {
  private static final String NOBODY = "none";

  private RobotChoice() {}

  /**
   * @param file in which the robots are written down; need not exist
   * @param wanted what was given as {@code --robot}; null where nothing was
   * @return the protocol as it will be performed
   */
  static ResolvedProtocol share(
      Terminal terminal, Path file, ResolvedProtocol protocol, @Nullable String wanted) {
    if (NOBODY.equals(wanted)) {
      return protocol;
    }
    RobotsFile robots = RobotsFile.read(file);
    @Nullable Robot robot =
        wanted == null ? only(RobotShare.candidates(protocol, robots)) : named(robots, wanted);
    if (robot == null) {
      return protocol;
    }
    RobotShare share;
    try {
      share = RobotShare.of(protocol, robot);
    } catch (DeckException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          e.getMessage()
              + (wanted == null ? " Or give --robot none: a person does it then." : "")
              + " Nothing was started.",
          e);
    }
    terminal.err().println("By the robot: " + String.join("; ", share.byRobot()) + ".");
    terminal.err().println("By a person: " + String.join("; ", share.byPerson()) + ".");
    return share.protocol();
  }

  private static Robot named(RobotsFile robots, String wanted) {
    return robots
        .find(wanted)
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.BAD_INPUT, robots.unknown(wanted) + ". Nothing was started."));
  }

  private static @Nullable Robot only(List<Robot> candidates) {
    if (candidates.size() > 1) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "Several robots have such a plate on their deck ("
              + candidates.stream().map(Robot::id).collect(Collectors.joining(", "))
              + "): name one with --robot. Nothing was started.");
    }
    return candidates.isEmpty() ? null : candidates.get(0);
  }
}

package org.cellos.starter;

import java.nio.file.Path;
import java.util.Optional;
import org.cellos.deck.DeckException;
import org.cellos.deck.RobotShare;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.protocol.RobotsFile;
import org.jspecify.annotations.Nullable;

/** Says before the start what the robot of an execution on hardware will do. */
final class RobotChoice {
  private RobotChoice() {}

  /**
   * @param file in which the robots are written down; need not exist
   * @param wanted what was given as {@code --robot}; null where nothing was
   * @return the protocol as it will be performed
   */
  static ResolvedProtocol share(
      Terminal terminal, Path file, ResolvedProtocol protocol, @Nullable String wanted) {
    Optional<RobotShare> share;
    try {
      share = RobotShare.choose(protocol, RobotsFile.read(file), wanted);
    } catch (DeckException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          e.getMessage()
              + (wanted == null
                  ? " --robot ID names a robot, --robot none leaves it to a person."
                  : "")
              + " Nothing was started.",
          e);
    }
    if (share.isEmpty()) {
      return protocol;
    }
    terminal.err().println("By the robot: " + String.join("; ", share.get().byRobot()) + ".");
    terminal.err().println("By a person: " + String.join("; ", share.get().byPerson()) + ".");
    return share.get().protocol();
  }
}

package org.cellos.worker;

import java.nio.file.Path;
import org.cellos.deck.PlateStep;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ParameterException;
import org.cellos.handler.HandlerRegistry;
import org.cellos.ot2.RobotSetup;
import org.cellos.ot2.RobotStep;
import org.cellos.protocol.ProtocolException;
import org.cellos.protocol.RobotsFile;
import org.cellos.view.History;

/** The robots of the file beside a history, read anew for every step. */
public final class ConfiguredRobots {
  private static final String FILE = "robots.yaml";

  private ConfiguredRobots() {}

  static void register(HandlerRegistry handlers, Path database) {
    Path file = fileBeside(database);
    handlers.register(
        RobotStep.OPERATION_TYPE,
        EffectClass.REATTACHABLE,
        new RobotStep(
            id -> require(file, id),
            (step, before, mayHaveGoneOn) ->
                before.isEmpty() && !mayHaveGoneOn
                    ? step
                    : PlateStep.rest(
                        written(file, step.text("robot")), step, before, mayHaveGoneOn),
            database.toAbsolutePath().resolveSibling(History.ROBOT_RUNS)));
  }

  /** Where the robots of a history are written down. */
  public static Path fileBeside(Path database) {
    return database.toAbsolutePath().resolveSibling(FILE);
  }

  /**
   * @throws ParameterException if it is not there, or the file is wrong
   */
  public static RobotSetup require(Path file, String id) {
    RobotsFile.Robot robot = written(file, id);
    return new RobotSetup(
        robot.id(), robot.address(), robot.serial(), robot.pipettes(), robot.modules());
  }

  static RobotsFile.Robot written(Path file, String id) {
    RobotsFile robots;
    try {
      robots = RobotsFile.read(file);
    } catch (ProtocolException e) {
      throw new ParameterException(String.valueOf(e.getMessage()), e);
    }
    return robots.find(id).orElseThrow(() -> new ParameterException(robots.unknown(id)));
  }
}

package org.cellos.starter;

import java.nio.file.Path;
import org.cellos.domain.ParameterException;
import org.cellos.ot2.RobotSetup;
import org.cellos.worker.ConfiguredRobots;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which robot of those beside the history. */
final class RobotOptions {
  @Parameters(paramLabel = "ROBOT", description = "Its id in robots.yaml, beside the history.")
  private String id = "";

  @Mixin private DatabaseOptions database = new DatabaseOptions();

  RobotSetup robot(Terminal terminal) {
    Path file = database.robotsFile(terminal);
    try {
      return ConfiguredRobots.require(file, id);
    } catch (ParameterException e) {
      throw new CommandException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()) + ".", e);
    }
  }
}

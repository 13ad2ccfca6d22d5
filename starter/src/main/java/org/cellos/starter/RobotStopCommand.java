package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.ot2.RobotRefusalException;
import org.cellos.ot2.RobotSetup;
import org.cellos.ot2.RobotSilentException;
import org.cellos.ot2.RobotVisitor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The stop that needs nothing but the robot. */
@Command(
    name = "stop",
    description =
        "Stops whatever a robot performs, whoever began it, and waits until it says so. Needs no"
            + " worker and no Temporal; the step that it was ends as failed.",
    mixinStandardHelpOptions = true)
final class RobotStopCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Terminal terminal;
  @Mixin private RobotOptions options = new RobotOptions();

  RobotStopCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    RobotSetup robot = options.robot(terminal);
    Optional<String> said;
    try {
      said = new RobotVisitor(robot).stop(PATIENCE);
    } catch (RobotSilentException | RobotRefusalException e) {
      throw new CommandException(
          ExitCode.EXECUTION_FAILED,
          "NOT STOPPED: " + e.getMessage() + ". Go to " + robot.id() + " and switch it off.",
          e);
    }
    if (said.isEmpty()) {
      terminal.out().println(robot.id() + " performs nothing.");
      return ExitCode.OK.number();
    }
    if (!said.get().equals("stopped")) {
      throw new CommandException(
          ExitCode.EXECUTION_FAILED,
          "NOT STOPPED within "
              + PATIENCE.toSeconds()
              + " s: the robot says '"
              + said.get()
              + "'. Go to "
              + robot.id()
              + " and switch it off.");
    }
    terminal.out().println(robot.id() + " has stopped.");
    return ExitCode.OK.number();
  }
}

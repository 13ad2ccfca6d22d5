package org.cellos.starter;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cellos.ot2.RobotHealth;
import org.cellos.ot2.RobotRefusalException;
import org.cellos.ot2.RobotSetup;
import org.cellos.ot2.RobotSilentException;
import org.cellos.ot2.RobotVisitor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Whether a robot is there, is the one that is meant, and has what its configuration says. */
@Command(
    name = "check",
    description = "Looks at a robot and compares it with its configuration; moves nothing.",
    mixinStandardHelpOptions = true)
final class RobotCheckCommand implements Callable<Integer> {
  private final Terminal terminal;
  @Mixin private RobotOptions options = new RobotOptions();

  RobotCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    RobotSetup robot = options.robot(terminal);
    RobotVisitor.Found found;
    try {
      found = new RobotVisitor(robot).look();
    } catch (RobotSilentException | RobotRefusalException e) {
      throw new CommandException(
          ExitCode.EXECUTION_FAILED,
          robot.id() + " is not there: " + e.getMessage() + ". Is it switched on?",
          e);
    }
    RobotHealth health = found.health();
    terminal.out().println("Robot     " + robot.id() + " at " + robot.address());
    terminal
        .out()
        .println(
            "Is        "
                + (health.isFake() ? "a FAKE " : "")
                + health.model()
                + ", "
                + health.name()
                + ", serial number "
                + health.serial().orElse("unknown"));
    terminal.out().println("Pipettes  " + described(found.pipettes()));
    terminal
        .out()
        .println(
            "Modules   "
                + (found.modules().isEmpty() ? "none" : String.join(", ", found.modules())));
    terminal.out().println("Run       " + found.run().orElse("nothing loaded"));
    if (found.problem().isPresent()) {
      throw new CommandException(ExitCode.EXECUTION_FAILED, found.problem().get());
    }
    terminal.out().println("It is as robots.yaml says.");
    return ExitCode.OK.number();
  }

  private static String described(Map<String, String> pipettes) {
    return pipettes.isEmpty()
        ? "none"
        : pipettes.entrySet().stream()
            .map(mount -> mount.getKey() + " " + mount.getValue())
            .collect(Collectors.joining(", "));
  }
}

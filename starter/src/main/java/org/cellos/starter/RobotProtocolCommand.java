package org.cellos.starter;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.cellos.deck.DeckException;
import org.cellos.deck.LiquidStep;
import org.cellos.deck.RobotProtocol;
import org.cellos.deck.RobotShare;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.protocol.RobotsFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a robot would be told. */
@Command(
    name = "protocol",
    description =
        "Prints the Python protocol with which a robot would do the liquid steps of a plate, and"
            + " what it would use; moves nothing.",
    mixinStandardHelpOptions = true)
final class RobotProtocolCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--robot",
      required = true,
      paramLabel = "ID",
      description = "Its id in robots.yaml, beside the history.")
  private String id = "";

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();

  RobotProtocolCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    RobotsFile robots = RobotsFile.read(database.robotsFile(terminal));
    RobotsFile.Robot robot =
        robots
            .find(id)
            .orElseThrow(() -> new CommandException(ExitCode.BAD_INPUT, robots.unknown(id) + "."));
    ResolvedProtocol resolved = protocol.resolve(terminal);
    RobotProtocol generated;
    try {
      generated = RobotShare.inOne(resolved, robot);
    } catch (DeckException e) {
      throw new CommandException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
    }
    terminal.out().print(generated.source());
    say(resolved, generated.steps(), generated);
    return ExitCode.OK.number();
  }

  private void say(ResolvedProtocol resolved, List<LiquidStep> steps, RobotProtocol generated) {
    Set<String> done = steps.stream().map(LiquidStep::path).collect(Collectors.toSet());
    List<String> byHand =
        resolved.steps().stream()
            .filter(step -> step.role() == null && !done.contains(step.path()))
            .map(Step::name)
            .toList();
    terminal.err().println("Tips: " + amounts(generated.tips(), "") + ".");
    if (!generated.reagentMicrolitres().isEmpty()) {
      terminal.err().println("Reagents: " + amounts(generated.reagentMicrolitres(), " µL") + ".");
    }
    terminal.err().println("Waste: " + generated.wasteMicrolitres() + " µL.");
    if (!byHand.isEmpty()) {
      terminal.err().println("Not by the robot: " + String.join("; ", byHand) + ".");
    }
  }

  private static String amounts(Map<String, ?> amounts, String unit) {
    return amounts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue() + unit)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

package org.cellos.ot2;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.cellos.domain.Instruments;
import org.cellos.domain.Mode;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;

/**
 * The step that has a robot play a protocol. Its effect class is {@link
 * org.cellos.domain.EffectClass#REATTACHABLE}: another attempt finds the run of the one before at
 * the robot, and never plays a second one. Thread-safe.
 *
 * <p>Parameters: {@code robot} (its id in the configuration), {@code file_name}, {@code protocol}
 * (Python), {@code api_level}.
 */
public final class RobotStep implements StepHandler {
  public static final String OPERATION_TYPE = "robot_protocol";

  private final Function<String, Optional<RobotSetup>> robots;
  private final Path records;
  private final Pace pace;

  /**
   * How often a robot is asked, and when somebody has to be alarmed.
   *
   * @param poll between two looks at a robot
   * @param alarm after which a stop that is not confirmed is said to be one
   */
  record Pace(Duration poll, Duration alarm) {
    private static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(60));
  }

  /**
   * @param robots finds a robot by its id
   * @param records folder for what robots have said of their runs
   */
  public RobotStep(Function<String, Optional<RobotSetup>> robots, Path records) {
    this(robots, records, Pace.USUAL);
  }

  RobotStep(Function<String, Optional<RobotSetup>> robots, Path records, Pace pace) {
    this.robots = robots;
    this.records = records;
    this.pace = pace;
  }

  @Override
  public void verify(Parameters parameters) {
    RobotProtocol protocol = RobotProtocol.of(parameters);
    if (robots.apply(protocol.robot()).isEmpty()) {
      throw new ParameterException(unknown(protocol));
    }
  }

  @Override
  public Map<String, ?> perform(StepContext step) throws Exception {
    RobotProtocol protocol = RobotProtocol.of(step.parameters());
    if (step.request().instruments() == Instruments.VIRTUAL) {
      return Map.of(
          "status",
          "success",
          "mode",
          Mode.VIRTUAL.wireValue(),
          "simulated",
          true,
          "robot",
          protocol.robot(),
          "note",
          "The robot was told nothing: virtual instruments.");
    }
    RobotSetup robot =
        robots
            .apply(protocol.robot())
            .orElseThrow(() -> new PermanentStepException(unknown(protocol)));
    return new RobotVisit(step, robot, protocol, record(step), pace).perform();
  }

  private RunRecord record(StepContext step) throws IOException {
    return RunRecord.of(records, step.request());
  }

  private static String unknown(RobotProtocol protocol) {
    return "no robot '" + protocol.robot() + "' is configured: write it into data/robots.yaml";
  }
}

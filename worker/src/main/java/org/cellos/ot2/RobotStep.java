package org.cellos.ot2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.cellos.domain.Instruments;
import org.cellos.domain.Mode;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
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

  private final Robots robots;
  private final Path records;
  private final Pace pace;

  /** Finds robots as they are configured now. */
  public interface Robots {
    /**
     * @throws ParameterException in one sentence, if there is none of this id, or the configuration
     *     cannot be read
     */
    RobotSetup require(String id);
  }

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
   * @param records folder for what robots have said of their runs
   */
  public RobotStep(Robots robots, Path records) {
    this(robots, records, Pace.USUAL);
  }

  RobotStep(Robots robots, Path records, Pace pace) {
    this.robots = robots;
    this.records = records;
    this.pace = pace;
  }

  @Override
  public void verify(Parameters parameters) {
    robots.require(RobotProtocol.of(parameters).robot());
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
    RobotSetup robot = robots.require(protocol.robot());
    return new RobotVisit(step, robot, protocol, record(step), pace).perform();
  }

  private RunRecord record(StepContext step) {
    return RunRecord.of(records, step.request());
  }
}

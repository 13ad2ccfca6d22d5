package org.cellos.ot2;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Instruments;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.WellProgress;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.VirtualAnswer;

/**
 * The step that has a robot play a protocol. Its effect class is {@link
 * org.cellos.domain.EffectClass#REATTACHABLE}: another attempt finds the run of the one before at
 * the robot, and never plays a second one. Thread-safe.
 *
 * <p>A step that a person lets do again leaves out the wells that a run before has begun.
 *
 * <p>Parameters: {@code robot} (its id in the configuration), {@code file_name}, {@code protocol}
 * (Python), {@code api_level}; {@code run_time_parameters} where the protocol has any.
 */
public final class RobotStep implements StepHandler {
  public static final String OPERATION_TYPE = "robot_protocol";
  private static final String NOTE = "note";

  private final Robots robots;
  private final Rest rest;
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

  /** Makes what is left of a step that was begun before. */
  public interface Rest {
    /** Key of the wells, in their order, to which the robot does not go. */
    String LEFT_OUT = "wells_left_out";

    /** Key of those of them that are known to be done, by an execution before. */
    String DONE_BEFORE = "wells_done_before";

    /**
     * @param step its parameters
     * @param before how far the runs before came
     * @param mayHaveGoneOn whether they may have come further than is known
     * @return the same parameters where nothing can be left out; else with {@link #LEFT_OUT}
     * @throws ParameterException in one sentence, if nothing is left to be done, or it cannot be
     */
    Parameters of(Parameters step, WellProgress before, boolean mayHaveGoneOn);
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
  public RobotStep(Robots robots, Rest rest, Path records) {
    this(robots, rest, records, Pace.USUAL);
  }

  RobotStep(Robots robots, Rest rest, Path records, Pace pace) {
    this.robots = robots;
    this.rest = rest;
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
      return VirtualAnswer.of(protocol.robot() + " was told nothing: virtual instruments.");
    }
    RunRecord record = RunRecord.of(records, step.request());
    BegunWells before = BegunWells.of(RunRecord.before(records, step.request()));
    RobotSetup robot;
    try {
      robot = robots.require(protocol.robot());
      if (record.intendedRun().isEmpty()) {
        // What is to be played; what was played already only has to be followed.
        Parameters remaining =
            rest.of(step.parameters(), before.progress(), before.mayHaveGoneOn());
        protocol = RobotProtocol.of(remaining);
        record.leaveOut(remaining.texts(Rest.LEFT_OUT));
      }
    } catch (ParameterException e) {
      if (record.intendedRun().isPresent()) {
        throw new UnknownOutcomeException(
            "The robot cannot be followed any more: " + e.getMessage() + ". Look at the robot.");
      }
      throw new PermanentStepException("Nothing was moved: " + e.getMessage() + ".");
    }
    Map<String, ?> result = new RobotVisit(step, robot, protocol, record, pace).perform();
    return record.leftOut().isEmpty()
        ? result
        : withWhatWasLeftOut(result, step.parameters(), record, before.progress());
  }

  private static Map<String, ?> withWhatWasLeftOut(
      Map<String, ?> result, Parameters parameters, RunRecord record, WellProgress progress) {
    Map<String, Object> whole = new LinkedHashMap<>(result);
    whole.put(Rest.LEFT_OUT, record.leftOut());
    List<String> unsure = new ArrayList<>(record.leftOut());
    unsure.removeAll(progress.done());
    unsure.removeAll(parameters.texts(Rest.DONE_BEFORE));
    if (!unsure.isEmpty()) {
      whole.merge(
          NOTE,
          "Look at "
              + String.join(" and ", unsure)
              + ": left out, since the run before had begun there or may have, and not known to be"
              + " done.",
          (former, look) -> former + " " + look);
    }
    return whole;
  }
}

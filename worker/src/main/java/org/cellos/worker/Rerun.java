package org.cellos.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.deck.PlateStep;
import org.cellos.domain.Begin;
import org.cellos.domain.Controls;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Instruments;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.RerunOf;
import org.cellos.domain.Step;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.ot2.BegunWells;
import org.cellos.protocol.RobotsFile;
import org.cellos.store.ExecutionDetails;
import org.cellos.view.History;
import org.jspecify.annotations.Nullable;

/**
 * An ended execution once more. Where a robot was stopped in the middle of a plate, a person says
 * whether it is the same plate: a well must not be fed twice, and a new one not be left dry.
 */
public final class Rerun {

  /** What is done with a plate of which a robot has done a part. */
  public enum Wells {
    /** It is another plate: all of it. */
    ALL,
    /** It is the same plate: without the wells that were begun. */
    REST;

    /**
     * @throws IllegalArgumentException if it is no such word
     */
    public static Wells ofWireValue(String word) {
      return switch (word) {
        case "all" -> ALL;
        case "rest" -> REST;
        default -> throw new IllegalArgumentException("must be rest or all, not '" + word + "'");
      };
    }
  }

  private static final Duration LONG_SILENCE = Duration.ofSeconds(5);

  private Rerun() {}

  /**
   * @param newId of the new execution
   * @param former how the former one was asked for
   * @param fromStep the first step to do again, from 0
   * @param wells null where nobody has said
   * @throws ExecutionRefusedException where somebody has to say, or nothing is left to do
   */
  public static ExecutionInput of(
      Path database,
      History history,
      String newId,
      ExecutionInput former,
      int fromStep,
      Begin begin,
      @Nullable Wells wells) {
    Controls controls =
        history
            .queries()
            .state(former.executionId())
            .map(ExecutionState::steering)
            .orElse(Controls.none());
    ExecutionInput again = ExecutionInputs.rerun(newId, former, controls, fromStep, begin);
    if (begin.dryRun() || former.instruments() != Instruments.HARDWARE) {
      return again;
    }
    List<String> family = family(history, former);
    Path robots = ConfiguredRobots.fileBeside(database);
    List<Step> steps = new ArrayList<>(again.steps());
    for (int i = fromStep; i < steps.size(); i++) {
      if (PlateStep.isOne(steps.get(i).unitOp().parameters())) {
        steps.set(i, again(robots, history, family, former.executionId(), steps.get(i), wells));
      }
    }
    return again.withSteps(steps);
  }

  /** All that began with the same plate: the first execution, its reruns, and theirs. */
  private static List<String> family(History history, ExecutionInput former) {
    String first = former.executionId();
    @Nullable RerunOf of = former.rerunOf();
    while (of != null) {
      first = of.executionId();
      of =
          history
              .queries()
              .details(first)
              .map(ExecutionDetails::input)
              .map(ExecutionInput::rerunOf)
              .orElse(null);
    }
    Set<String> family = new LinkedHashSet<>(List.of(first));
    Deque<String> toLookAt = new ArrayDeque<>(family);
    while (!toLookAt.isEmpty()) {
      for (String rerun : history.queries().reruns(toLookAt.remove())) {
        if (family.add(rerun)) {
          toLookAt.add(rerun);
        }
      }
    }
    return List.copyOf(family);
  }

  private static Step again(
      Path robots,
      History history,
      List<String> family,
      String formerId,
      Step step,
      @Nullable Wells wells) {
    boolean isPart = !step.unitOp().parameters().texts(PlateStep.LEFT_OUT).isEmpty();
    List<BegunWells> all = new ArrayList<>();
    for (String id : family) {
      BegunWells begun = BegunWells.of(history.robotRuns(), id, step.stepIndex());
      boolean isInTheMiddle = isLeftInTheMiddle(history, id, step.stepIndex(), begun);
      isPart |= isInTheMiddle || begun.leftOut();
      all.add(isInTheMiddle && !begun.isRecorded() ? BegunWells.untraced() : begun);
    }
    if (!isPart) {
      if (wells == Wells.REST) {
        throw new ExecutionRefusedException(
            "Step "
                + step.path()
                + " of "
                + formerId
                + " was not stopped in the middle of a plate: there is no rest. Nothing was"
                + " started.");
      }
      return step;
    }
    BegunWells begun = BegunWells.together(all);
    if (wells == null) {
      throw new ExecutionRefusedException(
          "Step "
              + step.path()
              + " of "
              + formerId
              + " ended in the middle of a plate: "
              + (isTraced(begun)
                  ? "of its wells "
                      + begun.progress().inWords()
                      + ". Say with 'wells' whether it is the same plate: rest leaves them out"
                      + (begun.mayHaveGoneOn() ? ", and the next one" : "")
                      + silence(begun)
                      + "; all does every well."
                  : "nobody knows which of its wells were begun. Do by hand what it lacks, or say"
                      + " with 'wells' that it is another plate: all does every well.")
              + " Nothing was started.");
    }
    try {
      Parameters parameters = step.unitOp().parameters();
      RobotsFile.Robot robot = ConfiguredRobots.written(robots, parameters.text(PlateStep.ROBOT));
      String name = step.name().replaceFirst(" \\[without [^\\]]*\\]$", "");
      if (wells == Wells.ALL) {
        return step.with(name, PlateStep.whole(robot, parameters));
      }
      if (!isTraced(begun)) {
        throw new ParameterException(
            "nobody knows which wells were begun, so there is no rest: do by hand what the plate"
                + " lacks");
      }
      Parameters rest = PlateStep.rest(robot, parameters, begun.progress(), begun.mayHaveGoneOn());
      return step.with(
          name + " [without " + String.join(", ", rest.texts(PlateStep.LEFT_OUT)) + "]", rest);
    } catch (ParameterException e) {
      throw new ExecutionRefusedException(
          "Step "
              + step.path()
              + " cannot be done again: "
              + e.getMessage()
              + ". Nothing was started.",
          e);
    }
  }

  /** Whether the robot was told to play and has not come to the end, as far as anybody knows. */
  private static boolean isLeftInTheMiddle(
      History history, String executionId, int stepIndex, BegunWells begun) {
    return history.queries().steps(executionId).stream()
        .filter(step -> step.stepIndex() == stepIndex && step.status() != StepStatus.COMPLETED)
        .anyMatch(
            step ->
                begun.wasTold() || (!begun.isRecorded() && wasBegun(history, executionId, step)));
  }

  private static boolean wasBegun(History history, String executionId, StepRecord step) {
    return step.startTime() != null
        && history.queries().state(executionId).stream()
            .map(ExecutionState::begin)
            .anyMatch(begin -> begin != null && !begin.dryRun());
  }

  private static boolean isTraced(BegunWells begun) {
    return !begun.isUntraced() && (!begun.progress().isEmpty() || !begun.mayHaveGoneOn());
  }

  private static String silence(BegunWells begun) {
    return begun.silence().compareTo(LONG_SILENCE) > 0
        ? ", unless the robot worked on in the "
            + begun.silence().toSeconds()
            + " s in which it was not heard: look at the plate"
        : "";
  }
}

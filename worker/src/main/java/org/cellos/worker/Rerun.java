package org.cellos.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.deck.PlateStep;
import org.cellos.domain.Begin;
import org.cellos.domain.Controls;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.ot2.BegunWells;
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
    if (begin.dryRun() || wells == Wells.ALL) {
      return again;
    }
    List<Step> steps = new ArrayList<>(again.steps());
    for (StepRecord done : history.queries().steps(former.executionId())) {
      Step step = steps.get(done.stepIndex());
      if (done.stepIndex() < fromStep
          || done.status() == StepStatus.COMPLETED
          || !step.operationType().equals(PlateStep.OPERATION_TYPE)) {
        continue;
      }
      BegunWells begun = BegunWells.of(history.robotRuns(), former.executionId(), done.stepIndex());
      if (begun.progress().isEmpty()) {
        continue;
      }
      if (wells == null) {
        throw new ExecutionRefusedException(
            "Step "
                + step.path()
                + " of "
                + former.executionId()
                + " ended in the middle of a plate: of its wells "
                + begun.progress().inWords()
                + ". Say with 'wells' whether it is the same plate: rest leaves them out"
                + (begun.mayHaveGoneOn() ? ", and the next one" : "")
                + "; all does every well. Nothing was started.");
      }
      steps.set(done.stepIndex(), rest(database, step, begun));
    }
    return again.withSteps(steps);
  }

  private static Step rest(Path database, Step step, BegunWells begun) {
    try {
      Parameters rest =
          PlateStep.rest(
              ConfiguredRobots.written(
                  ConfiguredRobots.fileBeside(database),
                  step.unitOp().parameters().text(PlateStep.ROBOT)),
              step.unitOp().parameters(),
              begun.progress(),
              begun.mayHaveGoneOn());
      return step.with(
          step.name() + " [without " + String.join(", ", rest.texts(PlateStep.LEFT_OUT)) + "]",
          rest);
    } catch (ParameterException e) {
      throw new ExecutionRefusedException(
          "Step " + step.path() + " cannot be done again: " + e.getMessage() + ".", e);
    }
  }
}

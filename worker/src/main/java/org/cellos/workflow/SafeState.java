package org.cellos.workflow;

import java.util.Optional;
import org.cellos.domain.Begin;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Step;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRole;

/**
 * Leaves a safe state behind where an execution fails or is cancelled. No cancel and no pause stops
 * what is under way for that, and where one of its steps fails, the others are performed.
 */
final class SafeState {
  private final ExecutionInput input;
  private final Journal journal;
  private final Steering steering;
  private final StepPerformer performer;

  SafeState(ExecutionInput input, Journal journal, Steering steering, StepPerformer performer) {
    this.input = input;
    this.journal = journal;
    this.steering = steering;
    this.performer = performer;
  }

  /** How a step of the safe state ends where everything went as planned; empty for others. */
  static Optional<StepOutcome> notNeeded(Step step) {
    return step.role() == StepRole.SAFE_STATE
        ? Optional.of(Exposure.notNeeded("every step has ended as planned."))
        : Optional.empty();
  }

  /** Whether something may have been moved, and there are steps for that. */
  boolean isNeeded() {
    ExecutionState state = journal.state();
    Begin begin = state.begin();
    boolean isReal = begin != null && !begin.dryRun() && state.hasBegun();
    return isReal
        && firstStep() < input.steps().size()
        && (state.isSafeStateUnderWay() || state.nextStep() > input.firstStep());
  }

  /**
   * Performs its steps, from where a former engine was.
   *
   * @param why the execution ends
   * @return why the safe state was not reached; empty if it was
   */
  Optional<String> reach(String why) {
    return Journal.detached(
        () -> {
          if (!journal.state().isSafeStateUnderWay()) {
            journal.compensate(firstStep(), "Going on to the safe state. (" + why + ")");
          }
          while (journal.state().nextStep() < input.steps().size()) {
            perform(steering.edited(input.steps().get(journal.state().nextStep())));
          }
          return journal.state().whyNotSafe();
        });
  }

  private void perform(Step step) {
    StepOutcome outcome =
        steering
            .leftOut(step)
            .orElseGet(
                () ->
                    performer
                        .perform(step, journal.state().routes().get(step.stepIndex()))
                        .outcome());
    if (outcome instanceof StepOutcome.Failed failed) {
      StepFailure failure = failed.failure();
      // Whoever aborts wants nothing more to be moved.
      boolean isAborted = failure.code() == ErrorCode.ABORTED;
      journal.safeStepEnded(
          step.stepIndex(),
          outcome,
          "step " + step.path() + " (" + step.name() + "): " + failure.message(),
          isAborted ? input.steps().size() : step.stepIndex() + 1);
    } else {
      journal.safeStepEnded(step.stepIndex(), outcome, null, step.stepIndex() + 1);
    }
  }

  private int firstStep() {
    int first = input.steps().size();
    while (first > 0 && input.steps().get(first - 1).role() == StepRole.SAFE_STATE) {
      first--;
    }
    return first;
  }
}

package org.cellos.worker;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.Controls;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;

/** Takes a failed execution up again where it failed. Pure. */
final class Reopening {
  private Reopening() {}

  /**
   * The step that failed.
   *
   * @throws ExecutionRefusedException if this is not what was asked, or the execution has not
   *     failed in a step
   */
  static int failedStep(
      ExecutionRecord record, List<Step> steps, ExecutionState state, ControlRequest request) {
    if (record.status() != ExecutionStatus.FAILED) {
      throw new ExecutionRefusedException(
          "The execution "
              + record.executionId()
              + " has ended: it is "
              + record.status()
              + ". 'cellos rerun' makes a new one of it.");
    }
    // One that was terminated has not recorded the failure of its step.
    int open = state.firstWithoutOutcome();
    int failed = state.failure() == null ? open : open - 1;
    if (!state.hasBegun() || failed < 0 || failed >= steps.size()) {
      throw new ExecutionRefusedException(
          "The execution "
              + record.executionId()
              + " failed before its first step. Mend what was wrong and start a new one.");
    }
    int asked =
        request.control() instanceof Control.Retry retry
            ? retry.stepIndex()
            : request.control() instanceof Control.Skip skip ? skip.stepIndex() : -1;
    if (asked != failed) {
      throw new ExecutionRefusedException(
          "The execution "
              + record.executionId()
              + " has failed, at step "
              + steps.get(failed).path()
              + ": only that can be retried or left out.");
    }
    return failed;
  }

  /**
   * The state in which it goes on. What the ledger says was done is not done again, and what is
   * unknown is asked about; what has failed gets a new epoch.
   */
  static ExecutionState reopened(
      ExecutionState state,
      int failedStep,
      Map<EffectKey, LedgerEntry> effects,
      ControlRequest request) {
    Map<StepAction, Integer> epochs = new EnumMap<>(StepAction.class);
    effects.forEach(
        (effect, entry) ->
            epochs.put(effect.action(), hasFailed(entry) ? effect.epoch() + 1 : effect.epoch()));
    Controls controls =
        request.control() instanceof Control.Skip
            ? state.steering().resumed().skipping(failedStep, request)
            : state.steering().resumed();
    return state.reopened(failedStep, epochs, controls.handling(request.requestId()), request);
  }

  private static boolean hasFailed(LedgerEntry entry) {
    return entry instanceof LedgerEntry.Closed closed
        && !(closed.outcome() instanceof StepOutcome.Completed);
  }
}

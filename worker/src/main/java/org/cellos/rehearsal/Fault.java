package org.cellos.rehearsal;

import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.StepAction;
import org.cellos.handler.PermanentStepException;

/**
 * One fault of a rehearsal. It strikes once, in the first attempt of its step.
 *
 * @param stepIndex from 0
 * @param action in which part of the step
 * @param kind what goes wrong
 * @param lasts how much longer it takes; zero where that is not what goes wrong
 * @param share how much of the step was done when the worker died: 0 nothing, 1 all of it
 */
record Fault(int stepIndex, StepAction action, FaultKind kind, Duration lasts, double share) {

  /** How it ends the attempt before the instrument has moved; returns where it does not. */
  void strikeBeforeTheEffect() throws PermanentStepException {
    switch (kind) {
      case NOT_STARTED -> throw failure(ErrorCode.NOT_STARTED);
      case BROKEN -> throw new PermanentStepException("The instrument is broken (rehearsed).");
      case LOST -> {
        if (share == 0) {
          throw failure(ErrorCode.OUTCOME_UNKNOWN);
        }
      }
      case SLOW, OUTAGE -> {}
    }
  }

  /** How it ends the attempt when the instrument has moved; returns where it does not. */
  void strikeAfterTheEffect() {
    if (kind == FaultKind.LOST) {
      throw failure(ErrorCode.OUTCOME_UNKNOWN);
    }
  }

  /** One sentence for people. */
  String text() {
    return switch (kind) {
      case NOT_STARTED -> "The instrument refused before anything had moved.";
      case BROKEN -> "The instrument failed for good.";
      case SLOW -> "The step took " + lasts.toMinutes() + " min longer than planned.";
      case OUTAGE ->
          "Everything was down until " + lasts.toMinutes() + " min after its time was over.";
      case LOST ->
          share == 0
              ? "The worker died before anything had moved."
              : share == 1
                  ? "The worker died when the step had been done."
                  : "The worker died when a part of the volume had been moved.";
    };
  }

  /** The code decides what follows, as it would for a fault that is not rehearsed. */
  private ApplicationFailure failure(ErrorCode code) {
    return ApplicationFailure.newNonRetryableFailure(text(), code.wireValue());
  }
}

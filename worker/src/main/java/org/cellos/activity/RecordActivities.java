package org.cellos.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import java.time.Instant;
import org.cellos.domain.Answer;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Question;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepTimes;

/**
 * Records that the workflow itself issues into the mirror, as local activities. They may be
 * repeated at will, and they take the times, so that history holds the times that the mirror shows.
 * Each carries the state of the execution, from which it resumes when its engine has lost it.
 */
@ActivityInterface
public interface RecordActivities {

  /**
   * Claims the id and writes the execution with all its steps; harmless where that has been done.
   *
   * @return when it was created
   */
  @ActivityMethod(name = "OpenExecution")
  Instant openExecution(OpenExecutionRequest request);

  /** Decides which activity performs each step, verifies the parameters, and marks it running. */
  @ActivityMethod(name = "BeginExecution")
  BegunExecution beginExecution(BeginExecutionRequest request);

  /** Writes the final outcome of one step. */
  @ActivityMethod(name = "RecordStep")
  StepTimes recordStep(RecordStepRequest request);

  /** Reads what the effect ledger knows of one effect. */
  @ActivityMethod(name = "ReadLedger")
  LedgerEntry readLedger(EffectKey key);

  /** Pauses the execution until a person answers. */
  @ActivityMethod(name = "OpenDecision")
  void openDecision(OpenDecisionRequest request);

  /**
   * Writes a person's answer, and lets the execution go on.
   *
   * @return since when it counts
   */
  @ActivityMethod(name = "CloseDecision")
  Instant closeDecision(CloseDecisionRequest request);

  /** Writes what somebody has asked of the execution. */
  @ActivityMethod(name = "RecordControl")
  void recordControl(RecordControlRequest request);

  /** Writes that the execution stands still until somebody lets it go on. */
  @ActivityMethod(name = "RecordPaused")
  void recordPaused(RecordPausedRequest request);

  /** Writes that other steps are next than those that would follow. */
  @ActivityMethod(name = "RecordDetour")
  void recordDetour(RecordDetourRequest request);

  /** Writes that a cancel was asked for and is not confirmed yet. */
  @ActivityMethod(name = "RecordCancelling")
  void recordCancelling(RecordCancellingRequest request);

  /**
   * Writes the final outcome of the execution.
   *
   * @return when it ended
   */
  @ActivityMethod(name = "RecordExecution")
  Instant recordExecution(RecordExecutionRequest request);

  record OpenExecutionRequest(ExecutionInput input, ExecutionState state) {}

  /**
   * @param state without the routes, which this finds
   */
  record BeginExecutionRequest(ExecutionInput input, ExecutionState state, boolean dryRun) {}

  record RecordStepRequest(
      String executionId, ExecutionState state, int stepIndex, StepOutcome outcome) {}

  record OpenDecisionRequest(String executionId, ExecutionState state, Question question) {}

  /**
   * @param outcome how the effect in question ended, by the person's word
   */
  record CloseDecisionRequest(
      String executionId,
      ExecutionState state,
      Question question,
      Answer answer,
      StepOutcome outcome) {}

  record RecordControlRequest(String executionId, ExecutionState state, ControlRequest request) {}

  record RecordPausedRequest(String executionId, ExecutionState state, ControlRequest pause) {}

  /**
   * @param lastStep the last of the steps that are next, whatever became of them before
   * @param why one sentence
   */
  record RecordDetourRequest(String executionId, ExecutionState state, int lastStep, String why) {}

  record RecordCancellingRequest(String executionId, ExecutionState state, String reason) {}

  record RecordExecutionRequest(
      String executionId, ExecutionState state, ExecutionOutcome outcome) {}
}

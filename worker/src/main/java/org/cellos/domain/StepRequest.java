package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What an activity is asked to do for one step. Stored in Temporal's history: only ever add
 * optional fields.
 *
 * @param executionId the execution, which is the workflow id
 * @param stepId name-based UUID of execution and index
 * @param stepIndex from 0
 * @param epoch 1, and one more each time a person decides to do the step again
 * @param action all of the step, or its start or stop
 * @param name one line for people
 * @param operationType what chooses the handler
 * @param parameters the step's quantities
 * @param cellLine null where the protocol names none
 * @param vesselId null where the protocol names none
 * @param instruments what performs the execution
 * @param speedUp how much faster than real time virtual instruments go, 1 or more
 * @param effectClass what a second attempt would do, as found when the execution began; null for
 *     activities that move nothing
 * @param onlyStops true where the execution is being cancelled and only what goes on already is to
 *     be found and stopped: nothing may begin; null elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepRequest(
    String executionId,
    String stepId,
    int stepIndex,
    int epoch,
    StepAction action,
    String name,
    String operationType,
    Parameters parameters,
    @Nullable String cellLine,
    @Nullable String vesselId,
    Instruments instruments,
    double speedUp,
    @Nullable EffectClass effectClass,
    @Nullable Boolean onlyStops) {

  /** One that may begin. */
  public StepRequest(
      String executionId,
      String stepId,
      int stepIndex,
      int epoch,
      StepAction action,
      String name,
      String operationType,
      Parameters parameters,
      @Nullable String cellLine,
      @Nullable String vesselId,
      Instruments instruments,
      double speedUp,
      @Nullable EffectClass effectClass) {
    this(
        executionId,
        stepId,
        stepIndex,
        epoch,
        action,
        name,
        operationType,
        parameters,
        cellLine,
        vesselId,
        instruments,
        speedUp,
        effectClass,
        null);
  }
}

package org.cellos.domain;

/**
 * One physical effect that must not happen twice.
 *
 * @param executionId the execution
 * @param stepIndex from 0
 * @param epoch 1, and one more each time a person decides to do it again
 * @param action all of the step, its start or stop, or the decision to begin it although it is late
 */
public record EffectKey(String executionId, int stepIndex, int epoch, StepAction action) {
  public static EffectKey of(StepRequest request) {
    return new EffectKey(
        request.executionId(), request.stepIndex(), request.epoch(), request.action());
  }
}

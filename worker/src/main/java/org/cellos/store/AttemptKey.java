package org.cellos.store;

import org.cellos.domain.StepAction;

/**
 * One try of one part of a step.
 *
 * @param executionId the execution
 * @param stepIndex from 0
 * @param epoch from 1
 * @param action which part
 * @param attempt from 1, as Temporal counts
 */
public record AttemptKey(
    String executionId, int stepIndex, int epoch, StepAction action, int attempt) {}

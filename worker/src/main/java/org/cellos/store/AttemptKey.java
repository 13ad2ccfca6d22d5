package org.cellos.store;

import org.cellos.domain.EffectKey;

/**
 * One try of one part of a step.
 *
 * @param effect what is tried
 * @param temporalRunId the Temporal run that scheduled it
 * @param activityId what that run calls the activity
 * @param attempt from 1, as Temporal counts
 */
public record AttemptKey(EffectKey effect, String temporalRunId, String activityId, int attempt) {}

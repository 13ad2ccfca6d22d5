package org.cellos.domain;

/**
 * Why a step failed, as it is recorded.
 *
 * @param code stable category
 * @param message one sentence for the person who must act
 */
public record StepFailure(ErrorCode code, String message) {}

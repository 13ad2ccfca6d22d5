package org.cellos.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of one part of a step, as the mirror has it.
 *
 * @param stepIndex from 0
 * @param epoch from 1
 * @param action which part
 * @param attempt from 1
 * @param worker who tried
 * @param startedAt when it began
 * @param endedAt null while it lasts, or when nobody saw its end
 * @param outcome {@code completed} or {@code failed}; null while it lasts
 * @param errorMessage null unless it failed
 */
public record StepAttemptRecord(
    int stepIndex,
    int epoch,
    StepAction action,
    int attempt,
    String worker,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable StepStatus outcome,
    @Nullable String errorMessage) {}

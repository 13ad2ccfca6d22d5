package org.cellos.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step as the mirror has it.
 *
 * @param stepId name-based UUID of execution and index
 * @param executionId the execution
 * @param stepIndex from 0
 * @param name one line for people
 * @param operationType null if none was recorded
 * @param parameters its quantities
 * @param status where it stands
 * @param startTime null until an attempt begins
 * @param endTime null until it ends
 * @param errorMessage null unless something went wrong
 * @param result null until it is completed
 * @param attempts how many attempts the mirror has seen, of its start or its stop where it has both
 *     and the one had more; 0 where none
 */
public record StepRecord(
    String stepId,
    String executionId,
    int stepIndex,
    String name,
    @Nullable String operationType,
    Parameters parameters,
    StepStatus status,
    @Nullable Instant startTime,
    @Nullable Instant endTime,
    @Nullable String errorMessage,
    @Nullable Parameters result,
    int attempts) {}

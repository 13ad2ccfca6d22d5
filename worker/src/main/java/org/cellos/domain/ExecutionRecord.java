package org.cellos.domain;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An execution as the mirror has it.
 *
 * @param executionId the workflow id
 * @param workflowName the protocol's name
 * @param cellLine null if none was recorded
 * @param vesselId null if none was recorded
 * @param operationType null if none was recorded
 * @param status where it stands
 * @param createdAt when it was created
 * @param startedAt null until it begins
 * @param completedAt null until it ends, however it ends
 * @param errorMessage null unless something went wrong
 * @param metadata what the researcher noted
 * @param dryRun null while not begun, and for executions that this program did not write
 * @param simulated whether nothing real was moved; null for executions that this program did not
 *     write, and for those of which a part was simulated
 * @param stepCount how many steps it has
 * @param completedStepCount how many of them are completed
 */
public record ExecutionRecord(
    String executionId,
    String workflowName,
    @Nullable String cellLine,
    @Nullable String vesselId,
    @Nullable String operationType,
    ExecutionStatus status,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant completedAt,
    @Nullable String errorMessage,
    Parameters metadata,
    @Nullable Boolean dryRun,
    @Nullable Boolean simulated,
    int stepCount,
    int completedStepCount) {

  /** The same, of which not all was real. */
  public ExecutionRecord partlySimulated() {
    return new ExecutionRecord(
        executionId,
        workflowName,
        cellLine,
        vesselId,
        operationType,
        status,
        createdAt,
        startedAt,
        completedAt,
        errorMessage,
        metadata,
        dryRun,
        null,
        stepCount,
        completedStepCount);
  }

  /** The error, where there is one. */
  public Optional<String> error() {
    return Optional.ofNullable(errorMessage);
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * How an execution ended.
 *
 * @param status a terminal one
 * @param errorMessage why, unless it completed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecutionOutcome(ExecutionStatus status, @Nullable String errorMessage) {
  public ExecutionOutcome {
    if (!status.isTerminal()) {
      throw new IllegalArgumentException(status + " is not an end of an execution");
    }
  }

  public static ExecutionOutcome completed() {
    return new ExecutionOutcome(ExecutionStatus.COMPLETED, null);
  }

  public static ExecutionOutcome failed(String errorMessage) {
    return new ExecutionOutcome(ExecutionStatus.FAILED, errorMessage);
  }

  public static ExecutionOutcome cancelled(String errorMessage) {
    return new ExecutionOutcome(ExecutionStatus.CANCELLED, errorMessage);
  }
}

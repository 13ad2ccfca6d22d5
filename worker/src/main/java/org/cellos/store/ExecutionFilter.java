package org.cellos.store;

import java.util.Optional;
import org.cellos.domain.ExecutionStatus;

/**
 * Which executions to list.
 *
 * @param status only these
 * @param search text that must occur in id, protocol name, cell line, vessel, operation, error or
 *     metadata; upper and lower case count as the same
 * @param limit 1 to 1000
 */
public record ExecutionFilter(
    Optional<ExecutionStatus> status, Optional<String> search, int limit) {
  public static final int DEFAULT_LIMIT = 100;

  private static final int MOST = 1000;

  public ExecutionFilter {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("limit must be from 1 to " + MOST + ", not " + limit);
    }
  }

  public static ExecutionFilter all() {
    return new ExecutionFilter(Optional.empty(), Optional.empty(), DEFAULT_LIMIT);
  }

  public static ExecutionFilter withStatus(ExecutionStatus status) {
    return new ExecutionFilter(Optional.of(status), Optional.empty(), DEFAULT_LIMIT);
  }
}

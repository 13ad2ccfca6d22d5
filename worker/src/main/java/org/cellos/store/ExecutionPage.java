package org.cellos.store;

import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;

/**
 * Executions as far as the filter's limit goes.
 *
 * @param executions in the filter's order
 * @param next where the next page begins; empty if this is the last
 */
public record ExecutionPage(
    List<ExecutionRecord> executions, Optional<ExecutionFilter.Place> next) {
  public ExecutionPage {
    executions = List.copyOf(executions);
  }
}

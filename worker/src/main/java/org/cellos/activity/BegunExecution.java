package org.cellos.activity;

import java.time.Instant;
import java.util.List;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Route;
import org.cellos.domain.StepFailure;

/**
 * What was found out when an execution began.
 *
 * @param startedAt when it began
 * @param routes one a step, in their order
 * @param problems why it cannot be performed, one sentence each; empty if it can
 */
public record BegunExecution(Instant startedAt, List<Route> routes, List<String> problems) {
  public BegunExecution {
    routes = List.copyOf(routes);
    problems = List.copyOf(problems);
  }

  /** The state of an execution that begins like this. */
  public ExecutionState applyTo(ExecutionState state) {
    ExecutionState begun = state.begunWith(routes);
    return problems.isEmpty()
        ? begun
        : begun.failing(new StepFailure(ErrorCode.BAD_PARAMETERS, String.join(" ", problems)));
  }
}

package org.cellos.activity;

import java.time.Instant;
import java.util.List;
import org.cellos.domain.Route;

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
}

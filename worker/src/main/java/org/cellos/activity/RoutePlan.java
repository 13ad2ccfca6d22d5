package org.cellos.activity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Parameters;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.Step;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.RegisteredHandler;

/**
 * Which activity performs each step, found once from what is registered on this worker.
 *
 * @param routes one a step
 * @param problems steps that cannot be performed, one sentence each
 */
record RoutePlan(List<Route> routes, List<String> problems) {

  static RoutePlan of(List<Step> steps, boolean dryRun, HandlerRegistry handlers) {
    List<Route> routes = new ArrayList<>(steps.size());
    List<String> problems = new ArrayList<>();
    for (Step step : steps) {
      if (dryRun) {
        routes.add(Route.of(RouteKind.DRY_RUN, EffectClass.NONE, false));
        continue;
      }
      Optional<RegisteredHandler> handler = handlers.find(step.operationType());
      routes.add(handler.map(RoutePlan::route).orElseGet(RoutePlan::genericRoute));
      handler.ifPresent(
          found -> {
            try {
              verify(found, step.unitOp().parameters());
            } catch (RuntimeException e) {
              // A user's own check may throw anything.
              problems.add(
                  "Step "
                      + step.path()
                      + " ("
                      + step.name()
                      + "): "
                      + StepFailures.messageOf(e)
                      + ".");
            }
          });
    }
    return new RoutePlan(routes, problems);
  }

  private static void verify(RegisteredHandler handler, Parameters parameters) {
    handler.verify(parameters);
    if (handler instanceof RegisteredHandler.Timed) {
      // The workflow waits for as long as this says, after the start.
      parameters.minutes("minutes");
    }
  }

  private static Route route(RegisteredHandler handler) {
    return Route.of(
        RouteKind.HANDLER, handler.effectClass(), handler instanceof RegisteredHandler.Timed);
  }

  private static Route genericRoute() {
    return Route.of(RouteKind.GENERIC, EffectClass.NONE, false);
  }
}

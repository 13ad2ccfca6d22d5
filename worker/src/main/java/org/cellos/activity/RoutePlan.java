package org.cellos.activity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ParameterException;
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
              found.verify(step.unitOp().parameters());
            } catch (ParameterException e) {
              problems.add(
                  "Step " + step.path() + " (" + step.name() + "): " + e.getMessage() + ".");
            }
          });
    }
    return new RoutePlan(routes, problems);
  }

  private static Route route(RegisteredHandler handler) {
    return Route.of(
        RouteKind.HANDLER, handler.effectClass(), handler instanceof RegisteredHandler.Timed);
  }

  private static Route genericRoute() {
    return Route.of(RouteKind.GENERIC, EffectClass.NONE, false);
  }
}

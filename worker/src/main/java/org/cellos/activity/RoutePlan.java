package org.cellos.activity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
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

  private static final Set<String> TIMED_BY_HAND = Set.of("incubate", "centrifuge");

  static RoutePlan of(ExecutionInput input, boolean dryRun, HandlerRegistry handlers) {
    List<Route> routes = new ArrayList<>(input.steps().size());
    List<String> problems = new ArrayList<>();
    for (Step step : input.steps()) {
      if (dryRun) {
        routes.add(Route.of(RouteKind.DRY_RUN, EffectClass.NONE, false));
        continue;
      }
      Optional<RegisteredHandler> handler =
          switch (input.instruments()) {
            case VIRTUAL -> handlers.find(step.operationType());
            case HARDWARE -> handlers.findReal(step.operationType());
            case MANUAL -> Optional.empty();
          };
      Route without =
          input.instruments() == Instruments.VIRTUAL ? genericRoute() : manualRoute(step);
      Route route = handler.map(RoutePlan::route).orElse(without);
      routes.add(route);
      if (route.kind() == RouteKind.MANUAL && route.timed()) {
        check(step, () -> step.unitOp().parameters().minutes("minutes"), problems);
      }
      handler.ifPresent(
          found -> check(step, () -> verify(found, step.unitOp().parameters()), problems));
    }
    return new RoutePlan(routes, problems);
  }

  private static void check(Step step, Runnable check, List<String> problems) {
    try {
      check.run();
    } catch (RuntimeException e) {
      // A user's own check may throw anything.
      problems.add(
          "Step " + step.path() + " (" + step.name() + "): " + StepFailures.messageOf(e) + ".");
    }
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

  /** Steps that mostly wait are timed by the program, and a person puts in and takes out. */
  private static Route manualRoute(Step step) {
    boolean timed = TIMED_BY_HAND.contains(step.operationType());
    return Route.of(RouteKind.MANUAL, EffectClass.ONCE, timed);
  }

  private static Route genericRoute() {
    return Route.of(RouteKind.GENERIC, EffectClass.NONE, false);
  }
}

package org.cellos.rehearsal;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.domain.Mode;
import org.cellos.domain.Parameters;
import org.cellos.handler.RegisteredHandler;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;
import org.cellos.handler.TimedStepHandler;

/**
 * Stands in for a user's own handler, which may move something real and takes its time in the real
 * world: checks the parameters as it does, and does nothing.
 */
final class StandIn {
  private StandIn() {}

  /** For an operation type without a handler, which somebody does by hand or not at all. */
  static StepHandler forNobody() {
    return StandIn::done;
  }

  static StepHandler of(RegisteredHandler.Single real) {
    return new StepHandler() {
      @Override
      public void verify(Parameters parameters) {
        real.verify(parameters);
      }

      @Override
      public Map<String, ?> perform(StepContext step) {
        return done(step);
      }
    };
  }

  static TimedStepHandler of(RegisteredHandler.Timed real) {
    return new TimedStepHandler() {
      @Override
      public void verify(Parameters parameters) {
        real.verify(parameters);
      }

      @Override
      public Map<String, ?> start(StepContext step) {
        return done(step);
      }

      @Override
      public Map<String, ?> stop(StepContext step) {
        return done(step);
      }
    };
  }

  private static Map<String, ?> done(StepContext step) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "success");
    result.put("mode", Mode.VIRTUAL.wireValue());
    result.put("simulated", true);
    result.put(
        "note", "Rehearsed: no handler for '" + step.request().operationType() + "' was called.");
    return result;
  }
}

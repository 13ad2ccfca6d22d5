package org.cellos.instrument;

import java.io.IOException;
import java.util.Map;
import org.cellos.domain.Parameters;
import org.cellos.domain.RelativeCentrifugalForce;
import org.cellos.handler.StepContext;
import org.cellos.handler.TimedStepHandler;

/** Spins at {@code g_force} for {@code minutes}. Starting the rotor is the effect. */
final class VirtualCentrifuge implements TimedStepHandler {
  private final WitnessLog witness;

  VirtualCentrifuge(WitnessLog witness) {
    this.witness = witness;
  }

  @Override
  public void verify(Parameters parameters) {
    parameters.minutes("minutes");
    force(parameters);
  }

  @Override
  public Map<String, ?> start(StepContext context) throws IOException {
    witness.note(context.request());
    return VirtualInstruments.simulated(context.request());
  }

  @Override
  public Map<String, ?> stop(StepContext context) {
    Parameters parameters = context.parameters();
    Map<String, Object> result = VirtualInstruments.simulated(context.request());
    result.put("minutes", parameters.number("minutes"));
    result.put("g_force", force(parameters).g());
    result.put("speed_up", context.request().speedUp());
    return result;
  }

  private static RelativeCentrifugalForce force(Parameters parameters) {
    return new RelativeCentrifugalForce(parameters.number("g_force"));
  }
}

package org.cellos.instrument;

import java.io.IOException;
import java.util.Map;
import org.cellos.domain.Parameters;
import org.cellos.handler.StepContext;
import org.cellos.handler.TimedStepHandler;

/** Holds a vessel at {@code temperature_c} for {@code minutes}. Putting it in is the effect. */
final class VirtualIncubator implements TimedStepHandler {
  private final WitnessLog witness;

  VirtualIncubator(WitnessLog witness) {
    this.witness = witness;
  }

  @Override
  public void verify(Parameters parameters) {
    parameters.minutes("minutes");
    parameters.temperature("temperature_c");
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
    result.put("temperature_c", parameters.number("temperature_c"));
    result.put("speed_up", context.request().speedUp());
    return result;
  }
}

package org.cellos.instrument;

import java.io.IOException;
import java.util.Map;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.Volume;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;

/**
 * Moves {@code volume_ml} from {@code from} to {@code to}, but never more than {@code
 * contents_before} says the source holds: {@code moved_ml} is what was there to be moved.
 */
final class VirtualLiquidHandler implements StepHandler {
  private final WitnessLog witness;

  VirtualLiquidHandler(WitnessLog witness) {
    this.witness = witness;
  }

  @Override
  public void verify(Parameters parameters) {
    if (parameters.volume("volume_ml").isZero()) {
      throw new ParameterException("volume_ml must be above 0");
    }
  }

  @Override
  public Map<String, ?> perform(StepContext context) throws IOException {
    Parameters parameters = context.parameters();
    Volume asked = parameters.volume("volume_ml");
    Volume moved = asked;
    Map<String, Object> result = VirtualInstruments.simulated(context.request());
    for (String key : new String[] {"from", "to", "reagent"}) {
      parameters.optionalText(key).ifPresent(value -> result.put(key, value));
    }
    result.put("volume_ml", asked.millilitres());
    if (parameters.has("from") && parameters.has("contents_before")) {
      Volume available = parameters.volumes("contents_before").get(parameters.text("from"));
      // Bottles and other sources whose contents nobody tracks hold enough.
      if (available != null) {
        moved = asked.min(available);
        result.put("available_ml", available.millilitres());
      }
    }
    result.put("moved_ml", moved.millilitres());
    witness.note(context.request());
    return result;
  }
}

package org.cellos.instrument;

import java.io.IOException;
import java.util.Map;
import org.cellos.domain.Parameters;
import org.cellos.domain.Volume;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;

/** Draws {@code volume_ml} up and puts it back, so that nothing leaves the vessel. */
final class VirtualMixer implements StepHandler {
  private final WitnessLog witness;

  VirtualMixer(WitnessLog witness) {
    this.witness = witness;
  }

  @Override
  public void verify(Parameters parameters) {
    parameters.volume("volume_ml");
  }

  @Override
  public Map<String, ?> perform(StepContext context) throws IOException {
    Volume volume = context.parameters().volume("volume_ml");
    Map<String, Object> result = VirtualInstruments.simulated(context.request());
    result.put("volume_ml", volume.millilitres());
    result.put("moved_ml", volume.millilitres());
    witness.note(context.request());
    return result;
  }
}

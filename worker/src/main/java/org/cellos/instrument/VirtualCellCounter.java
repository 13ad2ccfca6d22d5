package org.cellos.instrument;

import java.io.IOException;
import java.util.Map;
import org.cellos.domain.Parameters;
import org.cellos.domain.Volume;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;

/**
 * Takes a sample of {@code volume_ml}. It has no cells to look at and invents no count: the reading
 * is absent.
 */
final class VirtualCellCounter implements StepHandler {
  private final WitnessLog witness;

  VirtualCellCounter(WitnessLog witness) {
    this.witness = witness;
  }

  @Override
  public void verify(Parameters parameters) {
    parameters.volume("volume_ml");
  }

  @Override
  public Map<String, ?> perform(StepContext context) throws IOException {
    Parameters parameters = context.parameters();
    Volume sample = parameters.volume("volume_ml");
    Map<String, Object> result = VirtualInstruments.simulated(context.request());
    parameters.optionalText("method").ifPresent(method -> result.put("method", method));
    result.put("volume_ml", sample.millilitres());
    result.put("moved_ml", sample.millilitres());
    result.put("note", "A virtual counter sees no cells: there is no count.");
    witness.note(context.request());
    return result;
  }
}

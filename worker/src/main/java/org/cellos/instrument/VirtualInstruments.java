package org.cellos.instrument;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.domain.EffectClass;
import org.cellos.domain.Mode;
import org.cellos.domain.StepRequest;
import org.cellos.handler.HandlerRegistry;

/**
 * The virtual bench: liquid handler, incubator, centrifuge and cell counter. They obey the rules of
 * real instruments (every effect is {@link EffectClass#ONCE}), so that what is rehearsed on them is
 * what will happen.
 */
public final class VirtualInstruments {
  private VirtualInstruments() {}

  public static void register(HandlerRegistry registry, WitnessLog witness) {
    VirtualLiquidHandler liquidHandler = new VirtualLiquidHandler(witness);
    registry.registerVirtual("dispense", liquidHandler);
    registry.registerVirtual("aspirate", liquidHandler);
    registry.registerVirtual("mix", new VirtualMixer(witness));
    registry.registerVirtual("incubate", new VirtualIncubator(witness));
    registry.registerVirtual("centrifuge", new VirtualCentrifuge(witness));
    registry.registerVirtual("count", new VirtualCellCounter(witness));
  }

  /** The beginning of every virtual result: never to be mistaken for a real one. */
  static Map<String, Object> simulated(StepRequest step) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "success");
    result.put("mode", Mode.VIRTUAL.wireValue());
    result.put("simulated", true);
    step.parameters().optionalText("vessel").ifPresent(vessel -> result.put("vessel", vessel));
    return result;
  }
}

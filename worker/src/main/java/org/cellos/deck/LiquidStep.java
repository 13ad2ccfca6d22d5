package org.cellos.deck;

import java.util.Optional;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;

/**
 * A step that takes the same volume from each well of a plate to the waste, or brings the same
 * volume of a reagent into each.
 *
 * @param path its place in the protocol
 * @param name one line for people
 * @param reagent what is brought; empty where something is taken
 * @param microlitresPerWell above 0
 */
public record LiquidStep(
    String path, String name, Optional<String> reagent, double microlitresPerWell) {

  /** Empty where a step is anything else. */
  public static Optional<LiquidStep> of(Step step, String vesselId) {
    Parameters parameters = step.unitOp().parameters();
    if (!parameters.has("volume_per_well_ml") || step.role() != null) {
      return Optional.empty();
    }
    double microlitres = parameters.number("volume_per_well_ml") * 1000;
    boolean isTaken =
        step.operationType().equals("aspirate")
            && is(parameters, "from", vesselId)
            && is(parameters, "to", "waste");
    boolean isBrought =
        step.operationType().equals("dispense")
            && is(parameters, "from", "stock")
            && is(parameters, "to", vesselId)
            && parameters.has("reagent");
    if (!isTaken && !isBrought) {
      return Optional.empty();
    }
    Optional<String> reagent =
        isBrought ? Optional.of(parameters.text("reagent")) : Optional.empty();
    return Optional.of(new LiquidStep(step.path(), step.name(), reagent, microlitres));
  }

  private static boolean is(Parameters parameters, String key, String value) {
    return parameters.optionalText(key).filter(value::equals).isPresent();
  }

  LiquidStep with(String newName, double newMicrolitresPerWell) {
    return new LiquidStep(path, newName, reagent, newMicrolitresPerWell);
  }

  boolean takes() {
    return reagent.isEmpty();
  }
}

package org.cellos.protocol;

import java.util.Optional;
import org.cellos.domain.Usd;

/**
 * Something that protocols use up or occupy, and what is known of it.
 *
 * @param id in {@code data/raw/pricing.yaml}
 * @param name for people
 * @param category for example {@code media}
 * @param unit the unit that is priced: {@code mL}, {@code ug}, {@code each}…
 * @param price of one unit; empty where nobody has given one
 * @param serumFree a medium without serum
 * @param stoppedBySerum an enzyme that works on until serum stops it
 * @param singleCells a detach reagent that leaves single cells
 * @param rockInhibitor keeps single pluripotent cells alive
 */
record Resource(
    String id,
    String name,
    String category,
    String unit,
    Optional<Usd> price,
    boolean serumFree,
    boolean stoppedBySerum,
    boolean singleCells,
    boolean rockInhibitor) {

  boolean isMedium() {
    return category.equals("media");
  }

  boolean isCoating() {
    return category.equals("coating");
  }

  /** The price, if what is priced is this unit. */
  Optional<Usd> pricePer(String usedUnit) {
    return unit.equals(usedUnit) ? price : Optional.empty();
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One line of a bill of materials: everything an execution needs of one resource.
 *
 * @param resourceId id in the price list
 * @param name for people; the id where the price list does not know it
 * @param quantity total over all steps
 * @param unit the unit of the quantity: {@code mL}, {@code each}, {@code hours}
 * @param unitPriceUsd per unit; null where no price is known in this unit
 * @param costUsd quantity times price; null where no price is known
 * @param kind what the line is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaterialLine(
    String resourceId,
    String name,
    double quantity,
    String unit,
    @Nullable Usd unitPriceUsd,
    @Nullable Usd costUsd,
    Kind kind) {

  /** What a line of a bill of materials is. */
  public enum Kind {
    /** Bought and used up. */
    MATERIAL,
    /** Time on an instrument. */
    INSTRUMENT,
    /** Made during the protocol (mixtures, cells, wash): costs nothing itself. */
    PREPARED
  }
}

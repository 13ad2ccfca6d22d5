package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Something a unit operation uses up or occupies.
 *
 * @param resourceId the id in the price list, for example {@code pipette_10ml}; ids containing
 *     {@code _usage} or {@code compute} are instrument time
 * @param quantity above 0, in the unit the resource is used in: mL for liquids, pieces for
 *     consumables, hours for instruments
 */
public record Item(String resourceId, double quantity) {
  public Item {
    if (resourceId.isBlank()) {
      throw new IllegalArgumentException("resource_id must not be empty");
    }
    if (!(quantity > 0 && quantity <= 1e9)) {
      throw new IllegalArgumentException(
          "the quantity of " + resourceId + " must be above 0, not " + quantity);
    }
  }

  /** Instrument time rather than material, by the naming convention of the price list. */
  @JsonIgnore
  public boolean isInstrumentUse() {
    return resourceId.contains("_usage") || resourceId.contains("compute");
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What a centrifuge does to a tube, in multiples of g. Never revolutions per minute, which mean
 * nothing without a rotor.
 *
 * @param g above 0, to 30,000
 */
public record RelativeCentrifugalForce(@JsonValue double g) {
  @JsonCreator
  public RelativeCentrifugalForce {
    if (!(g > 0 && g <= 30_000)) {
      throw new IllegalArgumentException("g_force must be above 0, to 30,000 g, not " + g);
    }
  }

  @Override
  public String toString() {
    return g + " g";
  }
}

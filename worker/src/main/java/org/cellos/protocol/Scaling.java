package org.cellos.protocol;

import org.cellos.domain.Volume;

/** Scales volumes by figures from files, which may be anything. */
final class Scaling {
  /** Above all that the package accepts, and within what a {@link Volume} can be. */
  private static final double TOO_MUCH_ML = 10 * Fields.MOST_MILLILITRES;

  private Scaling() {}

  /** To the microlitre; what is too much for any vessel stays too much, and never overflows. */
  static Volume scaled(Volume volume, double factor) {
    return volume.millilitres() * factor > TOO_MUCH_ML
        ? Volume.ofMillilitres(TOO_MUCH_ML)
        : volume.scaledBy(factor);
  }

  /** Exactly; what is too much for any vessel stays too much, and never overflows. */
  static Volume times(Volume volume, int count) {
    return volume.millilitres() * count > TOO_MUCH_ML
        ? Volume.ofMillilitres(TOO_MUCH_ML)
        : new Volume(volume.nanolitres() * count);
  }
}

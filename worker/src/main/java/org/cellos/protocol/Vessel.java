package org.cellos.protocol;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.cellos.domain.Volume;

/**
 * A flask or plate that cells grow in. Surface and volumes are those of one well; a flask is one
 * well.
 *
 * @param id for example {@code flask_t75}
 * @param name for people
 * @param shortNames other names it is found by, such as {@code T75}
 * @param kind flask or plate
 * @param bottom shape of the wells
 * @param wells 1 or more
 * @param surfaceCm2 growth surface in cm², above 0
 * @param workingVolume what a culture usually stands in
 * @param coatingVolume what a coating usually takes; empty where none is known
 * @param maxVolume to the brim
 * @param safeFillPerWell the most that it may hold without risk of a spill
 */
record Vessel(
    String id,
    String name,
    List<String> shortNames,
    Kind kind,
    Bottom bottom,
    int wells,
    double surfaceCm2,
    Volume workingVolume,
    Optional<Volume> coatingVolume,
    Volume maxVolume,
    Volume safeFillPerWell)
    implements Container {

  Vessel {
    shortNames = List.copyOf(shortNames);
    if (wells < 1) {
      throw new IllegalArgumentException("wells of " + id + " must be 1 or more, not " + wells);
    }
  }

  /** What a vessel is. */
  enum Kind {
    FLASK,
    PLATE;

    /** The word of files. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The shape that cells settle on: an adherent culture needs a flat one. */
  enum Bottom {
    FLAT,
    U,
    V;

    /** The word of files. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The working volume of all wells together. */
  Volume totalWorkingVolume() {
    return Scaling.times(workingVolume, wells);
  }

  /** The growth surface of all wells together, in cm². */
  double totalSurfaceCm2() {
    return surfaceCm2 * wells;
  }

  @Override
  public Volume safeFill() {
    return Scaling.times(safeFillPerWell, wells);
  }
}

package org.cellos.protocol;

import org.cellos.domain.Volume;

/** Something that holds liquid, and is not safe to handle when it holds too much. */
sealed interface Container permits Vessel, Tube {
  /** As in {@code data/raw/vessels.yaml}: {@code flask_t75}, {@code tube_50ml}. */
  String id();

  /** For people. */
  String name();

  /** The most that it may hold, over all wells, without risk of a spill. */
  Volume safeFill();
}

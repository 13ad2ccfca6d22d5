package org.cellos.protocol;

import org.cellos.domain.Volume;

/**
 * A tube or vial that a protocol uses on the way.
 *
 * @param id as in {@code data/raw/vessels.yaml}
 * @param name for people
 * @param maxVolume to the brim
 * @param safeFill the most that it may hold without risk of a spill
 */
record Tube(String id, String name, Volume maxVolume, Volume safeFill) implements Container {}

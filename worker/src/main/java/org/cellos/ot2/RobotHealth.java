package org.cellos.ot2;

import java.util.Optional;

/**
 * What a robot says of itself.
 *
 * @param name the one its owner gave it
 * @param model such as {@code OT-2 Standard}
 * @param serial empty where it tells none
 * @param mostApiMajor of the newest protocols that it performs
 * @param mostApiMinor of the newest protocols that it performs
 * @param isFake it is a program that only behaves like a robot
 */
public record RobotHealth(
    String name,
    String model,
    Optional<String> serial,
    int mostApiMajor,
    int mostApiMinor,
    boolean isFake) {

  /** Whether it performs protocols of this API level. */
  boolean performs(int major, int minor) {
    return major < mostApiMajor || (major == mostApiMajor && minor <= mostApiMinor);
  }
}

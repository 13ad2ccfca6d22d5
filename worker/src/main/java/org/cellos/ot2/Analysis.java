package org.cellos.ot2;

import java.util.List;

/**
 * What a robot found out about a protocol before it was played.
 *
 * @param isCompleted false as long as the robot is still at it
 * @param errors why it cannot be performed, in the robot's words; empty if it can
 * @param commands how many commands it has
 */
record Analysis(boolean isCompleted, boolean isOk, List<String> errors, int commands) {
  Analysis {
    errors = List.copyOf(errors);
  }
}

package org.cellos.ot2;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One command of a run.
 *
 * @param index from 0, in the order of the run
 * @param type such as {@code aspirate}
 * @param status queued, running, succeeded or failed
 * @param json everything the robot says of it
 */
record RobotCommand(int index, String type, String status, JsonNode json) {
  boolean hasSucceeded() {
    return status.equals("succeeded");
  }
}

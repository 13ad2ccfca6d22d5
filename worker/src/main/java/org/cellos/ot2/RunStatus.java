package org.cellos.ot2;

import java.util.Arrays;

/** What a robot says of one of its runs. */
enum RunStatus {
  IDLE("idle"),
  RUNNING("running"),
  FINISHING("finishing"),
  /** By a person at the robot, by its front button, or by the protocol itself. */
  PAUSED("paused"),
  BLOCKED_BY_OPEN_DOOR("blocked-by-open-door"),
  AWAITING_RECOVERY("awaiting-recovery"),
  STOP_REQUESTED("stop-requested"),
  STOPPED("stopped"),
  FAILED("failed"),
  SUCCEEDED("succeeded"),
  /** A word that this program does not know; a newer robot may have it. */
  UNKNOWN("");

  private final String word;

  RunStatus(String word) {
    this.word = word;
  }

  static RunStatus ofWord(String word) {
    return Arrays.stream(values())
        .filter(status -> status != UNKNOWN && status.word.equals(word))
        .findFirst()
        .orElse(UNKNOWN);
  }

  /** Nothing moves any more, and nothing will. */
  boolean isTerminal() {
    return this == STOPPED || this == FAILED || this == SUCCEEDED;
  }

  /** The robot waits for somebody. */
  boolean isHeld() {
    return this == PAUSED || this == BLOCKED_BY_OPEN_DOOR || this == AWAITING_RECOVERY;
  }
}

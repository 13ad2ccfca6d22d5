package org.cellos.ot2;

import java.util.List;
import java.util.Optional;

/**
 * A run as a robot tells of it.
 *
 * @param id the robot's id of it
 * @param isWhole false after a restart of the robot: what became of it, the robot does not know
 * @param status what it does
 * @param statusWord the robot's own word for that
 * @param isCurrent whether it is the one that the robot has loaded
 * @param actions what the robot was told to do with it, in order: {@code play}, {@code pause},
 *     {@code stop}…
 * @param protocolId what it plays; empty if it plays no protocol
 * @param errors why it failed, in the robot's words
 */
record RobotRun(
    String id,
    boolean isWhole,
    RunStatus status,
    String statusWord,
    boolean isCurrent,
    List<String> actions,
    Optional<String> protocolId,
    List<String> errors) {

  RobotRun {
    actions = List.copyOf(actions);
    errors = List.copyOf(errors);
  }

  /**
   * Whether anything may have been moved. The robot stores the action before the run can start, so
   * that a run without it has done nothing.
   */
  boolean wasPlayed() {
    return actions.contains(RunAction.PLAY.word());
  }

  /** Whether it can be played for the first time. */
  boolean isReady() {
    return isWhole && status == RunStatus.IDLE && isCurrent && !wasPlayed();
  }

  boolean wasTold(RunAction action) {
    return actions.contains(action.word());
  }
}

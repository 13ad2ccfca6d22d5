package org.cellos.ot2;

/** A robot understood a request and did not act on it: an answer of the 4xx range. */
public final class RobotRefusalException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int httpStatus;
  private final String id;

  RobotRefusalException(int httpStatus, String id, String detail) {
    super(detail);
    this.httpStatus = httpStatus;
    this.id = id;
  }

  /** Whether the robot does not know what was asked for, such as a run it has thrown away. */
  boolean isNotFound() {
    return httpStatus == 404;
  }

  /**
   * The robot's own name of the refusal, such as {@code RunAlreadyActive}; empty if it has none.
   */
  String id() {
    return id;
  }
}

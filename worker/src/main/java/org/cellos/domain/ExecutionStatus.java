package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where an execution stands; the words are those of the documented schema. */
public enum ExecutionStatus {
  /** Created; waits for its begin or for a resource. Nothing has been moved. */
  PENDING("pending", false),
  /** Begun, and a step may be under way. */
  RUNNING("running", false),
  /** Begun, and waits for a person. */
  PAUSED("paused", false),
  /** Every step is completed or was skipped by a person. */
  COMPLETED("completed", true),
  /** A step failed, or Temporal closed the workflow; the error message says which. */
  FAILED("failed", true),
  /** A person cancelled it, and the instruments have confirmed. */
  CANCELLED("cancelled", true);

  private final String wireValue;
  private final boolean terminal;

  ExecutionStatus(String wireValue, boolean terminal) {
    this.wireValue = wireValue;
    this.terminal = terminal;
  }

  /** The lower-case word of files, columns and JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  /** Nothing more will happen to the execution. */
  public boolean isTerminal() {
    return terminal;
  }

  /**
   * @throws IllegalArgumentException naming the known words, if it is none of them
   */
  @JsonCreator
  public static ExecutionStatus ofWireValue(String value) {
    return WireValues.parse(ExecutionStatus.class, ExecutionStatus::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

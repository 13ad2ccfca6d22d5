package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Where a step stands; the words are those of the documented schema. */
public enum StepStatus {
  /** Not begun. */
  PENDING("pending", false),
  /** An attempt is under way or waits to be repeated. */
  RUNNING("running", false),
  /** Done; the result says how and what. */
  COMPLETED("completed", true),
  /** Not done, or not known to be done; the error message says which. */
  FAILED("failed", true),
  /** Never begun, because the execution ended before it or a person said so. */
  SKIPPED("skipped", true);

  private final String wireValue;
  private final boolean terminal;

  StepStatus(String wireValue, boolean terminal) {
    this.wireValue = wireValue;
    this.terminal = terminal;
  }

  /** The lower-case word of files, columns and JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  /** Nothing more will happen to the step. */
  public boolean isTerminal() {
    return terminal;
  }

  /**
   * @throws IllegalArgumentException naming the known words, if it is none of them
   */
  @JsonCreator
  public static StepStatus ofWireValue(String value) {
    return WireValues.parse(StepStatus.class, StepStatus::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

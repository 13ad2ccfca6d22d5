package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a step is for that is performed only where the ordinary ones do not go as planned. */
public enum StepRole {
  /** It saves the cells where the ordinary step after it comes too late. */
  RESCUE("rescue"),
  /** It leaves a safe state behind where the execution fails or is cancelled. */
  SAFE_STATE("safe_state");

  private final String wireValue;

  StepRole(String wireValue) {
    this.wireValue = wireValue;
  }

  /** The lower-case word of files, columns and JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  /**
   * @throws IllegalArgumentException naming the known words, if it is none of them
   */
  @JsonCreator
  public static StepRole ofWireValue(String value) {
    return WireValues.parse(StepRole.class, StepRole::wireValue, value);
  }

  /** For people. */
  public String inWords() {
    return this == RESCUE ? "rescue step" : "step of the safe state";
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

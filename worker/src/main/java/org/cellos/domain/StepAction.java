package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Which part of a step an activity performs. */
public enum StepAction {
  /** Nothing of it yet: whether it is to be begun. */
  BEGIN("begin"),
  /** All of it. */
  PERFORM("perform"),
  /** The beginning of a timed step: the vessel goes into the incubator. */
  START("start"),
  /** The end of a timed step: the vessel comes out. */
  STOP("stop");

  private final String wireValue;

  StepAction(String wireValue) {
    this.wireValue = wireValue;
  }

  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  @JsonCreator
  public static StepAction ofWireValue(String value) {
    return WireValues.parse(StepAction.class, StepAction::wireValue, value);
  }
}

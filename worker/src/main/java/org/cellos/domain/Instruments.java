package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What performs the steps of an execution; chosen once, before it begins. */
public enum Instruments {
  /** Calculated, at a speed-up. */
  VIRTUAL("virtual"),
  /** A person at the bench. */
  MANUAL("manual"),
  /** Machines. */
  HARDWARE("hardware");

  private final String wireValue;

  Instruments(String wireValue) {
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
  public static Instruments ofWireValue(String value) {
    return WireValues.parse(Instruments.class, Instruments::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

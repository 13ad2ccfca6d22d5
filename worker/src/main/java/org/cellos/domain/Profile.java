package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Whose protocols. */
public enum Profile {
  /** The steps of the Python original, kept for comparison and simulation. */
  ORIGINAL("original"),
  /** The steps a cell-culture scientist would run. */
  BENCH("bench");

  private final String wireValue;

  Profile(String wireValue) {
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
  public static Profile ofWireValue(String value) {
    return WireValues.parse(Profile.class, Profile::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

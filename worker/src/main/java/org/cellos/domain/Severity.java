package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How much a warning matters. */
public enum Severity {
  /** Good to know. */
  INFO("info"),
  /** Would harm cells or figures at a real bench. */
  WARNING("warning"),
  /** Cannot be done as written; refused on real instruments unless overridden. */
  BLOCKING("blocking");

  private final String wireValue;

  Severity(String wireValue) {
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
  public static Severity ofWireValue(String value) {
    return WireValues.parse(Severity.class, Severity::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

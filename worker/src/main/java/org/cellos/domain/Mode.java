package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** How a step was done. A result that is not real says so. */
public enum Mode {
  /** A dry run: no instrument was called. */
  DRY("dry", false),
  /** A virtual instrument calculated it. */
  VIRTUAL("virtual", false),
  /** A person did it and confirmed. */
  MANUAL("manual", true),
  /** A machine did it. */
  HARDWARE("hardware", true);

  private final String wireValue;
  private final boolean real;

  Mode(String wireValue, boolean real) {
    this.wireValue = wireValue;
    this.real = real;
  }

  /** The lower-case word of files, columns and JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  /** Something was moved in the real world. */
  public boolean isReal() {
    return real;
  }

  /**
   * @throws IllegalArgumentException naming the known words, if it is none of them
   */
  @JsonCreator
  public static Mode ofWireValue(String value) {
    return WireValues.parse(Mode.class, Mode::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

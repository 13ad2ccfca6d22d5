package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What repeating an attempt of a step would do to the world. */
public enum EffectClass {
  /** No effect: may be repeated at will. */
  NONE("none"),
  /** A second attempt changes nothing that the first one did: may be repeated. */
  IDEMPOTENT("idempotent"),
  /** A second attempt finds the first one's work and goes on with it: may be repeated. */
  REATTACHABLE("reattachable"),
  /** A second attempt would do it again: never repeated without a person's word. */
  ONCE("once");

  private final String wireValue;

  EffectClass(String wireValue) {
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
  public static EffectClass ofWireValue(String value) {
    return WireValues.parse(EffectClass.class, EffectClass::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

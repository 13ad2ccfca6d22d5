package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Which kind of activity performs a step. */
public enum RouteKind {
  /** Acknowledges the step; calls nothing. */
  DRY_RUN("dry_run"),
  /** The documented fallback where no handler is registered for the operation type. */
  GENERIC("generic"),
  /** A registered handler, the virtual instruments among them. */
  HANDLER("handler"),
  /** A person does it and confirms; no activity is called. */
  MANUAL("manual");

  private final String wireValue;

  RouteKind(String wireValue) {
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
  public static RouteKind ofWireValue(String value) {
    return WireValues.parse(RouteKind.class, RouteKind::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

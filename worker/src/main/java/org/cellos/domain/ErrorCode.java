package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The stable category of a failure. */
public enum ErrorCode {
  /** The handler threw or returned an error status. */
  STEP_FAILED("STEP_FAILED"),
  /** A parameter of the step is missing or wrong. */
  BAD_PARAMETERS("BAD_PARAMETERS"),
  /** The worker has no handler for the operation type; nothing was moved. */
  HANDLER_MISSING("HANDLER_MISSING"),
  /** The attempt ended before anything was moved; it is repeated. */
  NOT_STARTED("NOT_STARTED"),
  /** The attempt began and nobody knows how it ended. */
  OUTCOME_UNKNOWN("OUTCOME_UNKNOWN"),
  /** The execution id belongs to another execution. */
  ID_IN_USE("ID_IN_USE"),
  /** The execution was cancelled while the step was under way. */
  CANCELLED("CANCELLED"),
  /** A person has decided to end the execution. */
  ABORTED("ABORTED"),
  /** A person has answered for the step meanwhile; the ledger says how. */
  ANSWERED("ANSWERED"),
  /** Another process goes on with the execution. */
  TAKEN_OVER("TAKEN_OVER"),
  /** A defect of this program. */
  INTERNAL("INTERNAL");

  private final String wireValue;

  ErrorCode(String wireValue) {
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
  public static ErrorCode ofWireValue(String value) {
    return WireValues.parse(ErrorCode.class, ErrorCode::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

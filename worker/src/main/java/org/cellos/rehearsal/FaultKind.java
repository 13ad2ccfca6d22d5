package org.cellos.rehearsal;

import com.fasterxml.jackson.annotation.JsonValue;

/** What goes wrong in a rehearsal. */
public enum FaultKind {
  /** The instrument refuses before anything has moved; the step is tried again by itself. */
  NOT_STARTED("not_started"),
  /** The worker dies in the step, and only a person can say how far it came. */
  LOST("lost"),
  /** The step takes longer than planned. */
  SLOW("slow"),
  /** Everything is down beyond the end of a wait: what was due then is done afterwards. */
  OUTAGE("outage"),
  /** The instrument fails for good, and the execution with it. Drawn rarely. */
  BROKEN("broken");

  private final String wireValue;

  FaultKind(String wireValue) {
    this.wireValue = wireValue;
  }

  /** The lower-case word of JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** What a person may say about a step. */
public enum Choice {
  /** It was done: go on with the next. */
  DONE("done", "it was done; go on"),
  /** A part of its volume was moved: note how much and go on. */
  PARTLY(
      "partly",
      "only so much was moved (--amount ML): go on with that; or do the rest by hand and say done"),
  /** Do all of it once more. */
  AGAIN("again", "do it once more, as the question says"),
  /** Do it, although it is late. */
  GO_ON("go-on", "do it all the same"),
  /** Go on without it. */
  SKIP("skip", "go on without it"),
  /** End the execution. */
  ABORT("abort", "end the execution as failed");

  private final String wireValue;
  private final String meaning;

  Choice(String wireValue, String meaning) {
    this.wireValue = wireValue;
    this.meaning = meaning;
  }

  /** The lower-case word of files, columns and JSON. */
  @JsonValue
  public String wireValue() {
    return wireValue;
  }

  /** What it does, for people. */
  public String meaning() {
    return meaning;
  }

  /**
   * @throws IllegalArgumentException naming the known words, if it is none of them
   */
  @JsonCreator
  public static Choice ofWireValue(String value) {
    return WireValues.parse(Choice.class, Choice::wireValue, value);
  }

  @Override
  public String toString() {
    return wireValue;
  }
}

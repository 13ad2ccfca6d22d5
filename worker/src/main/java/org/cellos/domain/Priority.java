package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How soon an execution gets what others wait for as well. It stands in the queue as if it had come
 * earlier or later than it did, so that nobody waits for ever behind those who came after.
 */
public enum Priority {
  URGENT(Duration.ofDays(1)),
  NORMAL(Duration.ZERO),
  LOW(Duration.ofDays(-1));

  /** The key under which an execution's metadata keep it. */
  public static final String KEY = "priority";

  private final Duration headStart;

  Priority(Duration headStart) {
    this.headStart = headStart;
  }

  /** Of an execution; the usual one where its metadata name none, or something else. */
  public static Priority of(Parameters metadata) {
    return Arrays.stream(values())
        .filter(priority -> priority.wireValue().equals(metadata.values().get(KEY)))
        .findFirst()
        .orElse(NORMAL);
  }

  /**
   * @throws IllegalArgumentException naming those that there are
   */
  @JsonCreator
  public static Priority ofWireValue(String word) {
    return Arrays.stream(values())
        .filter(priority -> priority.wireValue().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "must be "
                        + Arrays.stream(values())
                            .map(Priority::wireValue)
                            .collect(Collectors.joining(", "))
                        + ", not '"
                        + word
                        + "'"));
  }

  @JsonValue
  public String wireValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The time by which the queue is ordered, for who asked at this one. */
  public Instant rank(Instant askedAt) {
    return askedAt.minus(headStart);
  }
}

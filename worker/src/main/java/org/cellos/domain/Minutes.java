package org.cellos.domain;

import java.time.Duration;

/** Protocols give times in minutes, with decimals; Java counts them as {@link Duration}. */
public final class Minutes {
  /** Ninety days: longer than any differentiation protocol in the project's data. */
  public static final double MOST = 129_600;

  private static final double MILLIS_PER_MINUTE = 60_000;

  private Minutes() {}

  /**
   * @param minutes 0 to {@link #MOST}, rounded to the millisecond
   */
  public static Duration toDuration(double minutes) {
    if (!(minutes >= 0 && minutes <= MOST)) {
      throw new IllegalArgumentException("minutes must be from 0 to " + MOST + ", not " + minutes);
    }
    return Duration.ofMillis(Math.round(minutes * MILLIS_PER_MINUTE));
  }

  public static double of(Duration duration) {
    return duration.toMillis() / MILLIS_PER_MINUTE;
  }
}

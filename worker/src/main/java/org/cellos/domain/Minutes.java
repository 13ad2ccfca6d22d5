package org.cellos.domain;

import java.math.BigDecimal;
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

  /** For people, without decimals that say nothing: {@code 8 min}, {@code 2.5 min}. */
  public static String inWords(double minutes) {
    return plain(minutes) + " min";
  }

  /** The figure alone. */
  static String plain(double minutes) {
    return BigDecimal.valueOf(minutes).stripTrailingZeros().toPlainString();
  }

  /** For people, to the second: {@code 45 s}, {@code 2 min 10 s}, {@code 1 h 5 min}. */
  public static String inWords(Duration duration) {
    long seconds = Math.round(duration.toMillis() / 1000.0);
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    return minutes < 60
        ? minutes + " min" + (seconds % 60 == 0 ? "" : " " + seconds % 60 + " s")
        : minutes / 60 + " h" + (minutes % 60 == 0 ? "" : " " + minutes % 60 + " min");
  }

  public static double of(Duration duration) {
    return duration.toMillis() / MILLIS_PER_MINUTE;
  }
}

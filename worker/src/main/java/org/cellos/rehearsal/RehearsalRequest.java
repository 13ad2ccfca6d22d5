package org.cellos.rehearsal;

import java.time.LocalDateTime;

/**
 * How a protocol is to be rehearsed. The same request of the same protocol leads to the same
 * report.
 *
 * @param seed from which faults and answers are drawn
 * @param faults how many faults to inject, on average over many seeds; 0 to 1000, 0 for none
 * @param begin what the clock on the wall shows at the begin, in the years 2000 to 2100; summer
 *     time is not rehearsed
 */
public record RehearsalRequest(long seed, int faults, LocalDateTime begin) {
  private static final int MOST_FAULTS = 1000;
  private static final int FIRST_YEAR = 2000;
  private static final int LAST_YEAR = 2100;

  public RehearsalRequest {
    if (faults < 0 || faults > MOST_FAULTS) {
      throw new IllegalArgumentException(
          "the number of faults must be from 0 to " + MOST_FAULTS + ", not " + faults);
    }
    if (begin.getYear() < FIRST_YEAR || begin.getYear() > LAST_YEAR) {
      throw new IllegalArgumentException(
          "the begin must be in the years "
              + FIRST_YEAR
              + " to "
              + LAST_YEAR
              + ", not "
              + begin.getYear());
    }
  }
}

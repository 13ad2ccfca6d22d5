package org.cellos.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured durations, and what stands out of them. Not thread-safe. */
final class Samples {
  private final List<Long> nanos = new ArrayList<>();

  /** Something that is measured. */
  interface Work {
    void run() throws Exception;
  }

  /** Measures once. */
  void time(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    add(System.nanoTime() - begin);
  }

  void add(long measuredNanos) {
    nanos.add(measuredNanos);
  }

  /**
   * The smallest value that at least so many per cent of all values do not exceed.
   *
   * @param percent above 0, at most 100
   */
  Duration percentile(int percent) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    int rank = (int) Math.ceil(sorted.size() * percent / 100.0);
    return Duration.ofNanos(sorted.get(Math.max(0, rank - 1)));
  }

  int count() {
    return nanos.size();
  }
}

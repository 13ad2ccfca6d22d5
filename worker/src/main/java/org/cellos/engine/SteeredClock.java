package org.cellos.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is put forward. Thread-safe. */
final class SteeredClock extends Clock {
  private final AtomicLong millis;

  SteeredClock(Instant begin) {
    this.millis = new AtomicLong(begin.toEpochMilli());
  }

  /**
   * @param duration not negative; counted in milliseconds
   */
  void putForward(Duration duration) {
    millis.addAndGet(duration.toMillis());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public long millis() {
    return millis.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return zone.equals(getZone()) ? this : Clock.fixed(instant(), zone);
  }
}

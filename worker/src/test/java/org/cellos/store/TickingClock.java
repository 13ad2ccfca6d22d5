package org.cellos.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that goes on by a second each time it is read, and can be set. */
final class TickingClock extends Clock {
  private Instant now;

  TickingClock(String start) {
    now = Instant.parse(start);
  }

  synchronized void set(String time) {
    now = Instant.parse(time);
  }

  @Override
  public synchronized Instant instant() {
    Instant time = now;
    now = now.plus(Duration.ofSeconds(1));
    return time;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("always UTC");
  }
}

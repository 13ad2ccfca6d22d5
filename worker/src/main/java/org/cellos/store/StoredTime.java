package org.cellos.store;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import org.cellos.json.Timestamps;

/**
 * Times as text. Always six digits and {@code +00:00}, so that text sorts as time does and Python
 * before 3.11 reads it (it refuses a Z).
 */
final class StoredTime {
  private static final int LENGTH_OF_CURRENT_TIMESTAMP = "2025-11-28 14:56:16".length();

  private StoredTime() {}

  /** What remains of a time when it is stored: microseconds. */
  static Instant truncate(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS);
  }

  static String write(Instant time) {
    return Timestamps.format(time);
  }

  /**
   * Reads our times and those of the Python original: ISO text without an offset is in the system's
   * zone, as Python's {@code datetime.now()} wrote it; SQLite's {@code CURRENT_TIMESTAMP} (a space,
   * no fraction) is UTC.
   *
   * @throws DateTimeException if it is none of these
   */
  static Instant read(String text) {
    String iso = text.strip().replace(' ', 'T');
    TemporalAccessor time =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(iso, OffsetDateTime::from, LocalDateTime::from);
    if (time instanceof OffsetDateTime withOffset) {
      return withOffset.toInstant();
    }
    boolean writtenBySqlite =
        text.indexOf(' ') > 0 && text.strip().length() == LENGTH_OF_CURRENT_TIMESTAMP;
    ZoneId zone = writtenBySqlite ? ZoneOffset.UTC : ZoneId.systemDefault();
    return LocalDateTime.from(time).atZone(zone).toInstant();
  }
}

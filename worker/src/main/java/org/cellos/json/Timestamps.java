package org.cellos.json;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Times as the documented schema holds them: ISO-8601 in UTC with always six decimals and an offset
 * instead of a Z, which Python before 3.11 does not read. As text they sort like times.
 */
public final class Timestamps {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSxxx", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /** {@code 2026-03-01T09:30:00.000000+00:00}. */
  public static String format(Instant instant) {
    return FORMAT.format(instant);
  }
}

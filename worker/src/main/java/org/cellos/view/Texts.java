package org.cellos.view;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import org.cellos.domain.LeaseSpan;
import org.cellos.domain.Minutes;
import org.cellos.domain.Parameters;
import org.jspecify.annotations.Nullable;

/** Numbers, times and durations as people read them. */
public final class Texts {
  private static final DateTimeFormatter LOCAL_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ROOT);

  private Texts() {}

  /** At least one decimal, at most six, no exponent: {@code 0.083333}, {@code 15.0}. */
  public static String number(double number) {
    BigDecimal value =
        BigDecimal.valueOf(number).setScale(6, RoundingMode.HALF_UP).stripTrailingZeros();
    return value.setScale(Math.max(1, value.scale())).toPlainString();
  }

  /** {@code 24 h 33 min}. */
  public static String minutes(double minutes) {
    return duration(Minutes.toDuration(minutes));
  }

  /**
   * Words of the two largest units that are not zero: {@code 1 d 2 h}, {@code 5 min}, {@code 0.3
   * s}.
   */
  public static String duration(Duration duration) {
    if (duration.compareTo(Duration.ofMinutes(1)) < 0) {
      return number(Math.round(duration.toMillis() / 10.0) / 100.0) + " s";
    }
    String text = "";
    if (duration.toDays() > 0) {
      text = text + duration.toDays() + " d ";
    }
    if (duration.toHoursPart() > 0) {
      text = text + duration.toHoursPart() + " h ";
    }
    if (duration.toDays() == 0 && duration.toMinutesPart() > 0) {
      text = text + duration.toMinutesPart() + " min ";
    }
    if (duration.toHours() == 0 && duration.toSecondsPart() > 0) {
      text = text + duration.toSecondsPart() + " s ";
    }
    return text.strip();
  }

  /** Empty while one of the two is not known. */
  public static String between(@Nullable Instant start, @Nullable Instant end) {
    return start == null || end == null ? "" : duration(Duration.between(start, end));
  }

  public static String localTime(Instant instant) {
    return LOCAL_TIME.format(instant.atZone(ZoneId.systemDefault()));
  }

  public static String keyValues(Parameters parameters) {
    return parameters.values().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** {@code ot2-a}, or {@code a centrifuge}. */
  public static String equipment(String need) {
    return need.startsWith(LeaseSpan.ROBOT)
        ? need.substring(LeaseSpan.ROBOT.length())
        : (need.startsWith("i") ? "an " : "a ") + need;
  }
}

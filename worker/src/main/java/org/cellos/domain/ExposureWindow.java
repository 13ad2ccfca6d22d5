package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a step may begin, counted from the end of an earlier one. Stored in history: only ever add
 * optional fields.
 *
 * @param sinceStep index of the earlier step
 * @param atLeastMinutes must have passed before it begins; null for no such limit
 * @param atMostMinutes may have passed when it begins; null for no such limit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExposureWindow(
    int sinceStep, @Nullable Double atLeastMinutes, @Nullable Double atMostMinutes) {

  public ExposureWindow {
    if (sinceStep < 0) {
      throw new IllegalArgumentException("since_step must be 0 or more, not " + sinceStep);
    }
    if (atLeastMinutes == null && atMostMinutes == null) {
      throw new IllegalArgumentException("a window needs at_least_minutes or at_most_minutes");
    }
    if (atLeastMinutes != null && atMostMinutes != null && atLeastMinutes > atMostMinutes) {
      throw new IllegalArgumentException(
          "at_least_minutes " + atLeastMinutes + " is more than at_most_minutes " + atMostMinutes);
    }
  }

  /** When the step may begin. */
  public Optional<Instant> earliest(Instant since, double speedUp) {
    return after(since, atLeastMinutes, speedUp);
  }

  /** When it must have begun. */
  public Optional<Instant> latest(Instant since, double speedUp) {
    return after(since, atMostMinutes, speedUp);
  }

  /** At most so many minutes; as many as there can be where there is no such limit. */
  public double mostMinutes() {
    return atMostMinutes == null ? Minutes.MOST : atMostMinutes;
  }

  /** What it asks for, as a part of a sentence: {@code 4 to 8 min}. */
  public String inWords() {
    if (atLeastMinutes == null) {
      return "within " + Minutes.inWords(mostMinutes());
    }
    return atMostMinutes == null
        ? "at least " + Minutes.inWords(atLeastMinutes)
        : Minutes.plain(atLeastMinutes) + " to " + Minutes.inWords(atMostMinutes);
  }

  private static Optional<Instant> after(Instant since, @Nullable Double minutes, double speedUp) {
    if (minutes == null) {
      return Optional.empty();
    }
    Duration realTime = Minutes.toDuration(minutes);
    return Optional.of(since.plusMillis(Math.round(realTime.toMillis() / speedUp)));
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A volume of liquid, exact to the nanolitre.
 *
 * <p>Counted in whole nanolitres so that contents add up without rounding error. Written to JSON as
 * millilitres. Range: 0 to 1,000 litres.
 *
 * @param nanolitres 0 to 10^12
 */
public record Volume(long nanolitres) implements Comparable<Volume> {
  public static final Volume ZERO = new Volume(0);

  private static final long MAX_NANOLITRES = 1_000_000_000_000L;
  private static final int NANOLITRE_DIGITS = 6;

  public Volume {
    if (nanolitres < 0 || nanolitres > MAX_NANOLITRES) {
      throw new IllegalArgumentException(
          "volume_ml must be from 0 to 1,000,000 mL, not "
              + BigDecimal.valueOf(nanolitres, NANOLITRE_DIGITS).toPlainString());
    }
  }

  /**
   * @param millilitres finite, 0 to 1,000,000; rounded half up to the nanolitre
   * @throws IllegalArgumentException if it is not
   */
  @JsonCreator
  public static Volume ofMillilitres(double millilitres) {
    if (!(millilitres >= 0 && millilitres <= 1_000_000)) {
      throw new IllegalArgumentException(
          "volume_ml must be from 0 to 1,000,000 mL, not " + millilitres);
    }
    return new Volume(
        BigDecimal.valueOf(millilitres)
            .movePointRight(NANOLITRE_DIGITS)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact());
  }

  @JsonValue
  public double millilitres() {
    return BigDecimal.valueOf(nanolitres, NANOLITRE_DIGITS).doubleValue();
  }

  public Volume plus(Volume other) {
    return new Volume(Math.addExact(nanolitres, other.nanolitres));
  }

  /**
   * @throws IllegalArgumentException if {@code other} is larger
   */
  public Volume minus(Volume other) {
    return new Volume(Math.subtractExact(nanolitres, other.nanolitres));
  }

  /** Scales and rounds to the microlitre: no pipette in a culture hood sets a finer volume. */
  public Volume scaledBy(double factor) {
    return new Volume(
        BigDecimal.valueOf(nanolitres)
            .multiply(BigDecimal.valueOf(factor))
            .movePointLeft(3)
            .setScale(0, RoundingMode.HALF_UP)
            .movePointRight(3)
            .longValueExact());
  }

  /** One part of {@code parts} equal ones, rounded down to the nanolitre. */
  public Volume dividedBy(int parts) {
    return new Volume(nanolitres / parts);
  }

  public Volume min(Volume other) {
    return compareTo(other) <= 0 ? this : other;
  }

  public boolean isZero() {
    return nanolitres == 0;
  }

  public boolean isMoreThan(Volume other) {
    return nanolitres > other.nanolitres;
  }

  @Override
  public int compareTo(Volume other) {
    return Long.compare(nanolitres, other.nanolitres);
  }

  /** Millilitres with at least one decimal and no exponent, for example {@code 15.0}. */
  public String inMillilitres() {
    BigDecimal value = BigDecimal.valueOf(nanolitres, NANOLITRE_DIGITS).stripTrailingZeros();
    return value.setScale(Math.max(1, value.scale())).toPlainString();
  }

  @Override
  public String toString() {
    return inMillilitres() + " mL";
  }
}

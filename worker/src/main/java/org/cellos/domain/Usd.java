package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * An amount of money in US dollars, kept to the millionth of a dollar: unit prices of tips are
 * fractions of a cent.
 *
 * @param amount not negative
 */
public record Usd(BigDecimal amount) {
  public static final Usd ZERO = new Usd(BigDecimal.ZERO);

  private static final int DIGITS = 6;

  public Usd {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("an amount of money must not be negative: " + amount);
    }
    amount = amount.setScale(DIGITS, RoundingMode.HALF_UP);
  }

  @JsonCreator
  public static Usd of(double amount) {
    return new Usd(BigDecimal.valueOf(amount));
  }

  @JsonValue
  public double toDouble() {
    return amount.doubleValue();
  }

  public Usd plus(Usd other) {
    return new Usd(amount.add(other.amount));
  }

  /** Rounded to the millionth of a dollar once, after the multiplication. */
  public Usd times(double quantity) {
    return new Usd(amount.multiply(BigDecimal.valueOf(quantity)));
  }

  /** Two decimals, as people write money: {@code $28.23}. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "$%,.2f", amount);
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * A temperature in degrees Celsius.
 *
 * @param celsius -200 (liquid nitrogen) to 150 (above any autoclave)
 */
public record Temperature(@JsonValue double celsius) {
  @JsonCreator
  public Temperature {
    if (!(celsius >= -200 && celsius <= 150)) {
      throw new IllegalArgumentException(
          "temperature_c must be from -200 to 150 °C, not " + celsius);
    }
  }

  @Override
  public String toString() {
    return celsius + " °C";
  }
}

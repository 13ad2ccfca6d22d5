package org.cellos.domain;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads the words of an enum, and names them all when it is given another. */
final class WireValues {
  private WireValues() {}

  static <E extends Enum<E>> E parse(Class<E> type, Function<E, String> wireValue, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> wireValue.apply(constant).equals(value))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + value
                        + "' is not one of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(wireValue)
                            .collect(Collectors.joining(", "))));
  }
}

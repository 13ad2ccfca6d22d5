package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The named values of a unit operation, a result or an execution's metadata: JSON, held immutably.
 *
 * <p>A value is text, a truth value, a whole number ({@code Long}), a finite decimal number ({@code
 * Double}), a list or a map of these. An unknown value is absent: null is refused, and the typed
 * accessors throw instead of inventing a zero. Keys carry their unit ({@code volume_ml}, {@code
 * minutes}, {@code temperature_c}, {@code g_force}).
 *
 * @param values keys in their given order
 */
public record Parameters(@JsonValue Map<String, Object> values) {
  private static final Parameters NONE = new Parameters(Map.of());

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Parameters {
    values = copyMap("", values);
  }

  public static Parameters none() {
    return NONE;
  }

  public static Parameters of(Map<String, ?> values) {
    return new Parameters(new LinkedHashMap<>(values));
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** These values, with {@code key} added or replaced. */
  public Parameters with(String key, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(values);
    copy.put(key, value);
    return new Parameters(copy);
  }

  /**
   * @throws ParameterException if absent or not text
   */
  public String text(String key) {
    if (required(key) instanceof String text) {
      return text;
    }
    throw wrongKind(key, "text");
  }

  /** The texts of a list; empty where it is absent. */
  public List<String> texts(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (!(required(key) instanceof List<?> list)) {
      throw wrongKind(key, "a list");
    }
    return list.stream().map(String::valueOf).toList();
  }

  /**
   * @throws ParameterException if absent or not a list of maps
   */
  public List<Parameters> maps(String key) {
    if (!(required(key) instanceof List<?> list)) {
      throw wrongKind(key, "a list");
    }
    List<Parameters> maps = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> map)) {
        throw wrongKind(key, "a list of maps");
      }
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((name, value) -> values.put(String.valueOf(name), value));
      maps.add(new Parameters(values));
    }
    return maps;
  }

  public Optional<String> optionalText(String key) {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  /**
   * @throws ParameterException if absent or not a number
   */
  public double number(String key) {
    if (required(key) instanceof Number number) {
      return number.doubleValue();
    }
    throw wrongKind(key, "a number");
  }

  /**
   * @throws ParameterException if absent or not a volume in millilitres
   */
  public Volume volume(String key) {
    try {
      return Volume.ofMillilitres(number(key));
    } catch (ParameterException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(key + " is out of range: " + e.getMessage(), e);
    }
  }

  /**
   * A length of time given in minutes.
   *
   * @throws ParameterException if absent, negative or not a number
   */
  public Duration minutes(String key) {
    double minutes = number(key);
    if (!(minutes >= 0 && minutes <= Minutes.MOST)) {
      throw new ParameterException(
          key + " must be from 0 to " + Minutes.MOST + " minutes, not " + minutes);
    }
    return Minutes.toDuration(minutes);
  }

  /**
   * @throws ParameterException if absent or out of range
   */
  public Temperature temperature(String key) {
    double celsius = number(key);
    try {
      return new Temperature(celsius);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(key + " is out of range: " + e.getMessage(), e);
    }
  }

  /**
   * The volumes in a map such as {@code contents_before}, in their order.
   *
   * @throws ParameterException if absent or not a map of millilitres
   */
  public Map<String, Volume> volumes(String key) {
    if (!(required(key) instanceof Map<?, ?> map)) {
      throw wrongKind(key, "a map of volumes in mL");
    }
    Map<String, Volume> volumes = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (!(value instanceof Number number)) {
            throw wrongKind(key, "a map of volumes in mL");
          }
          volumes.put(String.valueOf(name), Volume.ofMillilitres(number.doubleValue()));
        });
    return volumes;
  }

  private Object required(String key) {
    Object value = values.get(key);
    if (value == null) {
      throw new ParameterException("the parameter " + key + " is missing");
    }
    return value;
  }

  private ParameterException wrongKind(String key, String expected) {
    return new ParameterException(
        "the parameter " + key + " must be " + expected + ", not " + values.get(key));
  }

  private static Map<String, Object> copyMap(String path, Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String name)) {
            throw new ParameterException(
                "the key " + key + (path.isEmpty() ? "" : " in " + path) + " must be text");
          }
          copy.put(name, copyValue(path.isEmpty() ? name : path + "." + name, value));
        });
    return Collections.unmodifiableMap(copy);
  }

  private static Object copyValue(String path, @Nullable Object value) {
    if (value == null) {
      throw new ParameterException(
          "the parameter " + path + " is null: leave it out where it is not known");
    }
    if (value instanceof String || value instanceof Boolean || value instanceof Long) {
      return value;
    }
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return ((Number) value).longValue();
    }
    if (value instanceof Double || value instanceof Float || value instanceof BigDecimal) {
      double number = ((Number) value).doubleValue();
      if (!Double.isFinite(number)) {
        throw new ParameterException("the parameter " + path + " is not a finite number");
      }
      return number;
    }
    if (value instanceof Volume volume) {
      return volume.millilitres();
    }
    if (value instanceof List<?> list) {
      List<Object> copy = new ArrayList<>(list.size());
      for (int i = 0; i < list.size(); i++) {
        copy.add(copyValue(path + "[" + i + "]", list.get(i)));
      }
      return Collections.unmodifiableList(copy);
    }
    if (value instanceof Map<?, ?> map) {
      return copyMap(path, map);
    }
    throw new ParameterException(
        "the parameter "
            + path
            + " has the type "
            + value.getClass().getName()
            + ": use text, numbers, true or false, lists and maps");
  }
}

package org.cellos.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.json.Json;
import org.jspecify.annotations.Nullable;

/** Reads the JSON columns, those of other programs too: whatever is in them, a list never fails. */
final class StoredJson {
  private StoredJson() {}

  /**
   * The values of an object, without the nulls that {@link Parameters} refuses. Anything else is
   * kept readable under {@code text}.
   */
  static Parameters read(@Nullable String stored) {
    if (stored == null || stored.isBlank()) {
      return Parameters.none();
    }
    try {
      Object value = Json.mapper().readValue(stored, Object.class);
      if (value == null) {
        return Parameters.none();
      }
      if (value instanceof Map<?, ?> object) {
        return new Parameters(withoutNulls(object));
      }
      return text(value instanceof String text ? text : stored);
    } catch (JsonProcessingException | ParameterException e) {
      return text(stored);
    }
  }

  private static Parameters text(String text) {
    return Parameters.of(Map.of("text", text));
  }

  private static Map<String, Object> withoutNulls(Map<?, ?> object) {
    Map<String, Object> kept = new LinkedHashMap<>();
    object.forEach(
        (key, value) -> {
          if (value != null) {
            kept.put(String.valueOf(key), withoutNulls(value));
          }
        });
    return kept;
  }

  private static Object withoutNulls(Object value) {
    if (value instanceof Map<?, ?> object) {
      return withoutNulls(object);
    }
    if (value instanceof List<?> list) {
      return list.stream().filter(Objects::nonNull).map(StoredJson::withoutNulls).toList();
    }
    return value;
  }
}

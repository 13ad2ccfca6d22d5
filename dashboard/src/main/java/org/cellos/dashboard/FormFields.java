package org.cellos.dashboard;

import jakarta.ws.rs.core.MultivaluedMap;
import org.jspecify.annotations.Nullable;

/** What a form has sent. A field that is empty counts as not given. */
record FormFields(MultivaluedMap<String, String> fields) {

  @Nullable String text(String name) {
    @Nullable String value = fields.getFirst(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  String orEmpty(String name) {
    @Nullable String value = text(name);
    return value == null ? "" : value;
  }

  boolean isTicked(String name) {
    return text(name) != null;
  }

  /**
   * @throws RequestException if it is missing or no number from 0
   */
  int requiredIndex(String name) {
    int index = index(name, text(name), -1);
    if (index < 0) {
      throw RequestException.badRequest(name, "'" + name + "' is missing.");
    }
    return index;
  }

  /**
   * @throws RequestException if it is no number
   */
  @Nullable Double number(String name) {
    @Nullable String value = text(name);
    if (value == null) {
      return null;
    }
    try {
      double number = Double.parseDouble(value);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The same to people.
    }
    throw RequestException.badRequest(name, name + " must be a number, not '" + value + "'.");
  }

  static int index(String name, @Nullable String value, int otherwise) {
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,6}")) {
      throw RequestException.badRequest(
          name, name + " must be a number from 0, not '" + value + "'.");
    }
    return Integer.parseInt(value);
  }
}

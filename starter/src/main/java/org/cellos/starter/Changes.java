package org.cellos.starter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Parameters;
import org.cellos.protocol.NearestName;

/** Reads changed parameters as people type them. */
final class Changes {
  private Changes() {}

  /**
   * @param texts such as {@code volume_ml=12.5}
   * @param known the step's parameters, whose kinds the new values take
   */
  static Parameters of(List<String> texts, Parameters known) {
    Map<String, Object> changes = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new CommandException(
            ExitCode.BAD_INPUT, "'" + text + "' is no KEY=VALUE, such as volume_ml=12.5.");
      }
      String key = text.substring(0, equals).strip();
      Object former = known.values().get(key);
      if (former == null) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "The step has no parameter '"
                + key
                + "'."
                + NearestName.of(key, known.values().keySet())
                    .map(name -> " Did you mean '" + name + "'?")
                    .orElse(" It has " + String.join(", ", known.values().keySet()) + "."));
      }
      changes.put(key, value(key, text.substring(equals + 1).strip(), former));
    }
    return new Parameters(changes);
  }

  private static Object value(String key, String text, Object former) {
    if (former instanceof Number) {
      try {
        return Double.valueOf(text);
      } catch (NumberFormatException e) {
        throw new CommandException(
            ExitCode.BAD_INPUT, key + " is a number (now " + former + "), not '" + text + "'.", e);
      }
    }
    return former instanceof Boolean ? (Object) Boolean.valueOf(text) : text;
  }
}

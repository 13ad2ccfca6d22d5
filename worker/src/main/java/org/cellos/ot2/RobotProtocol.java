package org.cellos.ot2;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;

/**
 * A Python protocol and the robot that is to play it.
 *
 * @param robot its id in the configuration
 * @param fileName fixed for a step, since the robot knows a protocol again by name and content
 * @param source Python
 * @param apiMajor of the API level that the source asks for
 * @param apiMinor of the API level that the source asks for
 * @param runTimeParameters values of those that the source declares, by variable name; what is not
 *     in it has the source's default
 */
record RobotProtocol(
    String robot,
    String fileName,
    String source,
    int apiMajor,
    int apiMinor,
    Map<String, Object> runTimeParameters) {
  private static final String RUN_TIME_PARAMETERS = "run_time_parameters";

  /** The first API level with run-time parameters. */
  private static final int PARAMETERS_SINCE_MINOR = 18;

  /** As large as an upload may be; the robot's own limit is not documented. */
  private static final int MOST_CHARACTERS = 1_000_000;

  RobotProtocol {
    runTimeParameters = Map.copyOf(runTimeParameters);
  }

  /**
   * @throws ParameterException naming what is missing or wrong
   */
  static RobotProtocol of(Parameters parameters) {
    String fileName = parameters.text("file_name");
    if (!fileName.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,99}\\.py")) {
      throw new ParameterException(
          "file_name must be letters, digits, _ and - with the end .py, not '" + fileName + "'");
    }
    String source = parameters.text("protocol");
    if (source.isBlank() || source.length() > MOST_CHARACTERS) {
      throw new ParameterException(
          "protocol must be a Python protocol of at most " + MOST_CHARACTERS + " characters");
    }
    String level = parameters.text("api_level");
    if (!level.matches("[0-9]{1,3}\\.[0-9]{1,3}")) {
      throw new ParameterException("api_level must be like 2.15, not '" + level + "'");
    }
    int dot = level.indexOf('.');
    int major = Integer.parseInt(level.substring(0, dot));
    int minor = Integer.parseInt(level.substring(dot + 1));
    Map<String, Object> values = runTimeParameters(parameters);
    if (!values.isEmpty() && major == 2 && minor < PARAMETERS_SINCE_MINOR) {
      throw new ParameterException(
          RUN_TIME_PARAMETERS
              + " need an api_level of 2."
              + PARAMETERS_SINCE_MINOR
              + " or more, not "
              + level);
    }
    return new RobotProtocol(parameters.text("robot"), fileName, source, major, minor, values);
  }

  private static Map<String, Object> runTimeParameters(Parameters parameters) {
    if (!parameters.has(RUN_TIME_PARAMETERS)) {
      return Map.of();
    }
    if (!(parameters.values().get(RUN_TIME_PARAMETERS) instanceof Map<?, ?> given)) {
      throw new ParameterException(RUN_TIME_PARAMETERS + " must be keys with values");
    }
    Map<String, Object> values = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          boolean isScalar =
              value instanceof Number || value instanceof Boolean || value instanceof String;
          if (!isScalar || !String.valueOf(name).matches("[A-Za-z_][A-Za-z0-9_]{0,99}")) {
            throw new ParameterException(
                RUN_TIME_PARAMETERS
                    + ": '"
                    + name
                    + "' must be the variable name of a parameter, with a number, a text, true or"
                    + " false");
          }
          values.put(String.valueOf(name), value);
        });
    return values;
  }
}

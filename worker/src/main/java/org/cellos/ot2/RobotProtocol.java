package org.cellos.ot2;

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
 */
record RobotProtocol(String robot, String fileName, String source, int apiMajor, int apiMinor) {
  /** As large as an upload may be; the robot's own limit is not documented. */
  private static final int MOST_CHARACTERS = 1_000_000;

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
    return new RobotProtocol(
        parameters.text("robot"),
        fileName,
        source,
        Integer.parseInt(level.substring(0, dot)),
        Integer.parseInt(level.substring(dot + 1)));
  }
}

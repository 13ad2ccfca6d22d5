package org.cellos.ot2.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a protocol would do, found by looking at its lines: no Python is run, so loops and
 * calculations are not seen. Every statement of {@code run} that calls a pipette, or comments, is
 * one command.
 *
 * @param commands in order
 * @param pipettes that it loads, by mount
 * @param errors why it cannot be performed; empty if it can
 */
record FakeAnalysis(List<FakeCommand> commands, Map<String, String> pipettes, List<String> errors) {
  private static final Pattern API_LEVEL =
      Pattern.compile("[\"']apiLevel[\"']\\s*:\\s*[\"'](\\d+)\\.(\\d+)[\"']");
  private static final Pattern PIPETTE =
      Pattern.compile("load_instrument\\(\\s*[\"'](\\w+)[\"']\\s*,\\s*[\"'](\\w+)[\"']");
  private static final Pattern LABWARE = Pattern.compile("load_labware\\(\\s*[\"']([^\"']*)[\"']");
  private static final Pattern CALL =
      Pattern.compile(
          "^\\s+(\\w+)\\.(pick_up_tip|drop_tip|return_tip|aspirate|dispense|air_gap|blow_out"
              + "|touch_tip|mix|move_to|comment|delay|home)\\((.*)$");
  private static final Pattern VOLUME = Pattern.compile("^\\s*(\\d+(?:\\.\\d+)?)");
  private static final Pattern PLACE = Pattern.compile("(\\w+)\\[[\"']([A-P]\\d{1,2})[\"']\\]");

  private static final Pattern TEXT = Pattern.compile("^\\s*[\"']([^\"']*)[\"']");

  static final int MOST_MAJOR = 2;
  static final int MOST_MINOR = 20;

  /** The values that a protocol cannot take: those of parameters that it does not declare. */
  static List<String> wrongParameters(String source, JsonNode parameters) {
    List<String> wrong = new ArrayList<>();
    parameters
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!source.contains("variable_name=\"" + name + "\"")) {
                wrong.add("Parameter " + name + " is not defined for the protocol.");
              }
            });
    return wrong;
  }

  static FakeAnalysis of(String source, JsonNode parameters) {
    List<FakeCommand> commands = new ArrayList<>();
    Map<String, String> pipettes = new LinkedHashMap<>();
    List<String> errors = wrongParameters(source, parameters);
    Matcher level = API_LEVEL.matcher(source);
    if (!level.find()) {
      errors.add("The protocol names no apiLevel.");
    } else if (Integer.parseInt(level.group(1)) != MOST_MAJOR
        || Integer.parseInt(level.group(2)) > MOST_MINOR) {
      errors.add("API version " + level.group(1) + "." + level.group(2) + " is not supported.");
    }
    if (!source.contains("def run(")) {
      errors.add("No run function is defined.");
    }
    for (String line : source.lines().toList()) {
      Matcher labware = LABWARE.matcher(line);
      if (labware.find() && !labware.group(1).matches("[a-z0-9_.]+")) {
        errors.add("Unable to find a labware definition for \"" + labware.group(1) + "\".");
      }
      Matcher pipette = PIPETTE.matcher(line);
      if (pipette.find()) {
        pipettes.put(pipette.group(2), pipette.group(1));
      }
      if (line.strip().startsWith("raise ")) {
        errors.add("ExceptionInProtocolError: " + line.strip());
      }
      Matcher call = CALL.matcher(line);
      if (call.find()) {
        commands.add(command(call.group(2), call.group(3)));
      }
    }
    return new FakeAnalysis(commands, pipettes, errors);
  }

  private static FakeCommand command(String function, String arguments) {
    boolean movesLiquid = List.of("aspirate", "dispense", "air_gap").contains(function);
    Matcher volume = VOLUME.matcher(arguments);
    Matcher place = PLACE.matcher(arguments);
    boolean isPlaced = place.find();
    return new FakeCommand(
        type(function),
        movesLiquid && volume.find() ? Double.valueOf(volume.group(1)) : null,
        isPlaced ? place.group(2) : null,
        isPlaced ? place.group(1) : null,
        function.equals("comment") ? message(arguments) : null);
  }

  private static String message(String arguments) {
    Matcher text = TEXT.matcher(arguments);
    return text.find() ? text.group(1) : arguments;
  }

  private static String type(String function) {
    return switch (function) {
      case "pick_up_tip" -> "pickUpTip";
      case "drop_tip", "return_tip" -> "dropTip";
      case "air_gap" -> "aspirateInPlace";
      case "blow_out" -> "blowout";
      case "touch_tip" -> "touchTip";
      case "move_to" -> "moveToWell";
      case "delay" -> "waitForDuration";
      default -> function;
    };
  }
}

package org.cellos.ot2;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether what answers at a robot's address is the robot that its administrator described. */
final class RobotCheck {
  private RobotCheck() {}

  /**
   * @return what is wrong and what to do, in one sentence; empty if nothing is
   */
  static Optional<String> problem(
      RobotSetup robot, RobotProtocol protocol, RobotHealth health, Ot2Client client)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    Optional<String> problem = ofHealth(robot, health).or(() -> ofLevel(robot, protocol, health));
    return problem.isPresent() ? problem : ofMounted(robot, client.pipettes(), client.modules());
  }

  static Optional<String> ofHealth(RobotSetup robot, RobotHealth health) {
    String at = "At " + robot.address() + " is ";
    if (!health.model().startsWith("OT-2")) {
      return Optional.of(
          at + "a " + health.model() + ", not an OT-2: correct the address of " + robot.id() + ".");
    }
    if (robot.serial().isPresent() && !robot.serial().equals(health.serial())) {
      return Optional.of(
          at
              + "the robot with the serial number "
              + health.serial().orElse("(none)")
              + ", and "
              + robot.id()
              + " is "
              + robot.serial().get()
              + ": correct the address or the serial number.");
    }
    return Optional.empty();
  }

  private static Optional<String> ofLevel(
      RobotSetup robot, RobotProtocol protocol, RobotHealth health) {
    if (!health.performs(protocol.apiMajor(), protocol.apiMinor())) {
      return Optional.of(
          "The robot "
              + robot.id()
              + " performs protocols up to API level "
              + health.mostApiMajor()
              + "."
              + health.mostApiMinor()
              + ", and this one asks for "
              + protocol.apiMajor()
              + "."
              + protocol.apiMinor()
              + ": update the robot.");
    }
    return Optional.empty();
  }

  static Optional<String> ofMounted(
      RobotSetup robot, Map<String, String> pipettes, List<String> modules) {
    for (Map.Entry<String, String> wanted : robot.pipettes().entrySet()) {
      String found = pipettes.get(wanted.getKey());
      if (!wanted.getValue().equals(found)) {
        return Optional.of(
            "The robot "
                + robot.id()
                + " has "
                + (found == null ? "no pipette" : found)
                + " on its "
                + wanted.getKey()
                + " mount, and its configuration says "
                + wanted.getValue()
                + ": attach it, or correct the configuration.");
      }
    }
    for (String wanted : robot.modules()) {
      if (!modules.contains(wanted)) {
        return Optional.of(
            "The robot "
                + robot.id()
                + " lacks the module "
                + wanted
                + " (it has "
                + (modules.isEmpty() ? "none" : String.join(", ", modules))
                + "): connect and switch it on, or correct the configuration.");
      }
    }
    return Optional.empty();
  }
}

package org.cellos.ot2.fake;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a fake robot is like.
 *
 * @param folder what it keeps when the power fails, and its witness log {@code witness.jsonl}
 * @param port 0 for any free one
 * @param perCommand how long a command takes
 * @param boot how long it does not answer sensibly after the power was cut
 * @param model what it says it is
 * @param serial what it says its number is
 * @param pipettes names by mount
 * @param modules models
 */
public record FakeRobotOptions(
    Path folder,
    int port,
    Duration perCommand,
    Duration boot,
    String model,
    String serial,
    Map<String, String> pipettes,
    List<String> modules) {

  public FakeRobotOptions {
    pipettes = Map.copyOf(pipettes);
    modules = List.copyOf(modules);
  }

  /** An OT-2 with an 8-channel and a single-channel pipette, and no modules. */
  public static FakeRobotOptions in(Path folder) {
    return new FakeRobotOptions(
        folder,
        0,
        Duration.ofMillis(50),
        Duration.ofMillis(500),
        "OT-2 Standard",
        "FAKE",
        Map.of("left", "p300_multi_gen2", "right", "p1000_single_gen2"),
        List.of());
  }

  public FakeRobotOptions onPort(int newPort) {
    return new FakeRobotOptions(
        folder, newPort, perCommand, boot, model, serial, pipettes, modules);
  }

  public FakeRobotOptions taking(Duration newPerCommand) {
    return new FakeRobotOptions(
        folder, port, newPerCommand, boot, model, serial, pipettes, modules);
  }

  public FakeRobotOptions with(Map<String, String> newPipettes, List<String> newModules) {
    return new FakeRobotOptions(
        folder, port, perCommand, boot, model, serial, newPipettes, newModules);
  }

  public FakeRobotOptions saying(String newModel, String newSerial) {
    return new FakeRobotOptions(
        folder, port, perCommand, boot, newModel, newSerial, pipettes, modules);
  }
}

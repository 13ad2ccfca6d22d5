package org.cellos.deck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.Profile;
import org.cellos.domain.Step;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.protocol.RobotsFile;

/** A robot with everything for three kinds of plates. */
final class Decks {
  static final String YAML =
      """
      development: true
      robots:
        ot2-a:
          address: http://127.0.0.1:31950
          pipettes: {left: p300_multi_gen2, right: p1000_single_gen2}
          deck:
            tips:
              - {slot: 7, labware: opentrons_96_tiprack_300ul, for: left}
              - {slot: 8, labware: opentrons_96_tiprack_300ul, for: left}
              - {slot: 9, labware: opentrons_96_tiprack_1000ul, for: right}
            plates:
              plate_96well_tc: {slot: 1, labware: corning_96_wellplate_360ul_flat}
              plate_24well: {slot: 2, labware: corning_24_wellplate_3.4ml_flat}
              plate_6well: {slot: 3, labware: corning_6_wellplate_16.8ml_flat}
            reagents:
              mtesr_plus_kit: {slot: 4, labware: nest_12_reservoir_15ml, wells: [A1, A2, A3], volume_ml: 12}
            waste: {slot: 5, labware: nest_1_reservoir_195ml, volume_ml: 150}
      """;

  private Decks() {}

  static RobotsFile.Robot robot(Path folder, String yaml) throws IOException {
    return RobotsFile.read(Files.writeString(folder.resolve("robots.yaml"), yaml))
        .find("ot2-a")
        .orElseThrow();
  }

  /** The liquid steps of a feed of iPSC, as a protocol has them. */
  static List<LiquidStep> feed(String vesselId) {
    return steps(vesselId).stream()
        .map(step -> LiquidStep.of(step, vesselId).orElseThrow())
        .toList();
  }

  /** The same, as the robot does them. */
  static List<LiquidStep> feedBy(RobotsFile.Robot robot, String vesselId) {
    return ResidualVolume.ofRobot(
        steps(vesselId), vesselId, RobotProtocolGenerator.plate(robot, vesselId));
  }

  private static List<Step> steps(String vesselId) {
    return new ProtocolResolver(ProtocolData.load(Optional.empty()))
        .resolve("feed", "iPSC", vesselId, Profile.ORIGINAL).steps().stream()
            .filter(step -> LiquidStep.of(step, vesselId).isPresent())
            .toList();
  }

  static RobotProtocol generate(RobotsFile.Robot robot, String vesselId) {
    return RobotProtocolGenerator.generate(
        robot, "feed " + vesselId, vesselId, feedBy(robot, vesselId), Set.of());
  }
}

package org.cellos.deck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepRole;
import org.cellos.domain.WellProgress;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.protocol.RobotsFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RobotShareTest {
  private static final ProtocolResolver RESOLVER =
      new ProtocolResolver(ProtocolData.load(Optional.empty()));

  private static final String WASH =
      """
      protocol: wash
      cell_line: iPSC
      vessel: plate_24well
      starts_with_ml: 24.0
      steps:
        - {operation: aspirate, volume_ml: 24.0, from: vessel, to: waste}
        - {operation: dispense, reagent: mtesr_plus_kit, volume_ml: 12.0, to: vessel}
        - {operation: aspirate, volume_ml: 12.0, from: vessel, to: waste}
        - {operation: dispense, reagent: mtesr_plus_kit, volume_ml: 24.0, to: vessel}
      """;

  @TempDir private Path folder;
  private RobotsFile.Robot robot;

  @BeforeEach
  void readDeck() throws IOException {
    robot = Decks.robot(folder, Decks.YAML);
  }

  private static ResolvedProtocol feed(String vesselId) {
    return RESOLVER.resolve("feed", "iPSC", vesselId, Profile.ORIGINAL);
  }

  private ResolvedProtocol ofFile(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("own.yaml"), yaml);
    return RESOLVER.resolveFile(file, Optional.empty(), Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"plate_96well_tc", "plate_24well", "plate_6well"})
  void aFeedIsOneStepOfTheRobotBetweenTwoOfAPerson(String vesselId) {
    ResolvedProtocol whole = feed(vesselId);

    RobotShare share = RobotShare.of(whole, robot);

    assertThat(share.protocol().steps())
        .extracting(Step::operationType)
        .containsExactly("carry", "robot_protocol", "carry");
    assertThat(share.protocol().steps()).extracting(Step::stepIndex).containsExactly(0, 1, 2);
    assertThat(share.byRobot()).hasSize(1);
    assertThat(share.byPerson()).hasSize(2);
    assertThat(share.byPerson().get(0))
        .contains("Take the lid off " + vesselId, "fresh tips", "mtesr_plus_kit", "of waste");
    Parameters robots = share.protocol().steps().get(1).unitOp().parameters();
    assertThat(robots.text("protocol"))
        .isEqualTo(
            RobotProtocolGenerator.generate(
                    robot, "feed " + vesselId, vesselId, Decks.feedBy(robot, vesselId), Set.of())
                .source());
    assertThat(share.protocol().materialCostUsd()).isEqualTo(whole.materialCostUsd());
    assertThat(share.protocol().steps().get(1).unitOp().items())
        .containsExactlyElementsOf(
            whole.steps().stream().flatMap(step -> step.unitOp().items().stream()).toList());
    assertThat(share.protocol().durationMinutes()).isEqualTo(whole.durationMinutes() + 2);
  }

  @ParameterizedTest
  @CsvSource({
    "plate_96well_tc, 19, 131.0",
    "plate_24well, 104, 896.0",
    "plate_6well, 494, 2506.0",
  })
  void whatATipDoesNotReachStaysAndIsNotBroughtAgain(String vesselId, double stays, double moved) {
    Step step = RobotShare.of(feed(vesselId), robot).protocol().steps().get(1);

    assertThat(step.unitOp().parameters().maps("liquid_steps"))
        .extracting(liquid -> liquid.number("volume_per_well_ul"))
        .containsExactly(moved, moved);
    assertThat(step.name())
        .contains(
            String.format(
                Locale.ROOT, "[%.3f mL of each well, %.3f mL stay]; ", moved / 1000, stays / 1000))
        .endsWith(String.format(Locale.ROOT, "[%.3f mL into each well]", moved / 1000));
  }

  @Test
  void howMuchStaysIsTheLaboratorysToSayAndTheTipStaysAboveIt() throws IOException {
    robot = Decks.robot(folder, Decks.YAML.replace("3.4ml_flat", "3.4ml_flat, residual_ul: 200"));
    assertThat(robotStep("plate_24well").maps("liquid_steps").get(0).number("volume_per_well_ul"))
        .isEqualTo(800.0);
    // 200 µL over 207.55 mm².
    assertThat(robotStep("plate_24well").text("protocol")).contains("bottom(0.96)");

    robot = Decks.robot(folder, Decks.YAML.replace("3.4ml_flat", "3.4ml_flat, residual_ul: 50"));
    assertThat(robotStep("plate_24well").maps("liquid_steps").get(0).number("volume_per_well_ul"))
        .isEqualTo(950.0);
    assertThat(robotStep("plate_24well").text("protocol")).contains("bottom(0.50)");
  }

  @Test
  void ofAWashThePartsThatAreNotExchangedAreAsTheProtocolSays() throws IOException {
    ResolvedProtocol wash = ofFile(WASH);

    assertThat(volumes(RobotShare.of(wash, robot)))
        // 1.0 mL in each well: all but what stays; wash on and off; medium for what is not there.
        .containsExactly(896.0, 500.0, 500.0, 896.0);
    assertThat(
            volumes(
                RobotShare.of(
                    ofFile(WASH.replace("24.0, to: vessel}", "6.0, to: vessel}")), robot)))
        .as("another volume than before is brought as it is asked for")
        .containsExactly(896.0, 500.0, 500.0, 250.0);
    assertThat(
            volumes(
                RobotShare.of(
                    ofFile(WASH.replace("volume_ml: 24.0, from", "volume_ml: 12.0, from")), robot)))
        .as("what is not emptied loses what is asked for")
        .startsWith(500.0, 500.0);
  }

  @Test
  void whatStayedIsStillThereAfterAPauseOfTheRobot() throws IOException {
    ResolvedProtocol fed =
        ofFile(
            """
            protocol: slow
            cell_line: iPSC
            vessel: plate_24well
            starts_with_ml: 24.0
            steps:
              - {operation: aspirate, volume_ml: 24.0, from: vessel, to: waste}
              - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37.0}
              - {operation: dispense, reagent: mtesr_plus_kit, volume_ml: 24.0, to: vessel}
            """);

    List<Step> steps = RobotShare.of(fed, robot).protocol().steps();

    assertThat(steps.get(1).name()).endsWith("[0.896 mL of each well, 0.104 mL stay]");
    assertThat(steps.get(5).name()).endsWith("[0.896 mL into each well]");
    assertThat(RobotShare.inOne(fed, robot).steps())
        .extracting(LiquidStep::microlitresPerWell)
        .containsExactly(896.0, 896.0);
  }

  @Test
  void whereNothingCanBeTakenItIsSaid() throws IOException {
    robot = Decks.robot(folder, Decks.YAML.replace("3.4ml_flat", "3.4ml_flat, residual_ul: 1000"));

    assertThatThrownBy(() -> RobotShare.of(feed("plate_24well"), robot))
        .isInstanceOf(DeckException.class)
        .hasMessage(
            "Nothing can be taken in step 1.1: each well of plate_24well holds 1.000 mL, and 1.000"
                + " mL stay in it (residual_ul in robots.yaml).");
  }

  private static List<Double> volumes(RobotShare share) {
    return share.protocol().steps().get(1).unitOp().parameters().maps("liquid_steps").stream()
        .map(liquid -> liquid.number("volume_per_well_ul"))
        .toList();
  }

  @Test
  void whatIsBetweenLiquidStepsStaysWithAPersonAndWindowsCountFromTheSameSteps()
      throws IOException {
    ResolvedProtocol whole =
        ofFile(
            """
            protocol: wash
            cell_line: iPSC
            vessel: plate_24well
            starts_with_ml: 24.0
            steps:
              - {operation: aspirate, volume_ml: 12.0, from: vessel, to: waste}
              - {operation: dispense, reagent: mtesr_plus_kit, volume_ml: 12.0, to: vessel, mark: fed}
              - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37.0}
              - operation: aspirate
                volume_ml: 6.0
                from: vessel
                to: waste
                window:
                  since: fed
                  at_least_minutes: 1
                  at_most_minutes: 60
                  rescue: [{operation: dispense, reagent: mtesr_plus_kit, volume_ml: 1.0, to: vessel}]
            """);

    RobotShare share = RobotShare.of(whole, robot);

    List<Step> steps = share.protocol().steps();
    assertThat(steps)
        .extracting(Step::operationType)
        .containsExactly(
            "carry",
            "robot_protocol",
            "carry",
            "incubate",
            "carry",
            "dispense",
            "robot_protocol",
            "carry");
    assertThat(steps.get(5).role()).isEqualTo(StepRole.RESCUE);
    assertThat(steps.get(6).window()).isNotNull();
    assertThat(steps.get(6).window().sinceStep()).as("the robot's first step").isEqualTo(1);
    assertThat(share.byRobot()).hasSize(2);
  }

  @Test
  void aPlateWithOtherWellsOnTheDeckIsRefused() throws IOException {
    RobotsFile.Robot wrong =
        Decks.robot(
            folder,
            Decks.YAML
                .replace("plate_96well_tc: {slot: 1", "plate_48well: {slot: 1")
                .replace("corning_24_wellplate_3.4ml_flat", "corning_96_wellplate_360ul_flat"));

    assertThatThrownBy(() -> RobotShare.of(feed("plate_24well"), wrong))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining("plate_24well has 24 wells, and corning_96_wellplate_360ul_flat")
        .hasMessageContaining("has 96: correct robots.yaml.");
  }

  @Test
  void whoHasSuchAPlateMayDoIt() throws IOException {
    RobotsFile robots = RobotsFile.read(folder.resolve("robots.yaml"));

    assertThat(RobotShare.candidates(feed("plate_24well"), robots))
        .extracting(RobotsFile.Robot::id)
        .containsExactly("ot2-a");
    assertThat(RobotShare.candidates(feed("plate_12well"), robots)).isEmpty();
    assertThat(RobotShare.candidates(feed("flask_t75"), robots)).isEmpty();
  }

  @Test
  void whatIsShortIsRefusedBeforeAnythingIsStarted() throws IOException {
    RobotsFile.Robot poor = Decks.robot(folder, Decks.YAML.replace("[A1, A2, A3]", "[A1]"));

    assertThatThrownBy(() -> RobotShare.of(feed("plate_24well"), poor))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining("mtesr_plus_kit is short");
    assertThatThrownBy(() -> RobotShare.of(feed("flask_t75"), robot))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining("The vessel flask_t75 is not on the deck of ot2-a");
  }

  @Test
  void againLeavesOutWhatWasBegun() {
    Parameters step = robotStep("plate_24well");
    WellProgress before = new WellProgress(List.of("A1", "B1"), List.of("C1"));

    assertThat(wellsOf(PlateStep.rest(robot, step, before, false)))
        .doesNotContain("A1", "B1", "C1")
        .startsWith("D1")
        .hasSize(21);
    assertThat(wellsOf(PlateStep.rest(robot, step, before, true)))
        .as("it may have gone on")
        .startsWith("A2")
        .hasSize(20);
    WellProgress none = new WellProgress(List.of(), List.of());
    assertThat(PlateStep.rest(robot, step, none, false)).isEqualTo(step);
    assertThat(wellsOf(PlateStep.rest(robot, step, none, true)))
        .as("it may have begun")
        .startsWith("C1")
        .hasSize(22);
  }

  @Test
  void theRestOfARestLeavesOutBothAndTheWholeNothing() {
    Parameters step = robotStep("plate_24well");
    Parameters rest =
        PlateStep.rest(robot, step, new WellProgress(List.of("A1"), List.of("B1")), false);

    Parameters restOfRest =
        PlateStep.rest(robot, rest, new WellProgress(List.of("C1"), List.of()), false);

    assertThat(wellsOf(restOfRest)).startsWith("D1").hasSize(21);
    assertThat(restOfRest.texts("wells_done_before")).containsExactly("A1", "C1");
    assertThat(wellsOf(PlateStep.whole(robot, restOfRest))).startsWith("A1").hasSize(24);
  }

  @Test
  void wellsAreNotMixedUpWithColumns() throws IOException {
    Parameters step = robotStep("plate_96well_tc");
    RobotsFile.Robot other =
        Decks.robot(folder, Decks.YAML.replace("left: p300_multi_gen2", "left: p300_single_gen2"));

    assertThatThrownBy(
            () -> PlateStep.rest(other, step, new WellProgress(List.of("A1"), List.of()), false))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("begun with a pipette of 8 channels, and robots.yaml has one of 1");
  }

  @Test
  void aColumnOfEightChannelsIsLeftOutAsAWhole() {
    WellProgress before = new WellProgress(List.of("A1", "A2"), List.of());

    assertThat(wellsOf(PlateStep.rest(robot, robotStep("plate_96well_tc"), before, false)))
        .startsWith("A3")
        .hasSize(10);
  }

  @Test
  void whereNoWellIsLeftNothingIsPlayed() {
    Parameters step = robotStep("plate_6well");
    WellProgress all = new WellProgress(List.of("A1", "B1", "A2", "B2", "A3"), List.of());

    assertThat(wellsOf(PlateStep.rest(robot, step, all, false))).containsExactly("B3");
    assertThatThrownBy(() -> PlateStep.rest(robot, step, all, true))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining("no well is left for the robot (A1, B1, A2, B2 and A3 are done)");
  }

  @Test
  void aProtocolOfAUsersOwnIsPlayedAsItIs() {
    Parameters own = robotStep("plate_6well");
    Parameters without = Parameters.of(Map.of("robot", "ot2-a", "protocol", own.text("protocol")));

    assertThat(PlateStep.rest(robot, without, new WellProgress(List.of("A1"), List.of()), false))
        .isSameAs(without);
  }

  private Parameters robotStep(String vesselId) {
    return RobotShare.of(feed(vesselId), robot).protocol().steps().get(1).unitOp().parameters();
  }

  /** Those that are marked as begun, in their order. */
  private static List<String> wellsOf(Parameters step) {
    return step.text("protocol")
        .lines()
        .filter(line -> line.contains(" begins\")"))
        .map(line -> line.replaceAll(".*well ([A-P][0-9]+) begins.*", "$1"))
        .toList();
  }
}

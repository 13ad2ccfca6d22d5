package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.ot2.fake.FakeRobot;
import org.cellos.ot2.fake.FakeRobotOptions;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A robot from the command line: looking, performing, stopping. */
class RobotCommandsTest {
  static final String PROTOCOL =
      """
      protocol: robot_feed
      steps:
        - operation: robot_protocol
          parameters:
            robot: ot2-a
            file_name: feed.py
            api_level: "2.15"
            protocol: |
              metadata = {"protocolName": "feed"}
              requirements = {"robotType": "OT-2", "apiLevel": "2.15"}


              def run(protocol):
                  plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "2")
                  tips = protocol.load_labware("opentrons_96_tiprack_300ul", "1")
                  p300 = protocol.load_instrument("p300_multi_gen2", "left", tip_racks=[tips])
                  p300.pick_up_tip()
                  p300.aspirate(100.0, plate["A1"].bottom(1.0))
                  p300.dispense(100.0, plate["A2"].top())
                  p300.drop_tip()
      """;

  @TempDir private Path folder;
  private FakeRobot robot;
  private TestTerminal terminal;

  @BeforeEach
  void switchOn() throws IOException {
    terminal = TestTerminal.in(folder);
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("robot.yaml"), PROTOCOL);
    switchOn(Map.of("left", "p300_multi_gen2"));
  }

  private void switchOn(Map<String, String> pipettes) throws IOException {
    switchOn(pipettes, Duration.ofMillis(20));
  }

  private void switchOn(Map<String, String> pipettes, Duration perCommand) throws IOException {
    robot =
        FakeRobot.start(
            FakeRobotOptions.in(folder.resolve("robot"))
                .taking(perCommand)
                .with(pipettes, List.of()));
    configure("development: true", robot.address().toString());
  }

  private void configure(String first, String address) throws IOException {
    Files.writeString(
        folder.resolve("data/robots.yaml"),
        """
        %s
        robots:
          ot2-a:
            address: %s
            pipettes: {left: p300_multi_gen2}
        """
            .formatted(first, address));
  }

  @AfterEach
  void switchOff() {
    robot.close();
  }

  @Test
  void aRobotThatIsAsConfiguredIsShown() {
    Result result = terminal.cellos("robot check ot2-a");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("a FAKE OT-2 Standard, FAKE-OT2")
        .contains("left p300_multi_gen2")
        .contains("nothing loaded")
        .contains("It is as robots.yaml says.");
  }

  @Test
  void whatIsNotAsConfiguredIsSaidInOneSentence() throws IOException {
    robot.close();
    switchOn(Map.of("left", "p20_single_gen2"));

    Result result = terminal.cellos("robot check ot2-a");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("has p20_single_gen2 on its left mount").hasLineCount(1);
  }

  @Test
  void aRobotThatIsNotThereOrNotKnownIsSaidInOneSentence() {
    robot.close();

    Result absent = terminal.cellos("robot check ot2-a");
    Result unknown = terminal.cellos("robot check ot2-b");

    assertThat(absent.exitCode()).isEqualTo(1);
    assertThat(absent.err())
        .contains("ot2-a is not there")
        .contains("(nobody listens there)")
        .hasLineCount(1);
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("did you mean 'ot2-a'?")
        .doesNotContain("..")
        .hasLineCount(1);
  }

  @Test
  void anAddressOfThisMachineNeedsDevelopmentMode() throws IOException {
    configure("development: false", robot.address().toString());

    Result result = terminal.cellos("robot check ot2-a");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("which is this machine");
  }

  @Test
  void nothingRealMovesWithoutAYes() throws IOException {
    Result result =
        terminal.cellos("run --protocol robot.yaml --execute --instruments hardware --id r-1");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("moves real instruments").contains("Nothing was started.");
    assertThat(robot.witness()).doesNotExist();
    assertThat(folder.resolve("data/executions.db")).doesNotExist();
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aRobotPerformsWhatItCanAndIsNeverTakenForAReal() throws IOException {
    Result result =
        terminal.cellos(
            "run --protocol robot.yaml --execute --instruments hardware --yes --id r-1 -o json");

    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode execution = result.json();
    assertThat(execution.path("simulated").asBoolean()).as("the fake never looks real").isTrue();
    assertThat(terminal.cellos("list").out()).contains("SIMULATED").doesNotContain("REAL");
    JsonNode step = execution.path("steps").path(0);
    assertThat(step.path("status").asText()).isEqualTo("completed");
    assertThat(step.path("result").path("mode").asText()).isEqualTo("virtual");
    assertThat(step.path("result").path("simulated").asBoolean()).isTrue();
    assertThat(step.path("result").path("commands").asInt()).isEqualTo(4);
    assertThat(Files.readAllLines(robot.witness())).hasSize(4);
    assertThat(Path.of(step.path("result").path("commands_file").asText())).exists();
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void whatTheRobotRefusesFailsBeforeAnythingMoves() throws IOException {
    robot.close();
    switchOn(Map.of());

    Result result =
        terminal.cellos("run --protocol robot.yaml --execute --instruments hardware --yes");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err() + result.out())
        .contains("has no pipette on its left mount")
        .contains("Nothing was moved.");
    assertThat(robot.witness()).doesNotExist();
  }

  @Test
  void whatARobotWouldBeToldIsPrintedAndWhatItCannotDoIsSaid() throws IOException {
    Files.writeString(
        folder.resolve("data/robots.yaml"),
        """
        robots:
          ot2-a:
            address: http://192.168.1.20
            pipettes: {right: p1000_single_gen2}
            deck:
              tips: [{slot: 9, labware: opentrons_96_tiprack_1000ul, for: right}]
              plates: {plate_6well: {slot: 3, labware: corning_6_wellplate_16.8ml_flat}}
              reagents:
                mtesr_plus_kit: {slot: 4, labware: nest_12_reservoir_15ml, wells: [A1, A2], volume_ml: 12}
              waste: {slot: 5, labware: nest_1_reservoir_195ml, volume_ml: 150}
        """);

    Result told =
        terminal.cellos("robot protocol feed --robot ot2-a --cell-line iPSC --vessel plate_6well");
    Result refused =
        terminal.cellos("robot protocol feed --robot ot2-a --cell-line iPSC --vessel plate_24well");

    assertThat(told.exitCode()).as(told.err()).isZero();
    assertThat(told.out()).startsWith("from opentrons import").contains("right.drop_tip()");
    assertThat(told.err()).contains("Tips: right 7.").contains("Reagents: mtesr_plus_kit");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .contains("plate_24well is not on the deck of ot2-a, which has plate_6well.")
        .hasLineCount(1);
  }

  @Test
  void whatWasCreatedForHardwareNeedsASecondYesToBegin() {
    Result created =
        terminal.cellos("create --protocol robot.yaml --instruments hardware --id c-1");
    assertThat(created.exitCode()).as(created.err()).isZero();
    assertThat(created.err()).contains("cellos execute c-1 --execute --yes (");

    Result refused = terminal.cellos("execute c-1 --execute");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("cellos show c-1', then give --yes as well.");
    assertThat(robot.witness()).doesNotExist();
    assertThat(terminal.cellos("execute c-1 --execute --yes").exitCode()).isZero();
    assertThat(robot.witness()).exists();
  }

  @Test
  void aRobotThatPerformsNothingHasNothingToStop() {
    Result result = terminal.cellos("robot stop ot2-a");

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("ot2-a performs nothing.");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void aRobotIsStoppedByWhoeverStandsThere() throws Exception {
    robot.close();
    switchOn(Map.of("left", "p300_multi_gen2"), Duration.ofSeconds(2));
    CompletableFuture<Result> run =
        CompletableFuture.supplyAsync(
            () ->
                terminal.cellos(
                    "run --protocol robot.yaml --execute --instruments hardware --yes --id r-1"));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> terminal.cellos("robot check ot2-a").out().contains("Run       running"));

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> terminal.cellos("show r-1").out().contains("Step 1 now: ot2-a: 1 of 4"));
    robot.pressButton();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> terminal.cellos("show r-1").out().contains("PAUSED at the robot"));

    Result stop = terminal.cellos("robot stop ot2-a");

    assertThat(stop.exitCode()).as(stop.err()).isZero();
    assertThat(stop.out()).contains("ot2-a has stopped.");
    Result ended = run.get();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(terminal.cellos("show r-1").out()).as("it has ended").doesNotContain("now:");
    assertThat(ended.out() + ended.err())
        .contains("Stopped at the robot ot2-a, not by this program");
  }

  @Test
  void aBlockingWarningIsOverriddenWithAReasonThatIsKept() throws IOException {
    String passage = "create passage --cell-line iPSC --vessel T75 --instruments manual -o json";

    assertThat(terminal.cellos(passage).err()).contains("or say with an override why it is right");
    assertThat(terminal.cellos(overriding(passage, " ")).exitCode()).isEqualTo(2);
    Result kept = terminal.cellos(overriding(passage, "trained hands"));

    assertThat(kept.exitCode()).as(kept.err()).isZero();
    assertThat(TestTerminal.ONE_DOCUMENT.readTree(kept.out()).path("metadata").path("override"))
        .hasToString("\"trained hands\"");
  }

  private static String[] overriding(String command, String reason) {
    return Stream.concat(Stream.of((command + " --override").split(" ")), Stream.of(reason))
        .toArray(String[]::new);
  }
}

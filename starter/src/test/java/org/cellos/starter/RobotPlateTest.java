package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.cellos.ot2.fake.FakeRobot;
import org.cellos.ot2.fake.FakeRobotOptions;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plate is fed: what a person does, what a robot does, and what happens when it fails. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RobotPlateTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String FEED =
      "run feed --cell-line iPSC --vessel %s --instruments hardware --id x ";
  private static final int ASKS = 6;
  private static final String FOR_REAL = "--execute --yes";

  private static final String ROBOT =
      """
        %s:
          address: %s
          pipettes: {left: p300_multi_gen2, right: p1000_single_gen2}
          deck:
            tips:
              - {slot: 7, labware: opentrons_96_tiprack_300ul, for: left}
              - {slot: 8, labware: opentrons_96_tiprack_300ul, for: left}
              - {slot: 9, labware: opentrons_96_tiprack_1000ul, for: right}
            plates:
              plate_96well_tc: {slot: 1, labware: corning_96_wellplate_360ul_flat}
              plate_24well: {slot: 2, labware: corning_24_wellplate_3.4ml_flat}
            reagents:
              mtesr_plus_kit: {slot: 4, labware: nest_12_reservoir_15ml, wells: [A1, A2, A3], volume_ml: 12}
            waste: {slot: 5, labware: nest_1_reservoir_195ml, volume_ml: 150}
      """;

  @TempDir private Path folder;
  private FakeRobot robot;
  private TestTerminal terminal;

  @BeforeEach
  void prepare() throws IOException {
    terminal = TestTerminal.in(folder);
    switchOn(Duration.ofMillis(5));
  }

  private void switchOn(Duration perCommand) throws IOException {
    robot =
        FakeRobot.start(
            FakeRobotOptions.in(folder.resolve("robot"))
                .taking(perCommand)
                .with(Map.of("left", "p300_multi_gen2", "right", "p1000_single_gen2"), List.of()));
    configure("ot2-a");
  }

  private void configure(String... ids) throws IOException {
    StringBuilder text = new StringBuilder("development: true\nrobots:\n");
    // The others are somewhere where nobody looks.
    for (int i = 0; i < ids.length; i++) {
      text.append(
          ROBOT.formatted(ids[i], i == 0 ? robot.address() : "http://127.0.0.1:" + (i + 1)));
    }
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/robots.yaml"), text);
  }

  @AfterEach
  void switchOff() {
    robot.close();
  }

  @ParameterizedTest
  @CsvSource({"plate_96well_tc, 12, 131.0", "plate_24well, 24, 896.0"})
  void aPlateIsFedFromTheFirstLookToTheEnd(String vessel, int targets, double perTarget)
      throws Exception {
    Result looked = terminal.cellos(FEED.formatted(vessel) + "--execute");
    assertThat(looked.exitCode()).isEqualTo(2);
    assertThat(looked.err())
        .contains("By the robot: ot2-a: Aspirate")
        .contains("By a person: Take the lid off " + vessel)
        .contains("give --yes");
    assertThat(robot.witness()).doesNotExist();

    robot.close();
    switchOn(Duration.ofMillis(30));
    start(vessel);
    CompletableFuture<Result> feeding = CompletableFuture.supplyAsync(() -> confirm("1.1-on"));
    until(() -> show().matches("(?s).*Step 1.1 now: ot2-a: [1-9][0-9]* of [0-9]+ commands.*"));
    assertThat(feeding.get().exitCode()).as(feeding.get().err()).isEqualTo(ASKS);
    Result ended = confirm("1.1-off");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    JsonNode step = terminal.cellos("show x -o json").json().at("/steps/1");
    assertThat(step.path("result").path("simulated").asBoolean()).isTrue();
    assertThat(terminal.cellos("list").out()).contains("PARTLY SIMULATED").doesNotContain("REAL");
    JsonNode record =
        TestTerminal.ONE_DOCUMENT.readTree(
            Path.of(step.path("result").path("commands_file").asText()).toFile());
    assertThat(record.path("commands")).hasSize(step.path("result").path("commands").asInt());
    assertThat(record.path("status").asText()).isEqualTo("succeeded");
    assertThat(brought()).hasSize(targets);
    assertThat(brought().values()).allMatch(volume -> Math.abs(volume - perTarget) < 0.1);
  }

  @Test
  void againFeedsNoWellTwice() throws Exception {
    // In the middle of a well; it is asked often enough that it is known in which.
    robot.close();
    switchOn(Duration.ofMillis(70));
    robot.faults().cutPowerAtCommand(60);
    start("plate_24well");
    assertThat(confirm("1.1-on").exitCode()).isEqualTo(ASKS);
    assertThat(show())
        .contains("Of its wells A1")
        .contains("'again' leaves these out, and the next one");
    Map<String, Double> before = brought();

    Result again = terminal.cellos("decide x again --by ada --reason still-dry");
    assertThat(again.exitCode()).as(again.err()).isEqualTo(ASKS);

    JsonNode result = terminal.cellos("show x -o json").json().at("/steps/1/result");
    assertThat(result.path("wells_left_out").path(0).asText()).isEqualTo("A1");
    Map<String, Double> after = brought();
    before.forEach(
        (well, volume) -> assertThat(after.get(well)).as("fed before: " + well).isEqualTo(volume));
    assertThat(after.values()).as("never twice").allMatch(volume -> volume <= 896.01);
    assertThat(after.keySet().size()).isBetween(22, 24);
    assertThat(show()).containsPattern("note: Look at [A-D][1-6] and [A-D][1-6]: left out");
    assertThat(confirm("1.1-off").exitCode()).isZero();
  }

  @Test
  void aRerunOfAPlateThatWasStoppedInTheMiddleAsksWhetherItIsTheSame() throws Exception {
    robot.close();
    switchOn(Duration.ofMillis(70));
    robot.faults().cutPowerAtCommand(60);
    start("plate_24well");
    assertThat(confirm("1.1-on").exitCode()).isEqualTo(ASKS);
    terminal.cellos("decide x abort --by ada");
    Map<String, Double> before = brought();
    String rerun = "rerun x --id y --execute --from-step 1.1";

    assertThat(terminal.cellos(rerun).err()).contains("then give --yes as well");
    Result refused = terminal.cellos(rerun + " --yes");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("ended in the middle of a plate: of its wells A1")
        .contains("rest leaves them out, and the next one; all does every well");
    assertThat(terminal.cellos(rerun + " --yes --wells some").err())
        .contains("--wells must be rest or all, not 'some'.");
    assertThat(brought()).isEqualTo(before);

    Result rest = terminal.cellos(rerun + " --yes --wells rest");

    assertThat(rest.exitCode()).as(rest.err()).isEqualTo(ASKS);
    JsonNode step = terminal.cellos("show y -o json").json().at("/steps/1");
    assertThat(step.path("name").asText()).contains("[without A1, B1");
    assertThat(step.at("/result/wells_left_out/0").asText()).isEqualTo("A1");
    Map<String, Double> after = brought();
    before.forEach(
        (well, volume) -> assertThat(after.get(well)).as("fed before: " + well).isEqualTo(volume));
    assertThat(after.values()).as("never twice").allMatch(volume -> volume <= 896.01);
    assertThat(after.keySet().size()).isBetween(22, 24);
    assertThat(step.at("/result/note").asText()).startsWith("Look at ").doesNotContain("A1");

    // The same plate once more has no well left; another one has all of them.
    assertThat(confirm("y", "1.1-off").exitCode()).isZero();
    assertThat(terminal.cellos("show y").err()).doesNotContain("Nobody has said");
    for (String of : List.of("x", "y")) {
      String more = "rerun " + of + " --id z --execute --from-step 1.1 --yes";
      assertThat(terminal.cellos(more).err()).as(of).contains("ended in the middle of a plate");
      assertThat(terminal.cellos(more + " --wells rest").err())
          .as(of)
          .contains("no well is left for the robot");
    }
    assertThat(brought()).isEqualTo(after);
    Result all = terminal.cellos("rerun y --id z --execute --from-step 1.1 --yes --wells all");
    assertThat(all.exitCode()).as(all.err()).isEqualTo(ASKS);
    assertThat(terminal.cellos("show z -o json").json().at("/steps/1/name").asText())
        .doesNotContain("without");
    assertThat(brought()).hasSize(24);
  }

  @Test
  void aRetryAfterTheRobotWasStoppedFeedsNoWellTwice() throws Exception {
    robot.close();
    switchOn(Duration.ofMillis(70));
    start("plate_24well");
    TestTerminal.Running feeding = terminal.begin("confirm x --by ada --step 1.1-on");
    until(() -> robot.witness().toFile().exists() && brought().size() > 3);
    assertThat(terminal.cellos("robot stop ot2-a").exitCode()).isZero();
    assertThat(feeding.end().get().exitCode()).isEqualTo(1);
    assertThat(show())
        .contains("'cellos retry', or 'cellos rerun' with --wells rest, leaves these");
    Map<String, Double> before = brought();

    Result retried = terminal.cellos("retry x --by ada");

    assertThat(retried.exitCode()).as(retried.err()).isEqualTo(ASKS);
    Map<String, Double> after = brought();
    before.forEach(
        (well, volume) -> assertThat(after.get(well)).as("fed before: " + well).isEqualTo(volume));
    assertThat(after.keySet().size()).isBetween(23, 24);
  }

  @Test
  void whereNobodyKnowsWhatTheRobotDidThereIsNoRest() throws Exception {
    robot.close();
    switchOn(Duration.ofMillis(70));
    robot.faults().cutPowerAtCommand(60);
    start("plate_24well");
    assertThat(confirm("1.1-on").exitCode()).isEqualTo(ASKS);
    terminal.cellos("decide x abort --by ada");
    assertThat(terminal.cellos("show x").err())
        .contains("Nobody has said that this was done: Put the lid on plate_24well and take it");
    Map<String, Double> before = brought();
    Path record = folder.resolve("data/robot-runs/x/step-2-1.json");
    String rerun = "rerun x --id y --execute --from-step 1.1 --yes";

    for (String damaged : List.of("{\"told_to_play\": \"r-1\"}", "no json", "")) {
      if (damaged.isEmpty()) {
        Files.delete(record);
      } else {
        Files.writeString(record, damaged);
      }
      assertThat(terminal.cellos(rerun).err())
          .as(damaged)
          .contains("nobody knows which of its wells were begun");
      assertThat(terminal.cellos(rerun + " --wells rest").err())
          .as(damaged)
          .contains("there is no rest: do by hand what the plate lacks");
    }
    assertThat(brought()).isEqualTo(before);
  }

  @Test
  void whatPausesAtTheRobotIsPausedEverywhereAndGoesOnAtTheRobot() throws Exception {
    robot.close();
    switchOn(Duration.ofMillis(30));
    start("plate_24well");
    TestTerminal.Running feeding = terminal.begin("confirm x --by ada --step 1.1-on");
    until(() -> show().contains("Step 1.1 now: ot2-a: "));

    assertThat(show()).as("a fake never looks real").contains("[PARTLY SIMULATED]");
    robot.openDoor(true);
    until(() -> show().contains("Status     paused"));
    assertThat(show())
        .contains("Now        ot2-a: PAUSED at the robot: its door is open. Close it,");
    Result resumed = terminal.cellos("resume x --by ada");
    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.err()).contains("cannot be resumed from here. ot2-a: PAUSED at the robot");
    until(() -> feeding.said().get().contains("ot2-a: PAUSED at the robot: its door is open"));
    robot.openDoor(false);
    until(() -> show().contains("Now        ot2-a: PAUSED at the robot: press its button"));
    assertThat(feeding.end()).isNotDone();
    robot.pressButton();

    Result asked = feeding.end().get();
    assertThat(asked.exitCode()).as(asked.err()).isEqualTo(ASKS);
    assertThat(asked.err()).contains("The instrument goes on.");
    assertThat(terminal.cellos("show x -o json").json().path("audit").findValuesAsText("what"))
        .contains("the instrument paused", "the instrument goes on");
    assertThat(brought()).hasSize(24);
  }

  @Test
  void theSecondExecutionWaitsForTheRobotAndGoesOnByItself() throws Exception {
    start("plate_24well");
    String second = FEED.formatted("plate_24well").replace("--id x", "--id y") + FOR_REAL;
    CompletableFuture<Result> waiting =
        CompletableFuture.supplyAsync(() -> terminal.cellos(second));
    until(() -> terminal.cellos("show y").out().contains("Waits for ot2-a since"));
    JsonNode use = terminal.cellos("equipment -o json").json().at("/equipment/0");
    assertThat(use.at("/in_use_by/0/execution_id").asText()).isEqualTo("x");
    assertThat(use.at("/queue/0/execution_id").asText()).isEqualTo("y");
    assertThat(terminal.cellos("equipment").out())
        .containsPattern("ot2-a +\\| +1 +\\| x, since .* \\| y, since");

    assertThat(confirm("1.1-on").exitCode()).isEqualTo(ASKS);
    // The plate is still on it.
    assertThat(terminal.cellos("show y").out()).contains("in use by x.");
    assertThat(waiting).isNotDone();
    assertThat(confirm("1.1-off").exitCode()).isZero();

    Result asked = waiting.get();
    assertThat(asked.exitCode()).as(asked.err()).isEqualTo(ASKS);
    assertThat(asked.err()).contains("number 1 of 1 in the queue; in use by x.");
    assertThat(terminal.cellos("show y").out())
        .doesNotContain("Waits for ot2-a")
        .contains("confirm y --step 1.1-on");
    assertThat(brought()).hasSize(24);
  }

  @Test
  void aPriorityIsOneOfThree() {
    Result refused = terminal.cellos(FEED.formatted("plate_24well") + "--priority now");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("--priority must be urgent, normal, low, not 'now'.")
        .hasLineCount(1);
  }

  @Test
  void ofSeveralRobotsOneIsNamed() throws IOException {
    configure("ot2-a", "ot2-b");

    Result several = terminal.cellos(FEED.formatted("plate_24well"));
    Result unknown = terminal.cellos(FEED.formatted("plate_24well") + "--robot ot2-c");
    Result one = terminal.cellos(FEED.formatted("plate_24well") + "--robot ot2-b");

    assertThat(several.exitCode()).isEqualTo(2);
    assertThat(several.err())
        .contains("(ot2-a, ot2-b): name one of them. --robot ID names a robot, --robot none")
        .hasLineCount(1);
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no robot 'ot2-c'").hasLineCount(1);
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.err()).contains("slot 2 of ot2-b");
  }

  @Test
  void withoutARobotAPersonDoesIt() {
    Result none = terminal.cellos(FEED.formatted("plate_24well") + "--robot none");

    assertThat(none.exitCode()).as(none.err()).isZero();
    assertThat(none.out()).doesNotContain("ot2-a").contains("Aspirate 24.0 mL");
    assertThat(terminal.cellos("run feed --cell-line iPSC --vessel T75 --robot ot2-a").err())
        .contains("--robot goes with --instruments hardware only.");
  }

  @Test
  void whatIsShortIsSaidBeforeTheStart() throws IOException {
    Path file = folder.resolve("data/robots.yaml");
    Files.writeString(file, Files.readString(file).replace("[A1, A2, A3]", "[A1]"));

    Result refused = terminal.cellos(FEED.formatted("plate_24well") + FOR_REAL);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err())
        .contains("mtesr_plus_kit is short")
        .contains("--robot none leaves it to a person. Nothing was started.")
        .hasLineCount(1);
    assertThat(folder.resolve("data/executions.db")).doesNotExist();
  }

  private void start(String vessel) {
    Result run = terminal.cellos(FEED.formatted(vessel) + FOR_REAL);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ASKS);
  }

  private String show() {
    return terminal.cellos("show x").out();
  }

  /** In memory, whoever answers performs what follows. */
  private Result confirm(String path) {
    return confirm("x", path);
  }

  private Result confirm(String id, String path) {
    return terminal.cellos("confirm " + id + " --by ada --step " + path);
  }

  private static void until(Callable<Boolean> condition) {
    await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(condition);
  }

  /** What came into each well of the plate, in µL, by the robot's own witness. */
  private Map<String, Double> brought() throws IOException {
    Map<String, Double> brought = new TreeMap<>();
    for (JsonNode line : witnessed()) {
      if (line.path("command_type").asText().equals("dispense")
          && line.path("labware").asText().equals("plate")) {
        brought.merge(line.path("well").asText(), line.path("volume_ul").asDouble(), Double::sum);
      }
    }
    return brought;
  }

  private List<JsonNode> witnessed() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(robot.witness())) {
      lines.add(TestTerminal.ONE_DOCUMENT.readTree(line));
    }
    return lines;
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.cellos.ot2.fake.FakeFaults.Kind;
import org.cellos.ot2.fake.FakeRobot;
import org.cellos.ot2.fake.FakeRobotOptions;
import org.cellos.starter.JarProcess;
import org.cellos.starter.TestTerminal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 24 to 28: workers and robots that fail while a robot plays; the robot's witness judges. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class RobotFaultsIT {
  private static final int COMMANDS = 30;
  private static final Duration A_SECOND = Duration.ofSeconds(1);
  private static final String RUN =
      "run --protocol robot.yaml --execute --instruments hardware --yes --id x";

  /** Points at which nothing was played yet come first. */
  private static final List<String> POINTS =
      List.of("after-upload", "after-run-created", "after-send", "after-play");

  private static final List<Kind> UNCLEAR =
      List.of(Kind.ERROR_BEFORE, Kind.ERROR_AFTER, Kind.RESET_BEFORE, Kind.RESET_AFTER);

  /** Those that change something at the robot. */
  private static final List<String> REQUESTS =
      List.of("POST /protocols", "POST /runs", "POST /runs/.*/actions");

  @TempDir private Path folder;

  private static Stream<Arguments> enginesAndPoints() {
    return BenchEngine.ofSuite()
        .flatMap(
            engine ->
                POINTS.stream()
                    .filter(point -> Row.isWholeSuite() || point.equals("after-play"))
                    .map(point -> Arguments.of(engine, point)));
  }

  @ParameterizedTest
  @MethodSource("enginesAndPoints")
  void aKilledWorkerNeverPlaysASecondTime(BenchEngine engine, String point) throws Exception {
    row("24 robot up, killed " + point, engine)
        .forEvery(3)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                kill(bench, point);

                GoingOn.isDone(bench.start("execute x --execute"));

                requireOneRun(robot);
                requireSimulated(bench);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("enginesAndPoints")
  void aRobotThatWasSwitchedOffMeanwhileIsAskedWhatItKnows(BenchEngine engine, String point)
      throws Exception {
    row("24 robot off, killed " + point, engine)
        .forEvery(3)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                kill(bench, point);
                robot.powerCycle();
                int before = witnessed(robot).size();

                JarProcess on = bench.start("execute x --execute");

                if (POINTS.indexOf(point) < 2) {
                  GoingOn.isDone(on);
                  requireOneRun(robot);
                } else {
                  assertThat(on.exitCode()).as(on.err()).isEqualTo(GoingOn.ASKS);
                  JsonNode question = SeededPerson.openQuestion(bench.show("x"));
                  assertThat(question.toString()).contains("was switched off or restarted");
                  assertThat(witnessed(robot)).as("nothing moves meanwhile").hasSize(before);
                  assertThat(bench.cellos("decide x done --by ada").exitCode())
                      .isEqualTo(GoingOn.DONE);
                  assertThat(witnessed(robot)).hasSize(before);
                }
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aRobotThatHangsIsAskedAgainAndNeverPlaysASecondTime(BenchEngine engine) throws Exception {
    row("24 the robot hangs", engine)
        .forEvery(3)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                Kind kind = bench.random().nextBoolean() ? Kind.HANG_BEFORE : Kind.HANG_AFTER;
                // All that leads to the play, and some of what follows it.
                robot.faults().hangAt(kind, 1 + bench.random().nextInt(25));

                GoingOn.isDone(bench.start(RUN));

                requireOneRun(robot);
                requireSimulated(bench);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void anAnswerThatIsUnclearIsNeverRepeatedBlindly(BenchEngine engine) throws Exception {
    row("25 500 or reset, before or after acting", engine)
        .forEvery(2)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                robot
                    .faults()
                    .add(
                        UNCLEAR.get(bench.random().nextInt(UNCLEAR.size())),
                        REQUESTS.get(bench.random().nextInt(REQUESTS.size())),
                        1 + bench.random().nextInt(2));

                GoingOn.isDone(bench.start(RUN));

                requireOneRun(robot);
                requireSimulated(bench);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aPowerCutInARunIsAQuestionThatSaysHowFarItCame(BenchEngine engine) throws Exception {
    row("26 power cycle in a run", engine)
        .forEvery(3)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                int done = bench.random().nextInt(COMMANDS);
                robot.faults().cutPowerAtCommand(done);

                JarProcess run = bench.start(RUN);

                assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.ASKS);
                assertThat(SeededPerson.openQuestion(bench.show("x")).toString())
                    .contains("was switched off or restarted after it had been told to play")
                    .contains("Look at the plate");
                assertThat(witnessed(robot)).hasSize(done);
                // A protocol of one's own is played as it is, and only by a person's word.
                boolean again = bench.random().nextBoolean();
                assertThat(
                        bench
                            .cellos("decide x " + (again ? "again" : "done") + " --by ada")
                            .exitCode())
                    .isEqualTo(GoingOn.DONE);
                assertThat(witnessed(robot)).hasSize(again ? done + COMMANDS : done);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void theRunOfSomebodyElseIsWaitedForAndNeverPushedAside(BenchEngine engine) throws Exception {
    row("28 another run is current", engine)
        .forEvery(3)
        .perform(
            bench -> {
              try (FakeRobot robot = robot(bench)) {
                Files.createDirectories(bench.file("other"));
                bench.write("other/robots.yaml", Files.readString(bench.file("data/robots.yaml")));
                JarProcess theirs =
                    bench.start(
                        Map.of("CELLOS_ENGINE", "in-memory"),
                        RUN.replace("--id x", "--id theirs --db other/executions.db"));
                Bench.until(() -> !witnessed(robot).isEmpty());
                // However long ours takes to get there.
                robot.pressButton();

                JarProcess ours = bench.start(RUN);
                Bench.until(() -> bench.here("show x").out().contains("of somebody else loaded"));
                robot.pressButton();

                assertThat(theirs.exitCode()).as(theirs.err()).isEqualTo(GoingOn.DONE);
                GoingOn.isDone(ours);
                requireSimulated(bench);
                assertThat(
                        witnessed(robot).stream()
                            .map(line -> line.path("command_index").asInt())
                            .toList())
                    .as("all of theirs, then all of ours")
                    .isEqualTo(
                        Stream.concat(
                                IntStream.range(0, COMMANDS).boxed(),
                                IntStream.range(0, COMMANDS).boxed())
                            .toList());
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aCancelIsDoneWhenTheRobotHasStopped(BenchEngine engine) throws Exception {
    row("27 cancel while a robot plays", engine)
        .once(
            bench -> {
              try (FakeRobot robot = robot(bench, A_SECOND)) {
                JarProcess run = bench.start(RUN);
                Bench.until(() -> witnessed(robot).size() > 2);

                Bench.Result cancel = bench.here("cancel x --by ada --reason wrong-plate");

                assertThat(cancel.exitCode()).as(cancel.err()).isEqualTo(GoingOn.DONE);
                assertThat(run.exitCode()).isEqualTo(GoingOn.CANCELLED);
                assertThat(bench.history().status("x")).isEqualTo("cancelled");
                assertThat(bench.show("x").at("/steps/0/error_message").asText())
                    .contains("Stopped at the robot ot2-a as asked, after");
                assertThat(statuses(robot)).containsExactly("stopped");
                assertThat(witnessed(robot).size()).isLessThan(COMMANDS);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aCancelFindsTheRobotOfAWorkerThatHasDiedAndStopsIt(BenchEngine engine) throws Exception {
    row("27 cancel after the worker's death", engine)
        .once(
            bench -> {
              try (FakeRobot robot = robot(bench, A_SECOND)) {
                kill(bench, "after-play");

                Bench.Result cancel = bench.cellos("cancel x --by ada --reason wrong-plate");

                assertThat(cancel.exitCode()).as(cancel.err()).isEqualTo(GoingOn.DONE);
                assertThat(bench.history().status("x")).isEqualTo("cancelled");
                assertThat(statuses(robot)).containsExactly("stopped");
                assertThat(witnessed(robot).size()).isLessThan(COMMANDS);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aCancelAfterTheWorkersDeathBeginsNothing(BenchEngine engine) throws Exception {
    row("27 cancel, nothing was played", engine)
        .once(
            bench -> {
              try (FakeRobot robot = robot(bench, A_SECOND)) {
                kill(bench, "after-run-created");

                Bench.Result cancel = bench.cellos("cancel x --by ada --reason wrong-plate");

                assertThat(cancel.exitCode()).as(cancel.err()).isEqualTo(GoingOn.DONE);
                assertThat(bench.history().status("x")).isEqualTo("cancelled");
                assertThat(witnessed(robot)).isEmpty();
                assertThat(statuses(robot)).containsExactly("idle");
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void ctrlCLeavesTheRobotToWhoeverComesNext(BenchEngine engine) throws Exception {
    row("27 Ctrl-C, then cancel", engine)
        .once(
            bench -> {
              try (FakeRobot robot = robot(bench, A_SECOND)) {
                JarProcess run = bench.start(RUN);
                Bench.until(() -> witnessed(robot).size() > 2);

                run.signal("INT");

                assertThat(run.exitCode()).as(run.err()).isEqualTo(130);
                assertThat(run.err()).contains("The robot goes on by itself");
                assertThat(witnessed(robot).size()).isLessThan(COMMANDS);
                Bench.Result cancel = bench.cellos("cancel x --by ada --reason wrong-plate");
                assertThat(cancel.exitCode()).as(cancel.err()).isEqualTo(GoingOn.DONE);
                assertThat(statuses(robot)).containsExactly("stopped");
              }
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  @Tag(Row.SUITE_ONLY)
  void aStopThatIsNeverConfirmedIsNeverACancel(BenchEngine engine) throws Exception {
    row("27 the robot never confirms its stop", engine)
        .once(
            bench -> {
              try (FakeRobot robot = robot(bench, A_SECOND)) {
                JarProcess run = bench.start(RUN);
                Bench.until(() -> witnessed(robot).size() > 2);
                robot.faults().neverConfirmStops(true);
                JarProcess cancel = bench.start("cancel x --by ada --reason wrong-plate");
                // Longer than any timeout of an attempt.
                for (int i = 0; i < 70; i++) {
                  TimeUnit.SECONDS.sleep(1);
                  assertThat(bench.history().status("x")).isNotEqualTo("cancelled");
                }
                robot.faults().neverConfirmStops(false);
                // Who asked for it has been told that it goes on.
                assertThat(cancel.exitCode())
                    .as(cancel.err())
                    .isIn(GoingOn.TIMED_OUT, GoingOn.DONE);
                assertThat(cancel.err())
                    .contains("waits until the robot confirms its stop (it says:");
                assertThat(run.exitCode()).isEqualTo(GoingOn.CANCELLED);
              }
            });
  }

  /** The robot's witness says what was moved; that of virtual instruments has nothing to say. */
  private Row row(String name, BenchEngine engine) {
    return new Row(name, folder).on(engine).judgedBy(Invariants::holdAgainstTemporal);
  }

  private static FakeRobot robot(Bench bench) throws IOException {
    return robot(bench, Duration.ofMillis(100));
  }

  private static FakeRobot robot(Bench bench, Duration perCommand) throws IOException {
    FakeRobot robot = FakeRobot.start(FakeRobotOptions.in(bench.file("robot")).taking(perCommand));
    Files.createDirectories(bench.file("data"));
    bench.write(
        "data/robots.yaml",
        """
        development: true
        robots:
          ot2-a: {address: '%s', pipettes: {left: p300_multi_gen2}}
        """
            .formatted(robot.address()));
    StringBuilder protocol =
        new StringBuilder(
            """
            protocol: robot_feed
            steps:
              - operation: robot_protocol
                parameters:
                  robot: ot2-a
                  file_name: feed.py
                  api_level: "2.15"
                  protocol: |
                    requirements = {"robotType": "OT-2", "apiLevel": "2.15"}

                    def run(protocol):
                        plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "2")
                        p300 = protocol.load_instrument("p300_multi_gen2", "left")
            """);
    for (int i = 0; i < COMMANDS; i++) {
      protocol.append(
          "            p300.dispense(50.0, plate[\"A%d\"].top())\n".formatted(i % 12 + 1));
    }
    bench.write("robot.yaml", protocol.toString());
    return robot;
  }

  private static void kill(Bench bench, String point) throws Exception {
    JarProcess killed = bench.start(List.of(ChaosObserver.KILL_AT + "=" + point), RUN);
    assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
  }

  private static void requireSimulated(Bench bench) throws IOException {
    JsonNode result = bench.show("x").at("/steps/0/result");
    assertThat(result.path("simulated").asBoolean()).as("a fake never looks real").isTrue();
    assertThat(result.path("commands").asInt()).isEqualTo(COMMANDS);
  }

  /** All commands of one run, each once. */
  private static void requireOneRun(FakeRobot robot) throws IOException {
    List<JsonNode> lines = witnessed(robot);
    assertThat(lines.stream().map(line -> line.path("run_id").asText()).distinct()).hasSize(1);
    List<Integer> indices = new ArrayList<>();
    lines.forEach(line -> indices.add(line.path("command_index").asInt()));
    assertThat(indices).isEqualTo(IntStream.range(0, COMMANDS).boxed().toList());
  }

  private static List<JsonNode> witnessed(FakeRobot robot) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(robot.witness())) {
      for (String line : Files.readAllLines(robot.witness())) {
        lines.add(TestTerminal.ONE_DOCUMENT.readTree(line));
      }
    }
    return lines;
  }

  private static List<String> statuses(FakeRobot robot) throws IOException {
    List<String> statuses = new ArrayList<>();
    TestTerminal.ONE_DOCUMENT
        .readTree(robot.witness().resolveSibling("robot.json").toFile())
        .path("runs")
        .forEach(run -> statuses.add(run.path("status").asText()));
    return statuses;
  }
}

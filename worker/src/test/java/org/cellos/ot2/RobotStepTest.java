package org.cellos.ot2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.Instruments;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.RobotAddress;
import org.cellos.handler.NothingMovedException;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StoppedStepException;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.WorkerEndsException;
import org.cellos.json.Json;
import org.cellos.ot2.fake.FakeFaults.Kind;
import org.cellos.ot2.fake.FakeRobot;
import org.cellos.ot2.fake.FakeRobotOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The crash table of a robot's step, against a robot that keeps and forgets what a real one does.
 */
class RobotStepTest {
  private static final int COMMANDS = 6;
  private static final String PROTOCOL =
      """
      from opentrons import protocol_api

      metadata = {"protocolName": "feed"}
      requirements = {"robotType": "OT-2", "apiLevel": "2.15"}


      def run(protocol: protocol_api.ProtocolContext):
          tips = protocol.load_labware("opentrons_96_tiprack_300ul", "1")
          plate = protocol.load_labware("corning_96_wellplate_360ul_flat", "2")
          p300 = protocol.load_instrument("p300_multi_gen2", "left", tip_racks=[tips])
          p300.pick_up_tip()
          p300.aspirate(100.0, plate["A1"].bottom(1.0))
          p300.dispense(100.0, plate["A2"].top())
          p300.aspirate(50.0, plate["A3"].bottom(1.0))
          p300.dispense(50.0, plate["A4"].top())
          p300.drop_tip()
      """;

  private static final RobotStep.Pace QUICK =
      new RobotStep.Pace(Duration.ofMillis(10), Duration.ofMillis(200));

  @TempDir private Path folder;
  private FakeRobot robot;

  @BeforeEach
  void switchOn() throws IOException {
    robot = FakeRobot.start(quick());
  }

  @AfterEach
  void switchOff() {
    robot.close();
  }

  private FakeRobotOptions quick() {
    return FakeRobotOptions.in(folder.resolve("robot")).taking(Duration.ofMillis(15));
  }

  @Test
  void aProtocolIsPlayedOnceAndTheResultSaysThatTheRobotIsFake() throws Exception {
    FakeStepContext step = step(1);

    Map<String, ?> result = robotStep().perform(step);

    assertThat(result.get("mode")).isEqualTo("virtual");
    assertThat(result.get("simulated")).isEqualTo(true);
    assertThat(result.get("commands")).isEqualTo(COMMANDS);
    assertThat(witnessed()).hasSize(COMMANDS);
    assertThat(step.details())
        .anySatisfy(
            details -> assertThat(details).containsKeys("protocolId", "ot2RunId", "commandIndex"));
    JsonNode record =
        Json.mapper().readTree(Path.of(result.get("commands_file").toString()).toFile());
    assertThat(record.path("source").asText())
        .isEqualTo(PROTOCOL + "# cellos:e-1:step-3:epoch-1\n");
    assertThat(record.path("commands")).hasSize(COMMANDS);
    assertThat(record.path("commands").path(1).path("params").path("volume").asDouble())
        .isEqualTo(100.0);
  }

  /**
   * The worker dies at every request in turn, before or after the robot has acted on it, and
   * another attempt goes on.
   */
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"HANG_BEFORE", "HANG_AFTER"})
  void aWorkerThatDiesAnywhereNeverPlaysTwice(Kind kind) throws Exception {
    int number = 1;
    while (dieAt(kind, number, false)) {
      Map<String, ?> result = robotStep().perform(step(1));
      assertThat(result.get("simulated")).as("a fake never looks real").isEqualTo(true);
      assertThat(result.get("commands")).isEqualTo(COMMANDS);
      requirePlayedOnce();
      forgetEverything();
      number++;
    }
    assertThat(number).as("requests of a whole step").isGreaterThan(12);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"HANG_BEFORE", "HANG_AFTER"})
  void aRobotThatRestartsAsTheWorkerDiesIsAskedWhatItKnows(Kind kind) throws Exception {
    int number = 1;
    Set<String> ends = new HashSet<>();
    while (dieAt(kind, number, true)) {
      boolean wasPlayed = wasPlayed();
      try {
        robotStep().perform(step(1));
        ends.add("completed");
        assertThat(wasPlayed).as("played before the restart, at request %s", number).isFalse();
        requirePlayedOnce();
      } catch (UnknownOutcomeException e) {
        ends.add("unknown");
        assertThat(wasPlayed).as("played before the restart, at request %s", number).isTrue();
        assertThat(e).hasMessageContaining("was switched off or restarted");
        assertThat(witnessed().size()).isLessThanOrEqualTo(COMMANDS);
      }
      forgetEverything();
      number++;
    }
    assertThat(ends).containsExactlyInAnyOrder("completed", "unknown");
  }

  /** Errors and lost answers at each request in turn: nobody knows whether the robot has acted. */
  @ParameterizedTest
  @CsvSource({
    "ERROR_BEFORE, GET /health",
    "ERROR_AFTER, POST /protocols",
    "RESET_BEFORE, POST /protocols",
    "RESET_AFTER, POST /protocols",
    "ERROR_BEFORE, POST /runs",
    "ERROR_AFTER, POST /runs",
    "RESET_BEFORE, POST /runs",
    "RESET_AFTER, POST /runs",
    "ERROR_BEFORE, POST /runs/[^/]+/actions",
    "ERROR_AFTER, POST /runs/[^/]+/actions",
    "RESET_BEFORE, POST /runs/[^/]+/actions",
    "RESET_AFTER, POST /runs/[^/]+/actions",
    "ERROR_BEFORE, GET /runs/[^/]+",
    "RESET_AFTER, GET /runs/[^/]+/commands",
    "ERROR_BEFORE, GET /instruments",
    "ERROR_BEFORE, GET /protocols/[^/]+/analyses/[^/]+"
  })
  void anUnclearAnswerIsLookedIntoAndNeverRepeatedBlindly(Kind kind, String requests)
      throws Exception {
    robot.faults().add(kind, requests, 2);

    robotStep().perform(step(1));

    requirePlayedOnce();
  }

  @Test
  void aRobotThatBootsIsWaitedFor() throws Exception {
    robot.powerCycle();
    FakeStepContext step = step(1);

    robotStep().perform(step);

    assertThat(step.said()).anyMatch(said -> said.contains("waits for the robot"));
    requirePlayedOnce();
  }

  @Test
  void aPowerCutInARunIsUnknownAndSaysHowFarItCame() throws Exception {
    robot.faults().cutPowerAtCommand(3);

    assertThatThrownBy(() -> robotStep().perform(step(1)))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("was switched off or restarted after it had been told to play")
        .hasMessageContaining("of 6 commands had ended")
        .hasMessageContaining("Look at the plate");
    assertThat(witnessed()).hasSize(3);
  }

  @Test
  void aPowerCutBetweenPlayAndTheFirstCommandIsUnknown() throws Exception {
    robot.faults().cutPowerAfterPlay();

    assertThatThrownBy(() -> robotStep().perform(step(1)))
        .isInstanceOf(UnknownOutcomeException.class);
    assertThat(witnessed()).isEmpty();
  }

  @Test
  void againAfterAnUnknownOutcomeIsAnotherRun() throws Exception {
    robot.faults().cutPowerAtCommand(2);
    assertThatThrownBy(() -> robotStep().perform(step(1)))
        .isInstanceOf(UnknownOutcomeException.class);

    robotStep().perform(step(2));

    assertThat(witnessed()).hasSize(2 + COMMANDS);
  }

  @Test
  void somebodyElsesRunIsNeverPushedAside() throws Exception {
    Ot2Client other = new Ot2Client(robot.address());
    String theirs =
        other
            .createRun(
                other.upload("theirs.py", PROTOCOL.replace("100.0", "70.0"), "theirs", Map.of()),
                Map.of())
            .id();
    FakeStepContext step = step(1);
    FutureTask<Map<String, ?>> performed = start(() -> robotStep().perform(step)).task();
    await().until(() -> step.said().stream().anyMatch(said -> said.contains("somebody else")));
    assertThat(other.currentRun()).contains(theirs);

    other.tell(theirs, RunAction.STOP);

    performed.get(30, TimeUnit.SECONDS);
    assertThat(witnessed()).hasSize(COMMANDS);
  }

  @Test
  void twoStepsThatWantOneRobotAreNeverMixed() throws Exception {
    Started one = start(() -> robotStep().perform(step(1)));
    Started other = start(() -> robotStep().perform(step(2)));

    one.task().get(60, TimeUnit.SECONDS);
    other.task().get(60, TimeUnit.SECONDS);

    List<String> runs = witnessed().stream().map(line -> line.path("run_id").asText()).toList();
    assertThat(runs).hasSize(2 * COMMANDS);
    assertThat(runs.subList(0, COMMANDS)).containsOnly(runs.get(0));
    assertThat(runs.subList(COMMANDS, 2 * COMMANDS)).containsOnly(runs.get(COMMANDS));
    assertThat(runs.get(0)).isNotEqualTo(runs.get(COMMANDS));
  }

  /** A robot keeps twenty runs, and forgets older ones without a word. */
  @Test
  void aPlayedRunThatTheRobotHasForgottenIsUnknown() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());
    started.thread().interrupt();
    started.thread().join();
    Ot2Client other = new Ot2Client(robot.address());
    String run = other.currentRun().orElseThrow();
    await().until(() -> other.run(run).status().isTerminal());
    HttpResponse<String> forgotten =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(robot.address().resolve("/runs/" + run))
                    .header("Opentrons-Version", "4")
                    .DELETE()
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(forgotten.statusCode()).isEqualTo(200);

    assertThatThrownBy(() -> robotStep().perform(step(1)))
        .isInstanceOf(UnknownOutcomeException.class)
        .hasMessageContaining("does not know the run " + run + " any more");
    requirePlayedOnce();
  }

  @Test
  void whatCannotBeWrittenDownIsNotPlayed() throws Exception {
    Files.writeString(folder.resolve("records"), "a file where the folder should be");

    assertThatThrownBy(() -> robotStep().perform(step(1)))
        .isInstanceOf(NothingMovedException.class)
        .hasMessageContaining("was not told to play");

    assertThat(witnessed()).isEmpty();
  }

  @Test
  void aRecordThatCannotBeKeptWhileTheRobotPlaysDoesNotEndTheStep() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());
    // The step may make its folder anew in between.
    await()
        .ignoreExceptions()
        .until(
            () -> {
              moveRecordsAway();
              return Files.exists(Files.createFile(folder.resolve("records")));
            });

    assertThat(started.task().get(30, TimeUnit.SECONDS).get("note").toString())
        .contains("could not be kept");
    requirePlayedOnce();
  }

  @Test
  void aCancelIsDoneWhenTheRobotSaysThatItHasStopped() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());

    step.cancel(started.thread());

    assertThatThrownBy(() -> started.task().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoppedStepException.class)
        .hasMessageContaining("Stopped at the robot ot2-a as asked, after");
    int done = witnessed().size();
    assertThat(done).isLessThan(COMMANDS);
    Ot2Client client = new Ot2Client(robot.address());
    assertThat(client.run(client.currentRun().orElseThrow()).status()).isEqualTo(RunStatus.STOPPED);
  }

  @Test
  void aStopThatIsNeverConfirmedIsAnAlarmAndNeverACancel() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    robot.faults().neverConfirmStops(true);
    await().until(() -> !witnessed().isEmpty());

    step.cancel(started.thread());

    await()
        .until(
            () -> step.said().stream().anyMatch(said -> said.contains("ALARM: NOT STOPPED for")));
    assertThat(started.task().isDone()).isFalse();
    robot.faults().neverConfirmStops(false);
    assertThatThrownBy(() -> started.task().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(StoppedStepException.class);
  }

  @Test
  void aCancelWhileNobodyHearsARobotThatWasToldToPlayWaitsForIt() throws Exception {
    FakeStepContext first = step(1);
    Started begun = startSlowly(first);
    await().until(() -> !witnessed().isEmpty());
    begun.thread().interrupt();
    await().until(begun.task()::isDone);
    robot.faults().add(Kind.RESET_BEFORE, ".*", Integer.MAX_VALUE);

    FakeStepContext next = step(1);
    Started follower = start(() -> robotStep().perform(next));
    await()
        .until(() -> next.said().stream().anyMatch(said -> said.contains("waits for the robot")));
    next.cancel(follower.thread());
    await()
        .until(
            () ->
                follower.task().isDone()
                    || next.said().stream().anyMatch(said -> said.contains("does not answer")));
    robot.faults().end();

    assertThatThrownBy(() -> follower.task().get(30, TimeUnit.SECONDS))
        .as("not that nothing was moved")
        .hasCauseInstanceOf(StoppedStepException.class);
  }

  @Test
  void aCancelBeforeThePlayMovesNothing() throws Exception {
    robot.faults().neverEndAnalyses(true);
    FakeStepContext step = step(1);
    Started started = start(() -> robotStep().perform(step));
    await().until(() -> step.said().stream().anyMatch(said -> said.contains("looks the protocol")));

    step.cancel(started.thread());

    assertThatThrownBy(() -> started.task().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(NothingMovedException.class);
    assertThat(witnessed()).isEmpty();
  }

  @Test
  void aWorkerThatEndsLeavesTheRobotAlone() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());

    started.thread().interrupt();

    assertThatThrownBy(() -> started.task().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(WorkerEndsException.class);
    robotStep().perform(step(1));
    requirePlayedOnce();
  }

  @Test
  void whatPeopleDoAtTheRobotIsSaid() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());

    robot.pressButton();
    await()
        .until(() -> step.said().stream().anyMatch(said -> said.contains("PAUSED at the robot")));
    assertThat(step.hold())
        .isEqualTo("ot2-a: PAUSED at the robot: press its button, or play it in its app.");
    robot.openDoor(true);
    await().until(() -> step.said().stream().anyMatch(said -> said.contains("door is open")));
    assertThat(step.hold()).contains("its door is open");
    robot.openDoor(false);
    robot.pressButton();
    await().until(() -> step.hold().isEmpty());

    started.task().get(30, TimeUnit.SECONDS);
    requirePlayedOnce();
  }

  @Test
  void aRunThatWasStoppedAtTheRobotHasFailed() throws Exception {
    FakeStepContext step = step(1);
    Started started = startSlowly(step);
    await().until(() -> !witnessed().isEmpty());
    Ot2Client other = new Ot2Client(robot.address());

    other.tell(other.currentRun().orElseThrow(), RunAction.STOP);

    assertThatThrownBy(() -> started.task().get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(PermanentStepException.class)
        .hasMessageContaining("Stopped at the robot ot2-a, not by this program");
  }

  @Test
  void whatTheRobotWouldRefuseOrFailAtIsRefusedBeforeAnythingMoves() throws Exception {
    requireRefused(
        protocol("\"2.15\"", "\"2.15\"", "2.99"), "performs protocols up to API level 2.20");
    requireRefused(
        protocol("corning_96_wellplate_360ul_flat", "My Plate", "2.15"),
        "The robot refuses the protocol: Unable to find a labware definition");
    requireRefused(protocol("def run", "def walk", "2.15"), "No run function");
  }

  @Test
  void theWrongRobotIsRefusedInOneSentence() throws Exception {
    requireRefusedOn(quick().saying("OT-3 Standard", "FAKE"), "is a OT-3 Standard, not an OT-2");
    requireRefusedOn(
        quick().saying("OT-2 Standard", "OTHER"), "the robot with the serial number OTHER");
    requireRefusedOn(
        quick().with(Map.of("left", "p20_single_gen2"), List.of("temperatureModuleV2")),
        "has p20_single_gen2 on its left mount, and its configuration says p300_multi_gen2");
    requireRefusedOn(
        quick().with(Map.of(), List.of("temperatureModuleV2")), "has no pipette on its left mount");
    requireRefusedOn(
        quick().with(Map.of("left", "p300_multi_gen2"), List.of()),
        "lacks the module temperatureModuleV2 (it has none)");
  }

  @Test
  void aProtocolOfOnesOwnGetsItsRunTimeParameters() throws Exception {
    Map<String, Object> parameters = withRunTimeParameters(Map.of("cycles", 3, "mix", true));

    robotStep().perform(new FakeStepContext(1, parameters));

    JsonNode run = Json.mapper().readTree(get("/runs")).path("data").path(0);
    Map<String, String> given = new HashMap<>();
    run.path("runTimeParameters")
        .forEach(
            each -> given.put(each.path("variableName").asText(), each.path("value").asText()));
    assertThat(given).isEqualTo(Map.of("cycles", "3", "mix", "true"));
  }

  /** Otherwise a run that the robot could not make would be in the way of all that follow. */
  @Test
  void aRunTimeParameterThatThereIsNotIsRefusedBeforeARunIsMade() throws Exception {
    requireRefused(withRunTimeParameters(Map.of("cicles", 3)), "Parameter cicles is not defined");

    assertThat(Json.mapper().readTree(get("/runs")).path("data")).isEmpty();
    assertThat(robotStep().perform(step(2)).get("commands")).isEqualTo(COMMANDS);
  }

  private static Map<String, Object> withRunTimeParameters(Map<String, ?> values) {
    Map<String, Object> parameters = new HashMap<>(protocol("\"2.15\"", "\"2.18\"", "2.18"));
    parameters.put(
        "protocol",
        """
        def add_parameters(parameters):
            parameters.add_int(variable_name="cycles", display_name="Cycles", default=1)
            parameters.add_bool(variable_name="mix", display_name="Mix", default=False)


        """
            + parameters.get("protocol"));
    parameters.put("run_time_parameters", values);
    return parameters;
  }

  private String get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(robot.address().resolve(path))
                .header("Opentrons-Version", "*")
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void withVirtualInstrumentsNoRobotIsTold() throws Exception {
    Map<String, ?> result =
        robotStep().perform(new FakeStepContext(1, Instruments.VIRTUAL, parameters()));

    assertThat(result.get("simulated")).isEqualTo(true);
    assertThat(new Ot2Client(robot.address()).protocolsWithKey("")).isEmpty();
    assertThat(witnessed()).isEmpty();
  }

  @Test
  void parametersThatCannotBeAreRefused() {
    requireBad(Map.of("robot", "ot2-z"), "no robot 'ot2-z' is configured");
    requireBad(Map.of("file_name", "../x.py"), "file_name must be letters");
    requireBad(Map.of("api_level", "two"), "api_level must be like 2.15");
    requireBad(Map.of("protocol", " "), "protocol must be a Python protocol");
    requireBad(
        Map.of("run_time_parameters", Map.of("cycles", 3)),
        "run_time_parameters need an api_level of 2.18 or more, not 2.15");
    requireBad(
        Map.of("run_time_parameters", Map.of("my cycles", 3)),
        "'my cycles' must be the variable name of a parameter");
    requireBad(Map.of("run_time_parameters", List.of(3)), "must be keys with values");
  }

  private void requireBad(Map<String, ?> wrong, String message) {
    Map<String, Object> parameters = new HashMap<>(parameters());
    parameters.putAll(wrong);
    assertThatThrownBy(() -> robotStep().verify(Parameters.of(parameters)))
        .isInstanceOf(ParameterException.class)
        .hasMessageContaining(message);
  }

  private void requireRefused(Map<String, ?> parameters, String message) throws IOException {
    assertThatThrownBy(() -> robotStep().perform(new FakeStepContext(1, parameters)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("Nothing was moved.");
    assertThat(witnessed()).isEmpty();
  }

  private void requireRefusedOn(FakeRobotOptions options, String message) throws IOException {
    robot.close();
    robot = FakeRobot.start(options);
    RobotSetup asConfigured =
        new RobotSetup(
            "ot2-a",
            new RobotAddress(robot.address(), true),
            Optional.of("FAKE"),
            Map.of("left", "p300_multi_gen2"),
            List.of("temperatureModuleV2"));
    RobotStep step =
        new RobotStep(
            id -> asConfigured,
            (parameters, before, further) -> parameters,
            folder.resolve("records"),
            QUICK);
    assertThatThrownBy(() -> step.perform(step(1)))
        .isInstanceOf(PermanentStepException.class)
        .hasMessageContaining(message);
    assertThat(witnessed()).isEmpty();
  }

  /**
   * Performs an attempt whose worker dies at a request.
   *
   * @return false if the attempt has ended before it came to so many requests
   */
  private boolean dieAt(Kind kind, int number, boolean restart) throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    robot.faults().hangAt(kind, number).onHang(ignored -> hangs.countDown());
    Started started = start(() -> robotStep().perform(step(1)));
    await().until(() -> hangs.getCount() == 0 || started.task().isDone());
    if (started.task().isDone()) {
      started.task().get();
      return false;
    }
    started.thread().interrupt();
    started.thread().join();
    if (restart) {
      robot.powerCycle();
    }
    return true;
  }

  private boolean wasPlayed() throws IOException {
    Path file = folder.resolve("robot").resolve("robot.json");
    if (!Files.exists(file)) {
      return false;
    }
    JsonNode state = Json.mapper().readTree(file.toFile());
    boolean played = false;
    for (JsonNode run : state.path("runs")) {
      played |= run.path("actions").toString().contains("play");
    }
    return played;
  }

  /** A new robot, for the next case. */
  private void forgetEverything() throws IOException {
    robot.close();
    Files.deleteIfExists(robot.witness());
    Files.deleteIfExists(folder.resolve("robot").resolve("robot.json"));
    moveRecordsAway();
    robot = FakeRobot.start(quick());
  }

  private void moveRecordsAway() throws IOException {
    Path records = folder.resolve("records");
    if (Files.exists(records)) {
      Files.move(records, folder.resolve("away-" + UUID.randomUUID()));
    }
  }

  private void requirePlayedOnce() throws IOException {
    Map<String, List<Integer>> byRun = new LinkedHashMap<>();
    for (JsonNode line : witnessed()) {
      byRun
          .computeIfAbsent(line.path("run_id").asText(), ignored -> new ArrayList<>())
          .add(line.path("command_index").asInt());
    }
    assertThat(byRun.values()).containsExactly(List.of(0, 1, 2, 3, 4, 5));
  }

  private List<JsonNode> witnessed() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(robot.witness())) {
      for (String line : Files.readAllLines(robot.witness())) {
        lines.add(Json.mapper().readTree(line));
      }
    }
    return lines;
  }

  private record Started(Thread thread, FutureTask<Map<String, ?>> task) {}

  private static Started start(Callable<Map<String, ?>> work) {
    FutureTask<Map<String, ?>> task = new FutureTask<>(work);
    Thread thread = new Thread(task);
    thread.start();
    return new Started(thread, task);
  }

  /** With commands that take long enough for something to happen in the middle. */
  private Started startSlowly(FakeStepContext step) throws IOException {
    robot.close();
    robot = FakeRobot.start(quick().taking(Duration.ofMillis(150)));
    return start(() -> robotStep().perform(step));
  }

  private FakeStepContext step(int epoch) {
    return new FakeStepContext(epoch, parameters());
  }

  private static Map<String, ?> parameters() {
    return protocol("run", "run", "2.15");
  }

  private static Map<String, ?> protocol(String from, String to, String apiLevel) {
    return Map.of(
        "robot",
        "ot2-a",
        "file_name",
        "feed.py",
        "protocol",
        PROTOCOL.replace(from, to),
        "api_level",
        apiLevel);
  }

  private RobotStep robotStep() {
    RobotSetup setup =
        new RobotSetup(
            "ot2-a",
            new RobotAddress(robot.address(), true),
            Optional.empty(),
            Map.of("left", "p300_multi_gen2"),
            List.of());
    return new RobotStep(
        id -> {
          if (id.equals("ot2-a")) {
            return setup;
          }
          throw new ParameterException("no robot '" + id + "' is configured");
        },
        (parameters, before, further) -> parameters,
        folder.resolve("records"),
        QUICK);
  }
}

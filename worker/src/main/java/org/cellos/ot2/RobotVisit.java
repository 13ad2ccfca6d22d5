package org.cellos.ot2;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.FaultPoint;
import org.cellos.domain.Mode;
import org.cellos.domain.StepRequest;
import org.cellos.domain.WellProgress;
import org.cellos.handler.NothingMovedException;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StoppedStepException;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.WorkerEndsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one robot's step: finds the run of an attempt before, or makes one, plays it once,
 * and follows it to its end. Used once, by one thread.
 *
 * <p>Everything rests on what the robot itself keeps: a protocol's key, which names the step and
 * its epoch, and the play action, which is stored before anything moves.
 */
final class RobotVisit {
  private static final Logger log = LoggerFactory.getLogger(RobotVisit.class);
  private static final int COMMANDS_AT_ONCE = 200;
  private static final String KEY_START = "cellos:";
  private static final String RERUN =
      "'cellos retry', or 'cellos rerun' with --wells rest, leaves these out. It begins with full tip racks and with the"
          + " reservoirs filled as robots.yaml says: see to that first.";
  private static final Duration LONG_SILENCE = Duration.ofSeconds(5);

  /** How often an ended run is looked at for the commands that are not known of it yet. */
  private static final int MOST_LOOKS = 30;

  private final StepContext step;
  private final RobotSetup robot;
  private final RobotProtocol protocol;
  private final RunRecord record;
  private final RobotStep.Pace pace;
  private final Ot2Client client;
  private final String key;
  private boolean isFake;
  private String protocolId = "";
  private int commandsExpected;
  private int looksAfterEnd;
  private String recordTrouble = "";

  /** Since when nothing is heard of the robot; null while it answers. */
  private @Nullable Instant silentSince;

  /** The run that this attempt has told the robot to play; empty as long as it has told nothing. */
  private String told = "";

  RobotVisit(
      StepContext step,
      RobotSetup robot,
      RobotProtocol protocol,
      RunRecord record,
      RobotStep.Pace pace) {
    this.step = step;
    this.robot = robot;
    this.protocol = protocol;
    this.record = record;
    this.pace = pace;
    this.client = new Ot2Client(robot.address().uri());
    this.key = key(step.request());
  }

  /** What the robot knows the work of a step by: another epoch is other work. */
  static String key(StepRequest request) {
    return KEY_START
        + request.executionId()
        + ":step-"
        + (request.stepIndex() + 1)
        + ":epoch-"
        + request.epoch();
  }

  /** With the key in it: the same bytes would be the protocol of an epoch before. */
  private String source() {
    return protocol.source().stripTrailing() + "\n# " + key + "\n";
  }

  Map<String, ?> perform() throws Exception {
    Optional<String> forbidden = robot.address().forbidden();
    if (forbidden.isPresent()) {
      throw new PermanentStepException(
          "The address of "
              + robot.id()
              + " is refused: "
              + forbidden.get()
              + ". Nothing was moved.");
    }
    RobotRun run;
    try {
      run = played();
    } catch (InterruptedException e) {
      // An attempt before may have told it, and this one not have got to hear of that yet.
      String begun = told.isEmpty() ? record.intendedRun().orElse("") : told;
      if (begun.isEmpty()) {
        throw new NothingMovedException("Interrupted before the robot was told to play.");
      }
      return afterInterruption(begun);
    }
    return follow(run);
  }

  /**
   * Returns when the robot has been told to play this step's protocol, now or by an attempt before.
   */
  private RobotRun played() throws Exception {
    while (true) {
      try {
        RobotHealth health = client.health();
        isFake = health.isFake();
        if (isFake) {
          record.fake();
        }
        answers();
        Optional<RobotRun> own = ownRun();
        if (own.isPresent() && own.get().wasPlayed()) {
          log.info("Step {} goes on with run {} of {}", key, own.get().id(), robot.id());
          return own.get();
        }
        requireRightRobot(health);
        if (own.isEmpty()) {
          requireNotForgotten();
          if (isBusy()) {
            pause();
            continue;
          }
          protocolId =
              client.upload(protocol.fileName(), source(), key, protocol.runTimeParameters());
          FaultPoint.AFTER_UPLOAD.pass();
          awaitAnalysis();
          if (isBusy()) {
            continue;
          }
          client.createRun(protocolId, protocol.runTimeParameters());
          FaultPoint.AFTER_RUN_CREATED.pass();
          // What is played is what the robot says it has, not what it has answered.
          continue;
        }
        if (commandsExpected == 0) {
          awaitAnalysis();
        }
        RobotRun ready = own.get();
        tell("about to play", ready.id(), 0);
        step.requireWanted();
        noteIntent(ready.id());
        told = ready.id();
        client.tell(ready.id(), RunAction.PLAY);
        FaultPoint.AFTER_SEND.pass();
      } catch (RobotSilentException e) {
        say("waits for the robot: " + e.getMessage());
        silent();
        pause();
      } catch (RobotRefusalException e) {
        // The robot has another opinion of what is current: look again before anything else.
        say("looks again: " + e.getMessage());
        pause();
      }
    }
  }

  /**
   * A robot keeps few runs, and one that took its place has none of them: what it was told to play
   * and does not know any more may have been played.
   */
  private void requireNotForgotten() throws Exception {
    Optional<String> intended = record.intendedRun();
    if (intended.isPresent() && find(intended.get()).isEmpty()) {
      throw unknown(
          "does not know the run " + intended.get() + " any more, which it was told to play");
    }
  }

  /** On disk before the robot is told, or it is not told. */
  private void noteIntent(String runId) throws NothingMovedException {
    record.begin(robot.id(), protocolId, runId, source());
    record.intend(runId);
    record.heard();
    try {
      record.save();
    } catch (IOException e) {
      throw new NothingMovedException(
          "The robot was not told to play, since that cannot be written down: " + e.getMessage());
    }
  }

  /** The run of this step and epoch that counts: a played one, or else one that can be played. */
  private Optional<RobotRun> ownRun() throws Exception {
    List<RobotRun> played = new ArrayList<>();
    Optional<RobotRun> ready = Optional.empty();
    for (String id : client.protocolsWithKey(key)) {
      for (String runId : client.runsOf(id)) {
        Optional<RobotRun> run = find(runId);
        if (run.isEmpty()) {
          continue;
        }
        if (run.get().wasPlayed()) {
          played.add(run.get());
          protocolId = id;
        } else if (run.get().isReady()) {
          ready = run;
          protocolId = played.isEmpty() ? id : protocolId;
        }
      }
    }
    if (played.size() > 1) {
      throw new UnknownOutcomeException(
          "The robot "
              + robot.id()
              + " has "
              + played.size()
              + " played runs of this step ("
              + String.join(", ", played.stream().map(RobotRun::id).toList())
              + "): somebody has played one of them by hand. Look at the plate.");
    }
    return played.isEmpty() ? ready : Optional.of(played.get(0));
  }

  private Optional<RobotRun> find(String runId)
      throws RobotSilentException, RobotRefusalException, InterruptedException {
    try {
      return Optional.of(client.run(runId));
    } catch (RobotRefusalException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether what answers is the robot that is meant, with what the protocol needs. */
  private void requireRightRobot(RobotHealth health) throws Exception {
    Optional<String> problem = RobotCheck.problem(robot, protocol, health, client);
    if (problem.isPresent()) {
      throw new PermanentStepException(problem.get() + " Nothing was moved.");
    }
  }

  /** Whether the robot has somebody else's run loaded, which is never pushed aside. */
  private boolean isBusy() throws Exception {
    Optional<String> current = client.currentRun();
    if (current.isEmpty()) {
      return false;
    }
    Optional<RobotRun> run = find(current.get());
    if (run.isEmpty() || run.get().status().isTerminal() || !run.get().isWhole()) {
      return false;
    }
    if (!run.get().wasPlayed() && isOfThisProgram(run.get())) {
      // Left by a step that ended before it played: a robot replaces such a run by itself.
      return false;
    }
    say(
        "waits: the robot has the run "
            + run.get().id()
            + " of somebody else loaded ("
            + run.get().statusWord()
            + "). Let it end, or close it at the robot.");
    return true;
  }

  private boolean isOfThisProgram(RobotRun run) throws Exception {
    return run.protocolId().isPresent()
        && client.protocolKey(run.protocolId().get()).startsWith(KEY_START);
  }

  private void awaitAnalysis() throws Exception {
    while (true) {
      Analysis analysis = client.analysis(protocolId);
      if (analysis.isCompleted()) {
        if (!analysis.isOk()) {
          throw new PermanentStepException(
              "The robot refuses the protocol: "
                  + String.join("; ", analysis.errors())
                  + ". Nothing was moved.");
        }
        commandsExpected = analysis.commands();
        return;
      }
      say("the robot looks the protocol through");
      pause();
    }
  }

  private Map<String, ?> follow(RobotRun begun) throws Exception {
    FaultPoint.AFTER_PLAY.pass();
    String runId = begun.id();
    record.begin(robot.id(), protocolId, runId, source());
    try {
      learnWhatIsExpected();
      return result(awaitEnd(runId, false));
    } catch (InterruptedException e) {
      return afterInterruption(runId);
    }
  }

  private Map<String, ?> afterInterruption(String runId) throws Exception {
    if (!step.isCancelled()) {
      // The robot goes on by itself; the next attempt finds it.
      throw new WorkerEndsException(
          "The worker ends; the robot goes on, and another worker follows it.");
    }
    try {
      return stop(runId);
    } catch (InterruptedException e) {
      throw new WorkerEndsException("The worker ends before the robot has confirmed its stop.");
    }
  }

  /** An attempt that goes on with a run has not seen its analysis. */
  private void learnWhatIsExpected() throws InterruptedException {
    if (commandsExpected > 0) {
      return;
    }
    try {
      commandsExpected = client.analysis(protocolId).commands();
    } catch (RobotSilentException | RobotRefusalException e) {
      log.info("How many commands {} has is not known: {}", protocolId, e.getMessage());
    }
  }

  /** Stops the run and returns only when the robot says that nothing moves. */
  private Map<String, ?> stop(String runId) throws Exception {
    RobotRun ended = awaitEnd(runId, true);
    if (ended.status() == RunStatus.STOPPED) {
      throw new StoppedStepException(
          "Stopped at the robot "
              + robot.id()
              + " as asked, after "
              + ofCommands()
              + "."
              + whichWells(RERUN));
    }
    return result(ended);
  }

  /**
   * Follows a run until nothing moves any more.
   *
   * @param stopping tell it to stop, as often as it takes
   */
  private RobotRun awaitEnd(String runId, boolean stopping) throws Exception {
    Instant since = Instant.now();
    while (true) {
      try {
        if (stopping) {
          requestStop(runId);
        }
        RobotRun run =
            find(runId)
                .orElseThrow(
                    () ->
                        unknown("does not know the run " + runId + " any more, which was played"));
        if (!run.isWhole()) {
          throw unknown("was switched off or restarted after it had been told to play");
        }
        boolean isNoted = noteCommands(runId);
        record.status(run);
        if (run.status().isTerminal() && (isNoted || stopping || ++looksAfterEnd > MOST_LOOKS)) {
          record.heardForTheLastTime();
          if (isNoted) {
            record.endWhole();
          }
          record.says(robot.id() + ": " + run.statusWord());
          save();
          return run;
        }
        silentSince = null;
        if (!stopping) {
          heldFor(run.status())
              .map(reason -> robot.id() + ": " + reason)
              .ifPresentOrElse(step::heldByInstrument, step::goesOn);
        }
        tell(says(run, stopping, since), runId, record.ended());
      } catch (RobotSilentException e) {
        tell(
            (stopping ? alarm(since) : "")
                + "the robot does not answer: "
                + e.getMessage()
                + "; when it was last heard, "
                + ofCommands()
                + " were done",
            runId,
            record.ended());
        if (!stopping) {
          silent();
        }
      }
      pause();
    }
  }

  private void requestStop(String runId) throws RobotSilentException, InterruptedException {
    try {
      RobotRun run = client.run(runId);
      if (!run.status().isTerminal() && run.status() != RunStatus.STOP_REQUESTED) {
        client.tell(runId, RunAction.STOP);
      }
    } catch (RobotRefusalException e) {
      log.info("The robot {} refused the stop of {}: {}", robot.id(), runId, e.getMessage());
    }
  }

  private String says(RobotRun run, boolean stopping, Instant since) {
    if (stopping) {
      return alarm(since)
          + "waits until the robot confirms its stop (it says: "
          + run.statusWord()
          + ")";
    }
    String at = ofCommands() + " done" + lastCommand();
    return switch (run.status()) {
      case PAUSED, BLOCKED_BY_OPEN_DOOR, AWAITING_RECOVERY ->
          heldFor(run.status()).orElseThrow() + " " + at;
      case UNKNOWN -> "the robot says '" + run.statusWord() + "', which is not known here; " + at;
      case STOP_REQUESTED -> "the robot is being stopped, not by this program; " + at;
      case IDLE, RUNNING, FINISHING, STOPPED, FAILED, SUCCEEDED -> at;
    };
  }

  /** After a while somebody has to go there: cells may stand open in front of it. */
  private void silent() {
    Instant now = Instant.now();
    if (silentSince == null) {
      silentSince = now;
    } else if (Duration.between(silentSince, now).compareTo(pace.alarm()) > 0) {
      step.heldByInstrument(
          robot.id()
              + ": NO ANSWER from the robot. Look whether it is switched on and connected, and at"
              + " the plate.");
    }
  }

  private void answers() {
    if (silentSince != null) {
      silentSince = null;
      step.goesOn();
    }
  }

  /** Why the robot waits for a person who stands before it; empty unless it does. */
  private static Optional<String> heldFor(RunStatus status) {
    String atRobot = "PAUSED at the robot: ";
    return switch (status) {
      case PAUSED -> Optional.of(atRobot + "press its button, or play it in its app.");
      case BLOCKED_BY_OPEN_DOOR ->
          Optional.of(atRobot + "its door is open. Close it, then press its button.");
      case AWAITING_RECOVERY -> Optional.of(atRobot + "it asks for help. Look at the robot.");
      case IDLE, RUNNING, FINISHING, STOP_REQUESTED, STOPPED, FAILED, SUCCEEDED, UNKNOWN ->
          Optional.empty();
    };
  }

  private String lastCommand() {
    return record.describeLast().map(command -> ", last " + command).orElse("");
  }

  private String alarm(Instant since) {
    Duration waited = Duration.between(since, Instant.now());
    return waited.compareTo(pace.alarm()) < 0
        ? ""
        : "ALARM: NOT STOPPED for "
            + waited.toSeconds()
            + " s. Go to the robot "
            + robot.id()
            + " and switch it off. ";
  }

  /**
   * @return whether all of them are known that the robot tells of
   */
  private boolean noteCommands(String runId) throws InterruptedException {
    try {
      while (true) {
        int from = record.ended();
        List<RobotCommand> news = client.commands(runId, from, COMMANDS_AT_ONCE);
        record.note(news);
        if (news.size() < COMMANDS_AT_ONCE || record.ended() == from) {
          record.heard();
          return true;
        }
      }
    } catch (RobotSilentException | RobotRefusalException e) {
      log.info("The commands of {} are not known now: {}", runId, e.getMessage());
      return false;
    }
  }

  /** A record that cannot be kept must not end the step: the robot goes on meanwhile. */
  private void save() {
    try {
      record.save();
      recordTrouble = "";
    } catch (IOException e) {
      log.warn("What the robot {} says cannot be kept", robot.id(), e);
      recordTrouble = "What the robot said of its commands could not be kept: " + e.getMessage();
    }
  }

  private Map<String, ?> result(RobotRun run) throws PermanentStepException {
    return switch (run.status()) {
      case SUCCEEDED -> succeeded(run);
      case FAILED ->
          throw new PermanentStepException(
              "The robot "
                  + robot.id()
                  + " failed after "
                  + ofCommands()
                  + ": "
                  + String.join("; ", run.errors())
                  + whatIsDone()
                  + whichWells(RERUN));
      case STOPPED ->
          throw new PermanentStepException(
              "Stopped at the robot "
                  + robot.id()
                  + ", not by this program, after "
                  + ofCommands()
                  + "."
                  + whatIsDone()
                  + whichWells(RERUN));
      case IDLE,
          RUNNING,
          FINISHING,
          PAUSED,
          BLOCKED_BY_OPEN_DOOR,
          AWAITING_RECOVERY,
          STOP_REQUESTED,
          UNKNOWN ->
          throw new IllegalStateException("run " + run.id() + " has not ended");
    };
  }

  private Map<String, ?> succeeded(RobotRun run) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "success");
    result.put("mode", isFake ? Mode.VIRTUAL.wireValue() : Mode.HARDWARE.wireValue());
    if (isFake) {
      result.put("simulated", true);
    }
    result.put("robot", robot.id());
    result.put("ot2_run_id", run.id());
    result.put("protocol_id", protocolId);
    result.put("commands", record.succeeded().size());
    result.put("commands_file", record.file().toString());
    if (!recordTrouble.isEmpty()) {
      result.put("note", recordTrouble);
    }
    return result;
  }

  private UnknownOutcomeException unknown(String what) {
    record.heardForTheLastTime();
    save();
    return new UnknownOutcomeException(
        "The robot "
            + robot.id()
            + " "
            + what
            + "."
            + whatIsDone()
            + whichWells(
                "'again' leaves these out, and the next one, since it may have gone on. It begins"
                    + " with full tip racks and with the reservoirs filled as robots.yaml says:"
                    + " see to that first, and to a tip that a pipette still holds.")
            + (record.wells().isEmpty() && WellProgress.isMarked(protocol.source())
                ? " Nobody has heard of a well; 'again' leaves out the first two, where it may have"
                    + " been."
                : "")
            + unheard()
            + " Look at the plate.");
  }

  /** A robot that nobody heard may have worked all the same. */
  private String unheard() {
    return record
        .unheard()
        .filter(silence -> silence.compareTo(LONG_SILENCE) > 0)
        .map(
            silence ->
                " It was not heard for "
                    + silence.toSeconds()
                    + " s before that: if it worked meanwhile, more is done than is known here, and"
                    + " 'again' would do it twice.")
        .orElse("");
  }

  private String whatIsDone() {
    return " As it was last heard, "
        + ofCommands()
        + " had ended"
        + record.describeLast().map(last -> ", the last one heard of was " + last).orElse("")
        + ".";
  }

  private String whichWells(String again) {
    WellProgress wells = record.wells();
    return wells.isEmpty() ? "" : " Of its wells " + wells.inWords() + "; " + again;
  }

  private String ofCommands() {
    int done = record.succeeded().size();
    return commandsExpected == 0
        ? done + " commands"
        : done + " of " + commandsExpected + " commands";
  }

  private void say(String progress) {
    record.says(robot.id() + ": " + progress);
    save();
    step.heartbeat(robot.id() + ": " + progress, Map.of("robot", robot.id()));
  }

  private void tell(String progress, String runId, int commandIndex) {
    record.says(robot.id() + ": " + progress);
    save();
    step.heartbeat(
        robot.id() + ": " + progress,
        Map.of("protocolId", protocolId, "ot2RunId", runId, "commandIndex", commandIndex));
  }

  private void pause() throws InterruptedException {
    Thread.sleep(pace.poll().toMillis());
  }
}

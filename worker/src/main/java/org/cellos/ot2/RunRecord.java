package org.cellos.ot2;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cellos.domain.StepRequest;
import org.cellos.domain.WellProgress;
import org.cellos.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a robot has said of a step's run, kept beside the history: the protocol, and every command
 * with its volumes. A robot keeps few runs, and forgets their commands when it is switched off.
 */
public final class RunRecord {
  private static final Logger log = LoggerFactory.getLogger(RunRecord.class);

  private static final String INTENDED = "told_to_play";
  private static final String WHOLE = "all_commands_known";
  private static final String LEFT_OUT = "wells_left_out";
  private static final String SAYS = "says";
  private static final String FAKE = "fake";
  private static final String HEARD_AT = "heard_at";
  private static final String UNHEARD_SECONDS = "unheard_seconds";
  private static final String AT = "at";

  private final Path file;
  private final ObjectNode content;
  private final ArrayNode commands;

  private final boolean isLost;

  private RunRecord(Path file, ObjectNode content, boolean isLost) {
    this.file = file;
    this.content = content;
    this.isLost = isLost;
    this.commands = content.withArray("commands");
  }

  /**
   * What was last said of a step's robot.
   *
   * @param text one line for people
   * @param at when
   */
  public record Said(String text, Instant at) {}

  /**
   * @param folder of all records
   * @return empty if there is nothing, or nothing that can be read
   */
  public static Optional<Said> latest(Path folder, String executionId, int stepIndex) {
    int newest = lastEpoch(folder, executionId, stepIndex);
    if (newest == 0) {
      return Optional.empty();
    }
    JsonNode record = of(folder, executionId, stepIndex, newest).content;
    try {
      return record.has(SAYS)
          ? Optional.of(
              new Said(record.path(SAYS).asText(), Instant.parse(record.path(AT).asText())))
          : Optional.empty();
    } catch (DateTimeParseException e) {
      log.debug("What the robot of {} says cannot be read", executionId, e);
      return Optional.empty();
    }
  }

  /** Those of all epochs, in their order. */
  static List<RunRecord> all(Path folder, String executionId, int stepIndex) {
    return upTo(lastEpoch(folder, executionId, stepIndex), folder, executionId, stepIndex);
  }

  /** The newest epoch with a record, from 1; 0 if there is none. */
  private static int lastEpoch(Path folder, String executionId, int stepIndex) {
    Path own = folder.resolve(folderName(executionId));
    if (!Files.isDirectory(own)) {
      return 0;
    }
    String start = "step-" + (stepIndex + 1) + "-";
    try (Stream<Path> files = Files.list(own)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(start))
          .filter(file -> file.getFileName().toString().endsWith(".json"))
          .mapToInt(file -> epoch(file, start))
          .max()
          .orElse(0);
    } catch (IOException e) {
      log.warn("What robots have said of {} cannot be read", executionId, e);
      return 0;
    }
  }

  private static int epoch(Path file, String start) {
    String digits = file.getFileName().toString().substring(start.length()).replace(".json", "");
    return digits.matches("[0-9]{1,6}") ? Integer.parseInt(digits) : 0;
  }

  private static String folderName(String executionId) {
    return executionId.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  /** That of this step and epoch, as an attempt before has left it; a new one where it is not. */
  static RunRecord of(Path folder, StepRequest step) {
    return of(folder, step.executionId(), step.stepIndex(), step.epoch());
  }

  /** Those of the epochs before, in their order. */
  static List<RunRecord> before(Path folder, StepRequest step) {
    return upTo(step.epoch() - 1, folder, step.executionId(), step.stepIndex());
  }

  private static List<RunRecord> upTo(
      int lastEpoch, Path folder, String executionId, int stepIndex) {
    List<RunRecord> records = new ArrayList<>();
    for (int epoch = 1; epoch <= lastEpoch; epoch++) {
      records.add(of(folder, executionId, stepIndex, epoch));
    }
    return records;
  }

  private static RunRecord of(Path folder, String executionId, int stepIndex, int epoch) {
    Path file =
        folder
            .resolve(folderName(executionId))
            .resolve("step-" + (stepIndex + 1) + "-" + epoch + ".json");
    try {
      if (Files.exists(file)
          && Json.mapper().readTree(Files.readAllBytes(file)) instanceof ObjectNode content) {
        return new RunRecord(file, content, false);
      }
    } catch (IOException e) {
      // The robot tells it all once more, if it is followed still.
      log.warn("The record {} cannot be read, and is begun anew", file, e);
      return new RunRecord(file, Json.mapper().createObjectNode(), true);
    }
    return new RunRecord(file, Json.mapper().createObjectNode(), false);
  }

  Path file() {
    return file;
  }

  /** Whether a robot of any step of an execution was a fake one, whatever became of the step. */
  public static boolean isOfFake(Path folder, String executionId) {
    Path own = folder.resolve(folderName(executionId));
    if (!Files.isDirectory(own)) {
      return false;
    }
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".json")).toList()) {
        if (Json.mapper().readTree(Files.readAllBytes(file)).path(FAKE).asBoolean()) {
          return true;
        }
      }
    } catch (IOException e) {
      log.debug("What robots have said of {} cannot be read", executionId, e);
    }
    return false;
  }

  /** What answers is a program that only behaves like a robot. */
  void fake() {
    content.put(FAKE, true);
  }

  /** Begins anew if it was of another run; whoever only follows a run does not know its source. */
  void begin(String robot, String protocolId, String runId, String source) {
    if (!content.path("ot2_run_id").asText().equals(runId)) {
      commands.removeAll();
      content.put("source", source);
    }
    content.put("robot", robot).put("protocol_id", protocolId).put("ot2_run_id", runId);
  }

  /** How many of its first commands are over, so that they need not be asked for again. */
  int ended() {
    int ended = 0;
    while (ended < commands.size() && hasEnded(commands.get(ended))) {
      ended++;
    }
    return ended;
  }

  private static boolean hasEnded(JsonNode command) {
    String status = command.path("status").asText();
    return status.equals("succeeded") || status.equals("failed");
  }

  /** The commands that have succeeded, in their order. */
  List<JsonNode> succeeded() {
    List<JsonNode> succeeded = new ArrayList<>();
    for (JsonNode command : commands) {
      if (command.path("status").asText().equals("succeeded")) {
        succeeded.add(command);
      }
    }
    return succeeded;
  }

  /** How far the run came with the wells of a plate; nothing where its protocol does not say. */
  WellProgress wells() {
    List<String> comments = new ArrayList<>();
    for (JsonNode command : commands) {
      // They take no time: what is said to begin has begun when the comment has.
      if (command.path("commandType").asText().equals("comment")
          && command.path("status").asText().matches("running|succeeded")) {
        comments.add(command.at("/params/message").asText());
      }
    }
    return WellProgress.of(comments);
  }

  /** The robot has ended the run, and told of every command before. */
  void endWhole() {
    content.put(WHOLE, true);
  }

  /** Whether the robot may have come further than is known here. */
  boolean mayHaveGoneOn() {
    return isLost || (intendedRun().isPresent() && !content.path(WHOLE).asBoolean());
  }

  /** The robot has told how far it is, or is told to begin. */
  void heard() {
    content.put(HEARD_AT, Instant.now().toString());
  }

  /** Nothing more will be heard of the run: notes for how long nothing was before. */
  void heardForTheLastTime() {
    String at = content.path(HEARD_AT).asText();
    if (!at.isEmpty()) {
      content.put(UNHEARD_SECONDS, Duration.between(Instant.parse(at), Instant.now()).toSeconds());
    }
  }

  /** For how long nothing was heard before the end; empty where nobody followed the run to it. */
  Optional<Duration> unheard() {
    if (content.path(WHOLE).asBoolean()) {
      return Optional.of(Duration.ZERO);
    }
    return content.has(UNHEARD_SECONDS)
        ? Optional.of(Duration.ofSeconds(content.path(UNHEARD_SECONDS).asLong()))
        : Optional.empty();
  }

  /** Whether nobody can read any more what was recorded here. */
  boolean isLost() {
    return isLost;
  }

  /** The last command heard of, for people: {@code aspirate of 150.0 µL at C4 (running)}. */
  Optional<String> describeLast() {
    if (commands.isEmpty()) {
      return Optional.empty();
    }
    JsonNode last = commands.get(commands.size() - 1);
    JsonNode parameters = last.path("params");
    StringBuilder text = new StringBuilder(last.path("commandType").asText());
    if (parameters.has("volume")) {
      text.append(" of ").append(parameters.path("volume").asText()).append(" µL");
    }
    if (parameters.has("wellName")) {
      text.append(" at ").append(parameters.path("wellName").asText());
    }
    if (parameters.has("message")) {
      text.append(" '").append(parameters.path("message").asText()).append('\'');
    }
    return Optional.of(text + " (" + last.path("status").asText() + ")");
  }

  /** Takes commands over as they are now. */
  void note(List<RobotCommand> news) {
    for (RobotCommand command : news) {
      while (commands.size() > command.index()) {
        commands.remove(commands.size() - 1);
      }
      commands.add(command.json());
    }
  }

  /** The wells that its protocol leaves out. */
  void leaveOut(List<String> wells) {
    ArrayNode names = content.putArray(LEFT_OUT);
    wells.forEach(names::add);
  }

  List<String> leftOut() {
    List<String> wells = new ArrayList<>();
    content.path(LEFT_OUT).forEach(well -> wells.add(well.asText()));
    return wells;
  }

  /** The run that the robot is about to be told to play. */
  void intend(String runId) {
    content.put(INTENDED, runId);
  }

  /** Of this attempt or one before; empty where the robot was never told. */
  Optional<String> intendedRun() {
    return Optional.ofNullable(content.path(INTENDED).textValue());
  }

  void says(String text) {
    content.put(SAYS, text).put(AT, Instant.now().toString());
  }

  void status(RobotRun run) {
    content.put("status", run.statusWord());
  }

  /** On disk when it returns, whole or as it was before. */
  void save() throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(fresh, Json.writePretty(content));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

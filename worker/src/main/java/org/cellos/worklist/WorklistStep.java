package org.cellos.worklist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.Instruments;
import org.cellos.domain.Mode;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRequest;
import org.cellos.handler.PermanentStepException;
import org.cellos.handler.StepContext;
import org.cellos.handler.StepHandler;
import org.cellos.handler.UnknownOutcomeException;
import org.cellos.handler.VirtualAnswer;
import org.cellos.handler.WorkerEndsException;
import org.cellos.json.Json;
import org.cellos.protocol.HandlersFile.Worklist;

/**
 * The step that puts a worklist into a folder, and waits until somebody answers there: the device's
 * own program, a script beside it, or its operator.
 *
 * <p>{@code NAME.csv} says what is to be done, one line a transfer ({@code transfers} of the step's
 * parameters) or one line for the whole step. {@code NAME.csv.done} answers that it was done, empty
 * or with a JSON object that becomes the step's result; {@code NAME.csv.failed} that it failed,
 * with the reason. An answer has to appear whole: written under another name and renamed.
 *
 * <p>Its effect class is {@link org.cellos.domain.EffectClass#REATTACHABLE}: another attempt knows
 * by {@code NAME.csv.given} that the list was handed over, and writes no second one. Thread-safe.
 */
public final class WorklistStep implements StepHandler {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
  private static final String DONE = ".done";
  private static final String FAILED = ".failed";
  private static final String CANCELLED = ".cancelled";

  /** As much of an answer as is kept. */
  private static final int MOST_BYTES = 1_000_000;

  private final Worklist worklist;
  private final Duration betweenLooks;

  public WorklistStep(Worklist worklist) {
    this(worklist, BETWEEN_LOOKS);
  }

  WorklistStep(Worklist worklist, Duration betweenLooks) {
    this.worklist = worklist;
    this.betweenLooks = betweenLooks;
  }

  @Override
  public void verify(Parameters parameters) {
    worklist.verify(parameters);
    WorklistTable.of(parameters);
  }

  @Override
  public Map<String, ?> perform(StepContext step) throws Exception {
    if (step.request().instruments() == Instruments.VIRTUAL) {
      return VirtualAnswer.of("No worklist was written: virtual instruments.");
    }
    Path file = worklist.folder().resolve(name(step.request()));
    write(step, file);
    try {
      return answer(step, file);
    } catch (InterruptedException e) {
      if (!step.isCancelled()) {
        throw new WorkerEndsException(
            "The worker ends; the worklist stays, and another waits for it.", e);
      }
      throw cancelled(file);
    }
  }

  /** The same for every attempt of an epoch; on every file system. */
  static String name(StepRequest request) {
    return request.executionId().replace(':', '_')
        + "_step-"
        + (request.stepIndex() + 1)
        + "_epoch-"
        + request.epoch()
        + ".csv";
  }

  /**
   * The device may take the file away at once. So a mark says first that it is handed over; as long
   * as the draft is there, it was not.
   */
  private void write(StepContext step, Path file) throws Exception {
    Path draft = beside(file, ".draft");
    Path mark = beside(file, ".given");
    if (Files.exists(mark) && !Files.exists(draft)) {
      return;
    }
    String text;
    try {
      text = WorklistTable.of(step.parameters()).text();
    } catch (ParameterException e) {
      throw new PermanentStepException("No worklist was written: " + e.getMessage() + ".");
    }
    Files.createDirectories(worklist.folder());
    writeToDisk(draft, text);
    step.requireWanted();
    writeToDisk(mark, "");
    // Whoever watches the folder sees all of it, or nothing.
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void writeToDisk(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private Map<String, ?> answer(StepContext step, Path file) throws Exception {
    Instant deadline = Instant.now().plus(worklist.timeout());
    while (true) {
      Path failed = beside(file, FAILED);
      if (Files.exists(failed)) {
        throw new UnknownOutcomeException(
            "It was answered that "
                + file
                + " failed: "
                + said(failed)
                + " Look at what was done of it.");
      }
      if (Files.exists(beside(file, DONE))) {
        return result(file);
      }
      if (Instant.now().isAfter(deadline)) {
        throw new UnknownOutcomeException(
            "Nobody has answered for " + file + " in time. Look at what was done of it.");
      }
      step.heartbeat("waits for " + file.getFileName() + DONE + " or " + FAILED + " beside it");
      TimeUnit.MILLISECONDS.sleep(betweenLooks.toMillis());
    }
  }

  private static Map<String, ?> result(Path file) throws Exception {
    Map<String, Object> result = new LinkedHashMap<>();
    String said = said(beside(file, DONE));
    if (!said.isEmpty()) {
      try {
        result.putAll(Json.read(said, Parameters.class).values());
      } catch (RuntimeException e) {
        result.put("note", said);
      }
    }
    boolean isSimulated = Boolean.TRUE.equals(result.get("simulated"));
    result.put("status", "success");
    result.put("mode", isSimulated ? Mode.VIRTUAL.wireValue() : Mode.HARDWARE.wireValue());
    result.put("worklist", file.toString());
    return result;
  }

  /** Taken out of the folder; what was done of it, only people can see. */
  private static UnknownOutcomeException cancelled(Path file) throws IOException {
    try {
      Files.move(file, beside(file, CANCELLED), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // The device has taken it away.
    }
    return new UnknownOutcomeException(
        "The worklist "
            + file
            + " was cancelled, and is called so. Stop the device if it has taken it, and look at what"
            + " was done of it.");
  }

  private static String said(Path answer) throws IOException {
    byte[] bytes = Files.readAllBytes(answer);
    if (bytes.length > MOST_BYTES) {
      throw new IOException(answer + " has more than " + MOST_BYTES + " bytes.");
    }
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }
}

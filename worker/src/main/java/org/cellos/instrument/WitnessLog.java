package org.cellos.instrument;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.cellos.domain.FaultPoint;
import org.cellos.domain.StepRequest;
import org.cellos.json.Json;

/**
 * One line of JSON per physical effect, on disk before the effect is reported. It is independent of
 * the mirror and of Temporal, so that it can judge both. Thread-safe; several processes may append
 * to one file.
 */
public final class WitnessLog {
  private final Optional<Path> file;

  private WitnessLog(Optional<Path> file) {
    this.file = file;
  }

  /** Keeps nothing. */
  public static WitnessLog none() {
    return new WitnessLog(Optional.empty());
  }

  public static WitnessLog appendingTo(Path file) {
    return new WitnessLog(Optional.of(file));
  }

  /**
   * @throws IOException if the line is not safely on disk; then the effect must not be reported
   */
  void note(StepRequest step) throws IOException {
    FaultPoint.AFTER_SEND.pass();
    if (file.isPresent()) {
      append(file.get(), step);
    }
    FaultPoint.AFTER_EFFECT.pass();
  }

  private static synchronized void append(Path file, StepRequest step) throws IOException {
    String line =
        Json.write(
                new Line(
                    Instant.now(),
                    step.executionId(),
                    step.stepId(),
                    step.stepIndex(),
                    step.operationType(),
                    step.epoch()))
            + "\n";
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  @JsonPropertyOrder({"at", "execution_id", "step_id", "step_index", "operation_type", "epoch"})
  private record Line(
      Instant at,
      String executionId,
      String stepId,
      int stepIndex,
      String operationType,
      int epoch) {}
}

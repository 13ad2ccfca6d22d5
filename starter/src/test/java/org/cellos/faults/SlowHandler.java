package org.cellos.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.cellos.domain.StepRequest;
import org.cellos.handler.HandlerProvider;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.StepContext;
import org.cellos.json.Json;

/** An instrument that acts, notes it, and takes {@code seconds} until it says so. */
public final class SlowHandler implements HandlerProvider {
  static final String OPERATION = "scan_slowly";

  @Override
  public void registerHandlers(HandlerRegistry registry) {
    registry.register(OPERATION, SlowHandler::scan);
  }

  private static Map<String, ?> scan(StepContext step) throws IOException, InterruptedException {
    note(step.request());
    Thread.sleep(Math.round(step.parameters().number("seconds") * 1000));
    return Map.of("status", "success");
  }

  /** As the virtual instruments do, so that one judge reads both. */
  private static void note(StepRequest step) throws IOException {
    String file = System.getenv(Bench.WITNESS_VARIABLE);
    if (file != null) {
      Files.writeString(
          Path.of(file),
          Json.write(
                  Map.of(
                      "at",
                      Instant.now(),
                      "execution_id",
                      step.executionId(),
                      "step_index",
                      step.stepIndex(),
                      "operation_type",
                      step.operationType(),
                      "epoch",
                      step.epoch()))
              + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    }
  }
}

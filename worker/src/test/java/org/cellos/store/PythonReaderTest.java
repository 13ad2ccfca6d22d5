package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.attempt;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.failed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PythonReaderTest {
  @TempDir private Path folder;

  @Test
  void aPythonProgramReadsTheDocumentedTablesByPosition() throws Exception {
    assumeTrue(hasPython(), "python3 is not installed");
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase database = MirrorDatabase.open(file, Clock.systemUTC())) {
      ExecutionRecorder recorder = database.recorder();
      recorder.open(input("e-1", 3), "print", ENGINE, order("run-1", 0));
      recorder.begin("e-1", order("run-1", 1), false);
      recorder.attemptStarted(attempt("e-1", 0, 1), "worker");
      recorder.recordStep("e-1", order("run-1", 2), 0, completed());
      recorder.attemptStarted(attempt("e-1", 1, 1), "worker");
      recorder.recordStep("e-1", order("run-1", 3), 1, failed("no tips"));
      recorder.recordExecution("e-1", order("run-1", 4), ExecutionOutcome.failed("no tips"));
      recorder.open(input("e-2", 1), "print", ENGINE, order("run-2", 0));

      // While the writer has it open, as in life.
      JsonNode executions = Json.mapper().readTree(readInPython(file));

      assertThat(executions).hasSize(2);
      assertThat(executions.at("/0/status").asText()).isEqualTo("failed");
      assertThat(executions.at("/0/metadata/operator").asText()).isEqualTo("Ada");
      assertThat(executions.at("/0/steps")).hasSize(3);
      assertThat(executions.at("/0/steps/0/parameters/volume_ml").asDouble()).isEqualTo(5.0);
      assertThat(executions.at("/0/steps/0/parameters/labels/1").asText()).isEqualTo("µ");
      assertThat(executions.at("/0/steps/0/result/mode").asText()).isEqualTo("virtual");
      assertThat(executions.at("/0/steps/1/error").asText()).isEqualTo("no tips");
      assertThat(executions.at("/0/steps/2/status").asText()).isEqualTo("skipped");
      assertThat(executions.at("/1/status").asText()).isEqualTo("pending");
    }
  }

  private String readInPython(Path file) throws IOException, InterruptedException {
    Path script = folder.resolve("read_by_position.py");
    try (InputStream resource =
        Objects.requireNonNull(getClass().getResourceAsStream("read_by_position.py"))) {
      Files.copy(resource, script);
    }
    Process python =
        new ProcessBuilder("python3", script.toString(), file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(python.waitFor()).as(output).isZero();
    return output;
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      Process python = new ProcessBuilder("python3", "-c", "import sqlite3").start();
      return python.waitFor(30, TimeUnit.SECONDS) && python.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}

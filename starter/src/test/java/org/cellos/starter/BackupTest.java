package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.starter.TestTerminal.Result;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backing up, restoring, and what doctor says of a damaged file. */
class BackupTest {
  private static final String FEED = "feed --cell-line iPSC --vessel T75 ";

  @TempDir private Path folder;
  private TestTerminal terminal;
  private Path history;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
    history = folder.resolve("data").resolve("executions.db");
  }

  @Test
  void aBackupIsRestoredAndWhatMayHaveBeenDoneSinceAsks() {
    terminal.cellos("create " + FEED + "--id mine");
    Result backup = terminal.cellos("backup monday.db");
    assertThat(backup.exitCode()).isZero();
    assertThat(backup.out()).startsWith("Backed " + history + " up to ").contains("monday.db");
    assertThat(terminal.cellos("execute mine --execute --speed-up 100000").exitCode())
        .isNotEqualTo(1);
    terminal.cellos("create " + FEED + "--id later");

    Result restored = terminal.cellos("restore monday.db");

    assertThat(restored.exitCode()).isZero();
    assertThat(restored.out()).contains("each further step asks first.\n  mine\n");
    assertThat(terminal.cellos("list").out()).contains("mine").doesNotContain("later");
    Result executed = terminal.cellos("execute mine --execute");
    assertThat(executed.exitCode()).isEqualTo(6);
    assertThat(executed.out() + executed.err())
        .contains("it does not say whether this was done after the backup");
  }

  @Test
  void withJsonOneDocumentIsPrinted() {
    terminal.cellos("create " + FEED + "--id mine");

    JsonNode backup = terminal.cellos("backup monday.db -o json").json();
    assertThat(backup.path("file").asText()).endsWith("monday.db");
    assertThat(backup.path("bytes").asLong()).isPositive();
    JsonNode restored = terminal.cellos("restore monday.db -o json").json();

    assertThat(restored.at("/asking/0").asText()).isEqualTo("mine");
    assertThat(restored.path("taken_at")).isEqualTo(backup.path("taken_at"));
    assertThat(Path.of(restored.path("former_file").asText())).exists();
  }

  @Test
  void whatCannotBeDoneIsOneSentence() throws IOException {
    assertThat(terminal.cellos("backup monday.db").exitCode()).isEqualTo(3);
    terminal.cellos("create " + FEED + "--id mine");
    assertThat(terminal.cellos("backup monday.db").exitCode()).isZero();

    Result again = terminal.cellos("backup monday.db");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.message()).contains("monday.db exists already.").contains("--overwrite");
    assertThat(terminal.cellos("backup monday.db --overwrite").exitCode()).isZero();
    Result missing = terminal.cellos("restore tuesday.db");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.message()).contains("There is no file").contains("tuesday.db");
    assertThat(terminal.cellos("restore").exitCode()).isEqualTo(2);
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("partial"));
    }
  }

  @Test
  void nothingIsRestoredWhileAProcessWorksOnTheHistory() {
    terminal.cellos("create " + FEED + "--id mine");
    terminal.cellos("backup monday.db");
    try (WorkflowExecutor executor = WorkflowExecutor.open(history, EngineChoice.inMemory())) {
      ExecutionRecord working =
          executor.createExecutionFromProtocol(
              "test", null, null, "test", List.of(UnitOp.of("mix", "Mix", Map.of())), Map.of());

      Result restored = terminal.cellos("restore monday.db");

      assertThat(restored.exitCode()).isEqualTo(2);
      assertThat(restored.message())
          .contains("A command performs executions of " + history + " right now: stop it");
      assertThat(terminal.cellos("show " + working.executionId()).exitCode()).isZero();
    }
    assertThat(terminal.cellos("restore monday.db").exitCode()).isZero();
  }

  @Test
  void doctorFindsADamagedPage() throws IOException {
    terminal.cellos("create " + FEED + "--id mine");
    try (RandomAccessFile bytes = new RandomAccessFile(history.toFile(), "rw")) {
      byte[] noise = new byte[4096];
      Arrays.fill(noise, (byte) 0xa5);
      for (long page = 3; page < bytes.length() / 4096; page++) {
        bytes.seek(page * 4096);
        bytes.write(noise);
      }
    }

    Result doctor = terminal.cellos("doctor");

    assertThat(doctor.exitCode()).isEqualTo(2);
    assertThat(doctor.out())
        .contains("FAIL  History")
        .contains("executions.db is damaged: stop every command that uses it")
        .contains("'cellos restore'")
        .contains("'cellos mirror rebuild'");
    assertThat(terminal.cellos("list").message()).contains("executions.db is damaged");
  }
}

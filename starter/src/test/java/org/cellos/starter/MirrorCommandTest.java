package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.starter.TestTerminal.Result;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeping the history true to Temporal, from the command line. */
class MirrorCommandTest {
  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @Test
  void aHistoryIsComparedWithTheProcessThatPerformsIt() throws Exception {
    try (WorkflowExecutor executor = WorkflowExecutor.open(database(), EngineChoice.inMemory())) {
      execute(executor);

      Result same = terminal.cellos("mirror verify");
      assertThat(same.exitCode()).isZero();
      assertThat(same.out()).isEqualTo("Compared: 1. Differences: 0. Not compared: 0.\n");

      change("UPDATE execution_steps SET name = 'planted'");
      Result different = terminal.cellos("mirror verify");
      assertThat(different.exitCode()).isEqualTo(1);
      assertThat(different.out())
          .contains("execution_steps", "step 0", "name", "planted", "Give medium")
          .endsWith("Compared: 1. Differences: 1. Not compared: 0.\n");
      JsonNode json = terminal.cellos("mirror verify -o json").json();
      assertThat(json.at("/differences/0/column").asText()).isEqualTo("name");
      assertThat(json.path("compared").asInt()).isEqualTo(1);

      Result refused = terminal.cellos("mirror rebuild");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.message()).contains("another process", "Nothing was changed");
    }
  }

  @Test
  void whatNoTemporalTellsOfIsSaidAndKept() {
    terminal.cellos("run thaw --cell-line iPSC --vessel T75 --id mine");

    Result verified = terminal.cellos("mirror verify");
    assertThat(verified.exitCode()).isZero();
    assertThat(verified.out())
        .startsWith(
            "Compared: 0. Differences: 0. Not compared: 1.\n  1: its Temporal was in memory");

    Result rebuilt = terminal.cellos("mirror rebuild --by ada");
    assertThat(rebuilt.exitCode()).isZero();
    assertThat(rebuilt.out())
        .contains("0 executions from their histories, 1 from the former file")
        .contains("executions.db.before-rebuild-");
    assertThat(terminal.cellos("show mine").out()).contains("completed");
    assertThat(terminal.cellos("mirror rebuild -o json").json().path("kept").asInt()).isEqualTo(1);
  }

  @Test
  void withoutAHistoryThereIsNothingToCompare() {
    assertThat(terminal.cellos("mirror verify").exitCode()).isEqualTo(3);
    Result rebuilt = terminal.cellos("mirror rebuild");
    assertThat(rebuilt.exitCode()).isEqualTo(2);
    assertThat(rebuilt.message()).contains("--mirror-id");
    assertThat(terminal.cellos("mirror").out()).contains("verify", "rebuild");
  }

  private static void execute(WorkflowExecutor executor) {
    UnitOp dispense =
        UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));
    executor.execute(
        executor
            .createExecutionFromProtocol("test", null, null, "test", List.of(dispense), Map.of())
            .executionId(),
        true);
  }

  private void change(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  private Path database() {
    return folder.resolve("data/executions.db");
  }
}

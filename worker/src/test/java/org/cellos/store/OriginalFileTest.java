package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the Python original wrote, in the variants that are about. */
final class OriginalFileTest {
  private static final String VIABILITY = "a51dbc27-0000-4000-8000-000000000001";

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void writeFile() throws Exception {
    file = folder.resolve("executions.db");
    script(
        file,
        """
        CREATE TABLE executions (execution_id TEXT PRIMARY KEY, workflow_name TEXT NOT NULL,
          cell_line TEXT, vessel_id TEXT, operation_type TEXT, status TEXT NOT NULL,
          created_at TEXT NOT NULL, started_at TEXT, completed_at TEXT, error_message TEXT,
          metadata TEXT, current_step_index INTEGER DEFAULT 0,
          updated_at TEXT DEFAULT CURRENT_TIMESTAMP)""",
        """
        CREATE TABLE execution_steps (id INTEGER PRIMARY KEY AUTOINCREMENT, step_id TEXT NOT NULL,
          execution_id TEXT NOT NULL, step_index INTEGER NOT NULL, name TEXT, operation_type TEXT,
          parameters TEXT, status TEXT, start_time TEXT, end_time TEXT, error_message TEXT,
          result TEXT, UNIQUE(execution_id, step_index),
          FOREIGN KEY (execution_id) REFERENCES executions(execution_id))""",
        "CREATE INDEX idx_exec_status ON executions(status)",
        "CREATE INDEX idx_exec_workflow ON executions(workflow_name)",
        """
        INSERT INTO executions VALUES ('%s', 'autonomous_viability', 'HEK293T', 'plate_prop_0_0',
          'viability', 'completed', '2025-11-28T14:56:16.145055', '2025-11-28T14:56:16.148345',
          '2025-11-28T14:56:16.154333', NULL,
          '{"proposal_id": "prop_0_0", "dose": 0.0016, "note": null, "tags": [1, null]}', 0, NULL)
        """
            .formatted(VIABILITY),
        """
        INSERT INTO execution_steps VALUES (NULL, 'c9991db8', '%s', 0, 'seed_cells', 'seed',
          '{"cell_count": 10000, "volume_ul": 100, "lot": null}', 'completed',
          '2025-11-28T14:56:16.148345', '2025-11-28 14:56:16', NULL,
          '{"status": "success", "seeded_count": 10000}')"""
            .formatted(VIABILITY),
        """
        INSERT INTO execution_steps VALUES (NULL, 'c9991db9', '%s', 1, NULL, NULL, NULL, 'running',
          NULL, NULL, NULL, NULL)"""
            .formatted(VIABILITY));
  }

  @Test
  void isReadWithoutBeingTouched() throws Exception {
    byte[] before = Files.readAllBytes(file);

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      ExecutionRecord execution = database.queries().find(VIABILITY).orElseThrow();

      assertThat(execution.workflowName()).isEqualTo("autonomous_viability");
      assertThat(execution.status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(execution.createdAt()).isEqualTo(local("2025-11-28T14:56:16.145055"));
      assertThat(execution.metadata())
          .isEqualTo(
              Parameters.of(Map.of("proposal_id", "prop_0_0", "dose", 0.0016, "tags", List.of(1))));
      assertThat(execution.dryRun()).isNull();
      assertThat(execution.simulated()).isNull();
      assertThat(execution.stepCount()).isEqualTo(2);
      assertThat(execution.completedStepCount()).isEqualTo(1);
      assertThat(database.queries().details(VIABILITY)).isEmpty();
      assertThat(database.queries().attempts(VIABILITY)).isEmpty();
    }

    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void itsStepsAreRead() {
    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      List<StepRecord> steps = database.queries().steps(VIABILITY);

      assertThat(steps.get(0))
          .isEqualTo(
              new StepRecord(
                  "c9991db8",
                  VIABILITY,
                  0,
                  "seed_cells",
                  "seed",
                  Parameters.of(Map.of("cell_count", 10000, "volume_ul", 100)),
                  StepStatus.COMPLETED,
                  local("2025-11-28T14:56:16.148345"),
                  Instant.parse("2025-11-28T14:56:16Z"),
                  null,
                  Parameters.of(Map.of("status", "success", "seeded_count", 10000)),
                  0));
      assertThat(steps.get(1).name()).isEqualTo("step 1");
      assertThat(steps.get(1).parameters()).isEqualTo(Parameters.none());
      assertThat(steps.get(1).result()).isNull();
    }
  }

  @Test
  void strangeRowsAreListedAndSayWhatIsStrange() throws Exception {
    script(
        file,
        insert("'e-1', 'w', 'aborted', 'yesterday', 'see lab book, p. 7'"),
        insert("'e-2', 'w', 'FAILED', '2025-11-28 14:56:16.5', '[1, 2]'"),
        insert("'e-3', 'w', 'running', '2025-11-28T14:56:16Z', '{\"x\": NaN}'"),
        insert("'e-4', '', '', '', 'null'"),
        insert("'e-5', 'w', 'pending', '2025-11-28', '\"a text\"'"),
        insert("'e-6', 'w', 'pending', '2025-11-28T14:56:16', '{\"big\": 123456789012345678901}'"));

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      assertThat(database.queries().list(ExecutionFilter.all())).hasSize(7);

      ExecutionRecord aborted = database.queries().find("e-1").orElseThrow();
      assertThat(aborted.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(aborted.createdAt()).isEqualTo(Instant.EPOCH);
      assertThat(aborted.errorMessage())
          .contains("unknown status 'aborted'")
          .contains("created_at is not a time: 'yesterday'");
      assertThat(aborted.metadata()).isEqualTo(Parameters.of(Map.of("text", "see lab book, p. 7")));

      ExecutionRecord failed = database.queries().find("e-2").orElseThrow();
      assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
      assertThat(failed.createdAt()).isEqualTo(local("2025-11-28T14:56:16.5"));
      assertThat(failed.metadata()).isEqualTo(Parameters.of(Map.of("text", "[1, 2]")));
      assertThat(failed.errorMessage()).isNull();

      assertThat(database.queries().find("e-3").orElseThrow().createdAt())
          .isEqualTo("2025-11-28T14:56:16Z");
      assertThat(database.queries().find("e-5").orElseThrow().metadata())
          .isEqualTo(Parameters.of(Map.of("text", "a text")));
    }
  }

  @Test
  void takesNewExecutionsAndKeepsItsRows() throws Exception {
    List<String> rows = sql(file, "SELECT * FROM executions");
    List<String> steps = sql(file, "SELECT * FROM execution_steps");

    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      ExecutionRecorder recorder = database.recorder();
      recorder.open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
      recorder.begin("e-1", order("run-1", 1), false);
      recorder.recordStep("e-1", order("run-1", 2), 0, completed());

      assertThat(database.queries().find("e-1").orElseThrow().completedStepCount()).isEqualTo(1);
      assertThat(database.queries().find(VIABILITY).orElseThrow().simulated()).isNull();
      assertThatThrownBy(
              () -> recorder.open(input(VIABILITY, 2), "print", ENGINE, order("run-1", 0)))
          .isInstanceOf(ExecutionIdInUseException.class)
          .hasMessageContaining("autonomous_viability (completed")
          .hasMessageContaining("another program wrote");
      assertThatThrownBy(() -> recorder.begin(VIABILITY, order("run-1", 1), true))
          .isInstanceOf(StoreException.class);
    }

    assertThat(sql(file, "SELECT * FROM executions WHERE execution_id <> 'e-1'")).isEqualTo(rows);
    assertThat(sql(file, "SELECT * FROM execution_steps WHERE execution_id <> 'e-1'"))
        .isEqualTo(steps);
    assertThat(sql(file, "SELECT name FROM sqlite_master WHERE type = 'index'"))
        .contains("idx_exec_workflow", "idx_exec_created", "idx_step_exec");
  }

  private static String insert(String values) {
    return "INSERT INTO executions (execution_id, workflow_name, status, created_at, metadata)"
        + " VALUES ("
        + values
        + ")";
  }

  private static Instant local(String time) {
    return LocalDateTime.parse(time).atZone(ZoneId.systemDefault()).toInstant();
  }
}

package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.sql;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of older versions. */
final class SchemaMigrationTest {
  private static final String ENTRIES =
      "SELECT audit_id, at, execution_id, step_index, who, what, reason FROM audit_log";

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void writeFileOfVersion1() throws Exception {
    file = folder.resolve("executions.db");
    write(file, "version_1.sql");
    assertThat(sql(file, "PRAGMA user_version")).containsExactly("1");
  }

  private static void write(Path file, String name) throws Exception {
    try (InputStream script =
        Objects.requireNonNull(SchemaMigrationTest.class.getResourceAsStream(name))) {
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      Samples.script(file, text.split(";\n"));
    }
  }

  @Test
  void aReaderSearchesVersion2AsItIs() throws Exception {
    Path second = folder.resolve("second.db");
    write(second, "version_2.sql");
    byte[] before = Files.readAllBytes(second);

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(second)) {
      assertVersion2IsThere(database.queries());
    }

    assertThat(second).hasBinaryContent(before);
  }

  @Test
  void aWriterKeepsVersion2AndIndexesItsText() throws Exception {
    Path second = folder.resolve("second.db");
    write(second, "version_2.sql");

    try (MirrorDatabase database = MirrorDatabase.open(second)) {
      assertVersion2IsThere(database.queries());
      EffectKey open = new EffectKey("e-1", 1, 1, StepAction.PERFORM);
      assertThat(database.ledger().read(open, "engine-1")).isInstanceOf(LedgerEntry.Open.class);
      assertWhole(database, 1);
    }

    assertThat(sql(second, "PRAGMA user_version")).containsExactly(String.valueOf(Schema.VERSION));
    assertThat(
            sql(second, "SELECT rowid FROM execution_search WHERE execution_search MATCH 'tips'"))
        .containsExactly("2");
    assertThat(sql(second, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(sql(second, "PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void aReaderReadsTheAuditLogOfVersion3AsItIs() throws Exception {
    Path third = folder.resolve("third.db");
    write(third, "version_3.sql");
    byte[] before = Files.readAllBytes(third);

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(third)) {
      assertVersion3IsThere(database.queries());
      assertThatThrownBy(database::verifyAudit)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("was last written by an older version of cellos");
    }

    assertThat(third).hasBinaryContent(before);
  }

  @Test
  void aWriterKeepsVersion3AndChainsItsAuditLog() throws Exception {
    Path third = folder.resolve("third.db");
    write(third, "version_3.sql");
    List<String> before = sql(third, ENTRIES);

    try (MirrorDatabase database = MirrorDatabase.open(third)) {
      assertVersion3IsThere(database.queries());
      assertWhole(database, 3);
      database.upkeep().note("e-2", null, "Ada", "The box was empty", "request-1");
      assertWhole(database, 4);
    }

    assertThat(sql(third, "PRAGMA user_version")).containsExactly(String.valueOf(Schema.VERSION));
    assertThat(sql(third, ENTRIES)).startsWith(before.toArray(String[]::new)).hasSize(4);
    assertThatThrownBy(() -> sql(third, "DELETE FROM audit_log"))
        .hasMessageContaining("only ever added");
    assertThat(sql(third, "SELECT name FROM sqlite_master WHERE name LIKE '%unchained%'"))
        .isEmpty();
    assertThat(sql(third, "SELECT name FROM sqlite_master WHERE name = 'idx_audit_exec'"))
        .hasSize(1);
    assertThat(sql(third, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(sql(third, "PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void theChainOfAMigratedFileIsTheSameWhoeverMakesIt() throws Exception {
    Path one = folder.resolve("one.db");
    Path other = folder.resolve("other.db");
    write(one, "version_3.sql");
    write(other, "version_3.sql");

    MirrorDatabase.open(one).close();
    MirrorDatabase.open(other).close();

    assertThat(sql(one, "SELECT * FROM audit_log"))
        .isEqualTo(sql(other, "SELECT * FROM audit_log"));
    assertThat(sql(one, "SELECT entries, hash FROM audit_head"))
        .isEqualTo(sql(other, "SELECT entries, hash FROM audit_head"))
        .isEqualTo(sql(one, "SELECT audit_id, hash FROM audit_log WHERE audit_id = 3"));
  }

  private static void assertVersion3IsThere(ExecutionQueries queries) {
    assertThat(queries.count(ExecutionFilter.all())).isEqualTo(2);
    assertThat(queries.decisions("e-1")).hasSize(1);
    assertThat(queries.trouble("e-1")).contains("Its workflow task has failed 3 times.");
    assertThat(queries.audit("e-1"))
        .containsExactly(
            new AuditEntry(
                time("09:30:09"),
                1,
                "workflow",
                "asks: Nobody knows whether step 2 (Dispense DPBS 1) was done.",
                null),
            new AuditEntry(
                time("09:30:10"), 1, "Zoë", "again", "5 µL were left: \"nothing moved\""));
    assertThat(queries.audit("e-2"))
        .contains(new AuditEntry(time("09:30:12"), null, "workflow", "failed", "No tips left"));
  }

  private static void assertWhole(MirrorDatabase database, int entries) {
    AuditVerification verification = database.verifyAudit();
    assertThat(verification.firstBreak()).isNull();
    assertThat(verification.entries()).isEqualTo(entries);
  }

  private static void assertVersion2IsThere(ExecutionQueries queries) {
    ExecutionFilter tips = new ExecutionFilter(Optional.empty(), Optional.of("no TIPS"), 10);
    assertThat(queries.list(tips)).extracting(ExecutionRecord::executionId).containsExactly("e-2");
    assertThat(queries.count(tips)).isEqualTo(1);
    assertThat(queries.count(ExecutionFilter.all())).isEqualTo(2);
    assertThat(queries.steps("e-1"))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.COMPLETED, StepStatus.RUNNING);
    assertThat(queries.attempts("e-1")).hasSize(2);
    assertThat(queries.state("e-1")).isPresent();
  }

  @Test
  void aReaderReadsVersion1AsItIs() throws Exception {
    byte[] before = Files.readAllBytes(file);

    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      assertAllRowsAreThere(database.queries());
      assertThat(database.mirrorId()).isEqualTo("0123456789abcdef");
    }

    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aWriterKeepsTheRowsOfVersion1() throws Exception {
    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      assertAllRowsAreThere(database.queries());
      assertThat(database.mirrorId()).isEqualTo("0123456789abcdef");
      assertWhole(database, 0);
    }

    assertThat(sql(file, "PRAGMA user_version")).containsExactly(String.valueOf(Schema.VERSION));
    assertThat(sql(file, "SELECT attempt_id, error_code, activity_id FROM step_attempts"))
        .containsExactly("11|STEP_FAILED|11", "12|null|12", "13|null|13");
    assertThat(sql(file, "SELECT name FROM sqlite_master WHERE name = 'step_attempts_1'"))
        .isEmpty();
    assertThat(sql(file, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(sql(file, "PRAGMA foreign_key_check")).isEmpty();
  }

  @Test
  void migratingTwiceIsMigratingOnce() {
    MirrorDatabase.open(file).close();

    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      assertAllRowsAreThere(database.queries());
    }
  }

  @Test
  void aReaderGoesOnWhileAWriterMigrates() {
    try (MirrorDatabase reader = MirrorDatabase.openReadOnly(file)) {
      assertAllRowsAreThere(reader.queries());
      MirrorDatabase.open(file).close();
      assertAllRowsAreThere(reader.queries());
    }
  }

  @Test
  void theMigratedTableTellsTheAttemptsOfTwoRunsApart() {
    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      EffectKey effect = new EffectKey("e-1", 1, 1, StepAction.PERFORM);
      AttemptKey first = new AttemptKey(effect, "run-1", "activity-7", 1);
      AttemptKey reset = new AttemptKey(effect, "run-2", "activity-7", 1);

      database.recorder().attemptStarted(first, "worker@bench");
      database.recorder().attemptStarted(reset, "worker@bench");
      database.recorder().attemptStarted(reset, "worker@bench");
      database.recorder().attemptEnded(reset, completed());

      assertThat(database.queries().attempts("e-1")).hasSize(5);
      assertThat(database.queries().steps("e-1").get(1).status()).isEqualTo(StepStatus.COMPLETED);
    }
  }

  private static void assertAllRowsAreThere(ExecutionQueries queries) {
    assertThat(queries.find("e-1").orElseThrow().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(queries.steps("e-1"))
        .extracting(StepRecord::stepId, StepRecord::status, StepRecord::attempts)
        .containsExactly(
            tuple("s-0", StepStatus.COMPLETED, 2), tuple("s-1", StepStatus.RUNNING, 1));
    assertThat(queries.attempts("e-1"))
        .containsExactly(
            attempt(0, 1, "09:30:02", "09:30:03", StepStatus.FAILED, "no tips"),
            attempt(0, 2, "09:30:04", "09:30:05", StepStatus.COMPLETED, null),
            attempt(1, 1, "09:30:06", null, null, null));
    // What version 1 did not have.
    assertThat(queries.decisions("e-1")).isEqualTo(List.of());
    assertThat(queries.state("e-1")).isEmpty();
  }

  private static StepAttemptRecord attempt(
      int stepIndex,
      int attempt,
      String startedAt,
      @Nullable String endedAt,
      @Nullable StepStatus outcome,
      @Nullable String error) {
    return new StepAttemptRecord(
        stepIndex,
        1,
        StepAction.PERFORM,
        attempt,
        "worker@bench",
        time(startedAt),
        endedAt == null ? null : time(endedAt),
        outcome,
        error);
  }

  private static Instant time(String time) {
    return Instant.parse("2026-03-01T" + time + "Z");
  }
}

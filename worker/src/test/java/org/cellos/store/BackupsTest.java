package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.Begin;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.StepAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BackupsTest {
  private static final Clock TAKEN = at("2026-03-02T18:00:00Z");
  private static final Clock RESTORED = at("2026-03-03T09:15:30.250Z");
  private static final Claimant WORKER = new Claimant("engine-1", "attempt-1", "17@bench");

  @TempDir private Path folder;
  private Path file;
  private Path backup;

  @BeforeEach
  void writeFile() {
    file = folder.resolve("executions.db");
    backup = folder.resolve("monday.db");
    try (MirrorDatabase database = open()) {
      database.recorder().open(input("e-1", 3), "print", ENGINE, order("run-1", 0));
    }
  }

  @Test
  void aBackupHasEverythingWhileOthersHaveTheFileOpen() throws Exception {
    try (MirrorDatabase database = open();
        Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      database.recorder().open(input("in-the-log", 1), "print", ENGINE, order("run-2", 0));
      statement.execute("BEGIN IMMEDIATE");
      statement.execute("UPDATE executions SET workflow_name = 'not committed'");

      Backups.Backup written = Backups.write(file, backup, false, TAKEN);

      assertThat(written.takenAt()).isEqualTo(TAKEN.instant());
      assertThat(written.bytes()).isEqualTo(Files.size(backup));
      statement.execute("ROLLBACK");
    }
    try (MirrorDatabase copy = MirrorDatabase.openReadOnly(backup)) {
      assertThat(ids(copy)).containsExactlyInAnyOrder("e-1", "in-the-log");
      assertThat(copy.queries().find("e-1").orElseThrow().workflowName()).startsWith("Passage");
      assertThat(copy.queries().steps("e-1")).hasSize(3);
      assertThat(copy.damage()).isEmpty();
    }
    assertThat(names()).containsExactlyInAnyOrder("executions.db", "monday.db");
  }

  @Test
  void anotherFileIsReplacedOnlyIfAskedFor() throws Exception {
    Files.writeString(backup, "precious");

    assertThatThrownBy(() -> Backups.write(file, backup, false))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            backup + " exists already. Name another file, or say --overwrite to replace it.");
    assertThat(backup).hasContent("precious");

    Backups.write(file, backup, true);

    assertThat(sql(backup, "SELECT execution_id FROM executions")).containsExactly("e-1");
  }

  @Test
  void whatCannotBeABackupIsRefused() throws Exception {
    Path missing = folder.resolve("missing").resolve("b.db");
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), file);

    assertThatThrownBy(() -> Backups.write(file, file, true))
        .hasMessage(file + " is the history itself. Name another file.");
    assertThatThrownBy(() -> Backups.write(file, link, true)).hasMessageContaining("itself");
    assertThatThrownBy(() -> Backups.write(file, Path.of(file + "-wal"), true))
        .hasMessageContaining("itself");
    assertThatThrownBy(() -> Backups.write(file, missing, false))
        .hasMessageContaining("There is no folder");
    assertThatThrownBy(() -> Backups.write(file, folder, false)).hasMessageContaining("a folder");
    assertThatThrownBy(() -> Backups.write(folder.resolve("no.db"), backup, false))
        .hasMessage("There is no file " + folder.resolve("no.db") + ".");
    assertThat(names()).containsExactlyInAnyOrder("executions.db", "link.db");
  }

  @Test
  void aDamagedFileGivesNoBackup() throws Exception {
    Damage.inEveryPageBut(file, 3);

    assertThatThrownBy(() -> Backups.write(file, backup, false))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file + " is damaged")
        .hasMessageContaining("cellos mirror rebuild");
    assertThat(names()).noneMatch(name -> name.contains("monday"));
  }

  @Test
  void aRestoredFileIsTheBackupAndTheFormerOneIsKept() throws Exception {
    Backups.write(file, backup, false, TAKEN);
    byte[] bytes = Files.readAllBytes(backup);
    try (MirrorDatabase database = open()) {
      database.recorder().open(input("later", 1), "print", ENGINE, order("run-2", 0));
    }

    Backups.Restored restored = Backups.restore(file, backup, RESTORED);

    assertThat(restored.takenAt()).isEqualTo(TAKEN.instant());
    assertThat(restored.formerFile())
        .isEqualTo(folder.resolve("executions.db.before-restore-20260303T091530.250Z"));
    assertThat(sql(restored.formerFile(), "SELECT execution_id FROM executions ORDER BY 1"))
        .containsExactly("e-1", "later");
    try (MirrorDatabase database = open()) {
      assertThat(ids(database)).containsExactly("e-1");
      assertThat(database.damage()).isEmpty();
      database.recorder().open(input("new", 1), "print", ENGINE, order("run-3", 0));
      assertThat(database.queries().count(search("passage"))).isEqualTo(2);
    }
    assertThat(sql(file, "SELECT at, what, note FROM mirror_events"))
        .containsExactly(
            "2026-03-02T18:00:00.000000+00:00|backup|null",
            "2026-03-03T09:15:30.250000+00:00|restored|the backup of 2026-03-02T18:00:00Z,"
                + " monday.db");
    assertThat(backup).hasBinaryContent(bytes);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "executions.db", "monday.db", restored.formerFile().getFileName().toString());
  }

  @Test
  void whatIsOnlyInTheLogOfAKilledProcessIsKeptToo() throws Exception {
    Backups.write(file, backup, false, TAKEN);
    Path killed = Files.createDirectory(folder.resolve("killed")).resolve("executions.db");
    try (MirrorDatabase database = open()) {
      database.recorder().open(input("later", 1), "print", ENGINE, order("run-2", 0));
      Files.copy(file, killed);
      Files.copy(Path.of(file + "-wal"), Path.of(killed + "-wal"));
    }

    Backups.Restored restored = Backups.restore(killed, backup, RESTORED);

    assertThat(sql(restored.formerFile(), "SELECT execution_id FROM executions ORDER BY 1"))
        .containsExactly("e-1", "later");
    assertThat(sql(killed, "SELECT execution_id FROM executions")).containsExactly("e-1");
  }

  @Test
  void aFileThatIsOpenAnywhereIsNotReplaced() throws Exception {
    Backups.write(file, backup, false, TAKEN);

    try (MirrorDatabase open = open()) {
      assertThat(open.file()).isEqualTo(file);
      assertInUse();
    }
    MirrorDatabase writer = open();
    try (MirrorDatabase reader = MirrorDatabase.openReadOnly(file)) {
      writer.close();
      assertThat(ids(reader)).containsExactly("e-1");
      assertInUse();
    } finally {
      writer.close();
    }
    assertThat(Backups.restore(file, backup, RESTORED).formerFile()).isNotNull();
  }

  private void assertInUse() {
    assertThatThrownBy(() -> Backups.restore(file, backup, RESTORED))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            file
                + " is in use: stop every command, worker and dashboard that has it open, then try"
                + " again. Nothing was changed.");
    assertThat(names()).noneMatch(name -> name.contains("partial") || name.contains("before"));
  }

  @Test
  void whatIsNoSoundBackupOfThisProgramIsRefused() throws Exception {
    byte[] before = Files.readAllBytes(file);
    Path other = folder.resolve("other.db");
    script(other, "CREATE TABLE songs (title TEXT)");
    Path empty = Files.createFile(folder.resolve("empty.db"));
    Path text =
        Files.writeString(folder.resolve("notes.txt"), "Not a database at all. ".repeat(99));
    Path newer = folder.resolve("newer.db");
    Backups.write(file, newer, false);
    script(newer, "PRAGMA user_version = 99");
    Path damaged = folder.resolve("damaged.db");
    Backups.write(file, damaged, false);
    Damage.inEveryPageBut(damaged, 3);

    assertThatThrownBy(() -> Backups.restore(file, other)).hasMessageContaining("another program");
    assertThatThrownBy(() -> Backups.restore(file, empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> Backups.restore(file, text)).hasMessageContaining("not an SQLite");
    assertThatThrownBy(() -> Backups.restore(file, newer)).hasMessageContaining("newer version");
    assertThatThrownBy(() -> Backups.restore(file, damaged))
        .hasMessageContaining(damaged + " is damaged");
    assertThatThrownBy(() -> Backups.restore(file, file)).hasMessageContaining("itself");

    assertThat(file).hasBinaryContent(before);
    assertThat(names()).noneMatch(name -> name.contains("partial") || name.contains("before"));
  }

  @Test
  void aBackupTakesThePlaceOfADamagedOrMissingFile() throws Exception {
    Backups.write(file, backup, false, TAKEN);
    Damage.inEveryPageBut(file, 0);

    Backups.Restored first = Backups.restore(file, backup, RESTORED);
    assertThat(sql(file, "SELECT execution_id FROM executions")).containsExactly("e-1");
    assertThat(first.formerFile()).isNotNull().exists();

    Files.delete(file);
    assertThat(Backups.restore(file, backup, at("2026-03-04T00:00:00Z")).formerFile()).isNull();
    assertThat(sql(file, "SELECT execution_id FROM executions")).containsExactly("e-1");
  }

  @Test
  void aPlainCopyIsAsOldAsWhatItKnows() throws Exception {
    Path copy = folder.resolve("copied.db");
    try (MirrorDatabase database = open()) {
      database.recorder().begin("e-1", order("run-1", 1), false);
      Files.copy(file, copy);
      Files.copy(Path.of(file + "-wal"), Path.of(copy + "-wal"));
    }

    assertThat(Backups.restore(file, copy, RESTORED).takenAt())
        .isEqualTo(Instant.parse("2026-03-01T09:30:00Z"));
    assertThat(sql(file, "SELECT status FROM executions")).containsExactly("running");
  }

  @Test
  void whatMayHaveHappenedSinceIsInDoubt() throws Exception {
    try (MirrorDatabase database = open()) {
      begin(database, "under-way", false, 1, route(false), route(false), route(true));
      EffectKey done = new EffectKey("under-way", 1, 1, StepAction.PERFORM);
      database.ledger().claim(done, EffectClass.ONCE, WORKER);
      database.ledger().close(done, WORKER, completed());
      begin(database, "dry", true, 0, route(false), route(false), route(true));
      begin(database, "generic", false, 0, generic(), generic(), generic());
      begin(database, "ended", false, 0, route(false), route(false), route(true));
      database
          .recorder()
          .recordExecution("ended", state("run-ended", 3, false, 1), ExecutionOutcome.failed("no"));
    }
    script(
        file,
        """
        INSERT INTO executions (execution_id, workflow_name, status, created_at)
        VALUES ('theirs', 'Feed', 'running', '2025-11-28T14:56:16')""");
    Backups.write(file, backup, false, TAKEN);

    Backups.Restored restored = Backups.restore(file, backup, RESTORED);

    assertThat(restored.asking()).containsExactly("e-1", "under-way");
    assertThat(
            sql(
                file,
                """
                SELECT step_index, action, epoch, intent_at, worker FROM effect_ledger
                WHERE execution_id = 'under-way' AND closed_at IS NULL ORDER BY 1, 2"""))
        .containsExactly(open(2, "start"), open(2, "stop"));
    assertThat(
            sql(
                file,
                """
                SELECT count(*), count(DISTINCT step_index || action), count(closed_at)
                FROM effect_ledger WHERE execution_id = 'e-1'"""))
        .containsExactly("9|9|0");
    assertThat(sql(file, "SELECT DISTINCT execution_id FROM effect_ledger ORDER BY 1"))
        .containsExactly("e-1", "under-way");
    assertThat(sql(file, "SELECT at, who, what FROM audit_log WHERE execution_id = 'under-way'"))
        .containsExactly(
            "2026-03-03T09:15:30.250000+00:00|restore|restored from the backup of"
                + " 2026-03-02T18:00:00Z");
  }

  @Test
  void theAuditLogIsWholeInABackupAndGoesOnAfterARestore() throws Exception {
    try (MirrorDatabase database = open()) {
      database.upkeep().note("e-1", null, "Ada", "before the backup", "r-1");
    }
    Backups.write(file, backup, false, TAKEN);
    try (MirrorDatabase database = open()) {
      database.upkeep().note("e-1", null, "Ada", "after the backup", "r-2");
    }
    AuditVerification kept = verifyAudit(backup);

    Backups.restore(file, backup, RESTORED);

    assertThat(kept.firstBreak()).isNull();
    assertThat(kept.entries()).isEqualTo(1);
    assertThat(verifyAudit(backup)).isEqualTo(kept);
    assertThat(verifyAudit(file).firstBreak()).isNull();
    assertThat(sql(file, "SELECT who, previous_hash FROM audit_log WHERE audit_id = 2"))
        .containsExactly("restore|" + kept.headHash());
    try (MirrorDatabase database = open()) {
      database.upkeep().note("e-1", null, "Ada", "after the restore", "r-3");
    }
    assertThat(verifyAudit(file).firstBreak()).isNull();
    assertThat(verifyAudit(file).entries()).isEqualTo(3);
  }

  @Test
  void aBackupOfABrokenAuditLogIsAsBrokenAsItWas() throws Exception {
    try (MirrorDatabase database = open()) {
      database.upkeep().note("e-1", null, "Ada", "the lid was open", "r-1");
    }
    script(
        file,
        "DROP TRIGGER audit_log_updated",
        "UPDATE audit_log SET reason = 'the lid was closed'");
    Backups.write(file, backup, false, TAKEN);

    Backups.restore(file, backup, RESTORED);

    assertThat(verifyAudit(backup).isWhole()).isFalse();
    assertThat(verifyAudit(file).isWhole()).isFalse();
  }

  private static AuditVerification verifyAudit(Path file) {
    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      return database.verifyAudit();
    }
  }

  @Test
  void theEpochInDoubtIsTheOneThatComesNext() throws Exception {
    try (MirrorDatabase database = open()) {
      ExecutionState again =
          new ExecutionState(
              1,
              2,
              new Begin(false),
              List.of(route(false), route(false), route(false)),
              0,
              Map.of(StepAction.PERFORM, 2),
              null,
              null,
              null,
              null,
              null,
              null,
              null);
      database.recorder().begin("e-1", new Snapshot("run-1", again), false);
    }
    Backups.write(file, backup, false, TAKEN);

    Backups.restore(file, backup, RESTORED);

    assertThat(sql(file, "SELECT step_index, epoch FROM effect_ledger ORDER BY 1"))
        .containsExactly("0|2", "1|1", "2|1");
  }

  private void begin(
      MirrorDatabase database, String id, boolean dryRun, int nextStep, Route... routes) {
    ExecutionRecorder recorder = database.recorder();
    recorder.open(input(id, 3), "print", ENGINE, order("run-" + id, 0));
    ExecutionState state =
        new ExecutionState(
            1,
            1,
            new Begin(dryRun),
            List.of(routes),
            nextStep,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    recorder.begin(id, new Snapshot("run-" + id, state), dryRun);
  }

  private static Snapshot state(String run, long sequence, boolean dryRun, int nextStep) {
    return new Snapshot(
        run,
        new ExecutionState(
            1,
            sequence,
            new Begin(dryRun),
            List.of(),
            nextStep,
            Map.of(),
            null,
            null,
            null,
            null,
            null,
            null,
            null));
  }

  private static Route route(boolean timed) {
    return Route.of(RouteKind.HANDLER, EffectClass.ONCE, timed);
  }

  private static Route generic() {
    return Route.of(RouteKind.GENERIC, EffectClass.NONE, false);
  }

  private static String open(int stepIndex, String action) {
    return stepIndex
        + "|"
        + action
        + "|1|2026-03-02T18:00:00.000000+00:00|the backup of 2026-03-02T18:00:00Z, restored"
        + " 2026-03-03T09:15:30.250Z";
  }

  private MirrorDatabase open() {
    return MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"));
  }

  private static ExecutionFilter search(String text) {
    return new ExecutionFilter(Optional.empty(), Optional.of(text), ExecutionFilter.DEFAULT_LIMIT);
  }

  private static List<String> ids(MirrorDatabase database) {
    return database.queries().list(ExecutionFilter.all()).stream()
        .map(record -> record.executionId())
        .toList();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Clock at(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }

  /** Bits that a disk has lost. */
  static final class Damage {
    private static final int PAGE = 4096;

    private Damage() {}

    /** Overwrites the file with noise, apart from so many pages at its beginning. */
    static void inEveryPageBut(Path file, int pages) throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        byte[] noise = new byte[PAGE - 100];
        Arrays.fill(noise, (byte) 0xa5);
        for (long page = pages; page < bytes.length() / PAGE; page++) {
          bytes.seek(page * PAGE + (page == 0 ? 100 : 0));
          bytes.write(noise);
        }
      }
    }
  }
}

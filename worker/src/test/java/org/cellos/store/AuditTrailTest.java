package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;
import static org.cellos.store.Samples.sql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.AuditVerification.Break;
import org.cellos.domain.AuditVerification.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody does to the audit log behind this program's back is found. */
final class AuditTrailTest {
  private static final String ZEROS = "0".repeat(64);

  /** The columns of an entry that a forger copies. */
  private static final String SAID =
      "at, execution_id, step_index, who, what, reason, request_id, previous_hash, hash";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void writeFiveEntries() {
    file = folder.resolve("executions.db");
    try (MirrorDatabase database = open()) {
      database.recorder().open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
      for (int i = 1; i <= 5; i++) {
        note(database, i);
      }
    }
  }

  @Test
  void anUntouchedLogIsWhole() throws Exception {
    byte[] before = Files.readAllBytes(file);

    AuditVerification verification = verify();

    assertThat(verification.isWhole()).isTrue();
    assertThat(verification.entries()).isEqualTo(5);
    assertThat(sql(file, "SELECT hash FROM audit_log WHERE audit_id = 5"))
        .containsExactly(verification.headHash());
    assertThat(file).hasBinaryContent(before);
  }

  @Test
  void aLogWithoutEntriesIsWhole() {
    Path fresh = folder.resolve("fresh.db");
    MirrorDatabase.open(fresh).close();

    assertThat(verify(fresh)).isEqualTo(new AuditVerification(0, ZEROS, null));
  }

  @Test
  void aHashIsMadeAsItIsDocumented() throws Exception {
    Path fresh = folder.resolve("fresh.db");
    try (MirrorDatabase database =
        MirrorDatabase.open(fresh, new TickingClock("2026-03-01T09:30:00Z"))) {
      database.recorder().open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
      database.upkeep().note("e-1", null, "Zoë", "5 µL", "r-1");
      database.upkeep().note("e-1", 1, "Ada", "drop", "r-2");
    }
    String first =
        sha256(
            "64:"
                + ZEROS
                + "1:1"
                + "32:2026-03-01T09:30:01.000000+00:00"
                + "3:e-1"
                + "-"
                + "4:Zoë"
                + "4:note"
                + "5:5 µL"
                + "3:r-1");
    String second =
        sha256(
            "64:"
                + first
                + "1:2"
                + "32:2026-03-01T09:30:02.000000+00:00"
                + "3:e-1"
                + "1:1"
                + "3:Ada"
                + "4:note"
                + "4:drop"
                + "3:r-2");

    assertThat(sql(fresh, "SELECT previous_hash, hash FROM audit_log ORDER BY audit_id"))
        .containsExactly(ZEROS + "|" + first, first + "|" + second);
    assertThat(sql(fresh, "SELECT head_id, entries, hash FROM audit_head"))
        .containsExactly("1|2|" + second);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at = '2026-03-01T09:30:03.000001+00:00'",
        "execution_id = 'e-2'",
        "step_index = 1",
        "step_index = NULL",
        "step_index = 'first'",
        "who = 'Eve'",
        "what = 'done'",
        "what = 'not', reason = 'e' || reason",
        "reason = reason || '.'",
        "reason = NULL",
        "request_id = 'other'",
        "request_id = NULL",
        "previous_hash = (SELECT hash FROM audit_log WHERE audit_id = 1)",
        "hash = previous_hash",
        "hash = upper(hash)"
      })
  void aChangedColumnIsFound(String change) throws Exception {
    tamper("UPDATE audit_log SET " + change + " WHERE audit_id = 3");

    assertBroken(3, Problem.CHANGED, "Entry 3 is not as it was written.");
  }

  @ParameterizedTest
  @CsvSource({"1, CHANGED, 1", "5, CHANGED, 5"})
  void theFirstAndTheLastEntryAreNoExceptions(int changed, Problem problem, int found)
      throws Exception {
    tamper("UPDATE audit_log SET who = 'Eve' WHERE audit_id = " + changed);

    assertBroken(found, problem, "Entry " + found + " is not as it was written.");
  }

  @Test
  void anotherPlaceIsFound() throws Exception {
    tamper("UPDATE audit_log SET audit_id = 9 WHERE audit_id = 5");
    assertBroken(9, Problem.CHANGED, "Entry 9 is not as it was written.");

    tamper("UPDATE audit_log SET audit_id = 20 WHERE audit_id = 2");
    assertBroken(
        3, Problem.MISSING, "Entries before entry 3 are missing: it does not go on from entry 1.");
  }

  @Test
  void twoThatHaveChangedPlacesAreFound() throws Exception {
    tamper(
        "UPDATE audit_log SET audit_id = -1 WHERE audit_id = 3",
        "UPDATE audit_log SET audit_id = 3 WHERE audit_id = 4",
        "UPDATE audit_log SET audit_id = 4 WHERE audit_id = -1");

    assertBroken(3, Problem.CHANGED, "Entry 3 is not as it was written.");
  }

  @ParameterizedTest
  @CsvSource({"2, 3, entry 1.", "1, 2, the beginning."})
  void aRemovedEntryIsFound(int removed, int found, String before) throws Exception {
    tamper("DELETE FROM audit_log WHERE audit_id = " + removed);

    assertBroken(
        found,
        Problem.MISSING,
        "Entries before entry " + found + " are missing: it does not go on from " + before);
  }

  @Test
  void entriesThatAreCutOffAreFound() throws Exception {
    tamper("DELETE FROM audit_log WHERE audit_id = 5");
    assertBroken(
        4, Problem.CUT_OFF, "Entries after entry 4 are cut off: 5 were written, and there are 4.");

    tamper("DELETE FROM audit_log");
    assertBroken(
        0,
        Problem.CUT_OFF,
        "Entries after the beginning are cut off: 5 were written, and there are 0.");
  }

  @Test
  void whatIsWrittenAfterACutDoesNotHideIt() throws Exception {
    tamper("DELETE FROM audit_log WHERE audit_id > 3");
    try (MirrorDatabase database = open()) {
      note(database, 6);
      note(database, 7);
    }

    assertBroken(
        4, Problem.MISSING, "Entries before entry 4 are missing: it does not go on from entry 3.");
  }

  @Test
  void aHeadThatIsGoneIsFoundAndDoesNotComeBackByItself() throws Exception {
    tamper("DELETE FROM audit_log WHERE audit_id > 3", "DELETE FROM audit_head");
    assertBroken(
        3,
        Problem.CUT_OFF,
        "What was written last is gone from audit_head: whether entries after entry 3 are cut off"
            + " cannot be told.");

    try (MirrorDatabase database = open()) {
      note(database, 6);
    }
    assertThat(verify().isWhole()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "entries = 7, CHANGED",
    "entries = 4, CHANGED",
    "'hash = ''0000''', CHANGED",
    "'entries = 3, hash = (SELECT hash FROM audit_log WHERE audit_id = 3)', INSERTED"
  })
  void aChangedHeadIsFound(String change, Problem problem) throws Exception {
    tamper("UPDATE audit_head SET " + change);

    assertThat(firstBreak().problem()).isEqualTo(problem);
  }

  @Test
  void anEntryThatSomebodyPutsAtTheEndIsFound() throws Exception {
    tamper(
        "INSERT INTO audit_log (audit_id, "
            + SAID
            + ") SELECT 6, "
            + SAID.replace("who", "'Eve'").replace("previous_hash, hash", "hash, 'none'")
            + " FROM audit_log WHERE audit_id = 5");

    assertBroken(6, Problem.INSERTED, "Entry 6 was inserted: the chain goes on without it.");
  }

  @Test
  void anEntryThatSomebodyPutsInTheMiddleIsFound() throws Exception {
    tamper(
        "UPDATE audit_log SET audit_id = audit_id + 100 WHERE audit_id > 3",
        "INSERT INTO audit_log (audit_id, "
            + SAID
            + ") SELECT 4, "
            + SAID.replace("who", "'Eve'").replace("previous_hash, hash", "hash, 'none'")
            + " FROM audit_log WHERE audit_id = 3");

    assertBroken(4, Problem.INSERTED, "Entry 4 was inserted: the chain goes on without it.");
  }

  /** As by somebody who has read how hashes are made, but leaves the head as it is. */
  @Test
  void aForgedEntryWithTheRightHashIsFound() throws Exception {
    forge(6);

    assertBroken(6, Problem.INSERTED, "Entry 6 was inserted: the chain goes on without it.");

    try (MirrorDatabase database = open()) {
      note(database, 7);
    }
    assertBroken(6, Problem.INSERTED, "Entry 6 was inserted: the chain goes on without it.");
  }

  @Test
  void aForgedLastEntryIsFound() throws Exception {
    tamper("DELETE FROM audit_log WHERE audit_id = 5");
    forge(5);

    assertThat(firstBreak())
        .isEqualTo(
            new Break(
                5,
                Problem.CHANGED,
                "Entry 5 is not the one that was written last, by audit_head."));
  }

  @Test
  void aBreakDoesNotKeepAnybodyFromWriting() throws Exception {
    tamper("UPDATE audit_log SET who = 'Eve' WHERE audit_id = 2");
    forge(6);
    try (MirrorDatabase database = open()) {
      note(database, 6);
      assertThat(database.queries().audit("e-1")).hasSize(7);
    }

    assertBroken(2, Problem.CHANGED, "Entry 2 is not as it was written.");
    assertThat(verify().entries()).isEqualTo(7);
  }

  @Test
  void anOlderVersionInTheFileDoesNotHideAChange() throws Exception {
    tamper("UPDATE audit_log SET who = 'Eve' WHERE audit_id = 2", "PRAGMA user_version = 3");
    assertThatThrownBy(this::verify)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("there is no chain of its audit log to verify yet");

    MirrorDatabase.open(file).close();

    assertBroken(2, Problem.CHANGED, "Entry 2 is not as it was written.");
  }

  @Test
  void aLogThatIsGoneIsFound() throws Exception {
    script(file, "DROP TABLE audit_log", "DROP TABLE audit_head");

    assertThat(firstBreak().problem()).isEqualTo(Problem.CUT_OFF);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_log SET who = 'Eve' WHERE audit_id = 3",
        "DELETE FROM audit_log WHERE audit_id = 3",
        "INSERT OR REPLACE INTO audit_log SELECT * FROM audit_log WHERE audit_id = 3",
      })
  void aHastyHandIsRefused(String statement) throws Exception {
    assertThatThrownBy(() -> sql(file, statement))
        .hasMessageContaining("entries of the audit log are only ever added");

    assertThat(verify().isWhole()).isTrue();
  }

  @Test
  void itIsFollowedWhileOthersWrite() throws Exception {
    try (MirrorDatabase writer = open();
        MirrorDatabase reader = MirrorDatabase.openReadOnly(file)) {
      for (int i = 6; i <= 20; i++) {
        note(writer, i);
        assertThat(reader.verifyAudit().firstBreak()).isNull();
        assertThat(writer.verifyAudit().entries()).isEqualTo(i);
      }
    }
  }

  private MirrorDatabase open() {
    return MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"));
  }

  private static void note(MirrorDatabase database, int number) {
    database.upkeep().note("e-1", 0, "Ada", "note " + number, "r-" + number);
  }

  private void forge(int id) throws Exception {
    String previous = sql(file, "SELECT hash FROM audit_log ORDER BY audit_id DESC LIMIT 1").get(0);
    AuditRow row = new AuditRow(id, "2026", "e-1", null, "Eve", "note", "never said", null);
    tamper(
        "INSERT INTO audit_log (audit_id, at, execution_id, who, what, reason, previous_hash, hash)"
            + " VALUES (%d, '2026', 'e-1', 'Eve', 'note', 'never said', '%s', '%s')"
                .formatted(id, previous, row.hash(previous)));
  }

  private void tamper(String... statements) throws Exception {
    for (String trigger : new String[] {"updated", "deleted", "replaced"}) {
      script(file, "DROP TRIGGER IF EXISTS audit_log_" + trigger);
    }
    script(file, statements);
  }

  private AuditVerification verify() {
    return verify(file);
  }

  private static AuditVerification verify(Path file) {
    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      return database.verifyAudit();
    }
  }

  private Break firstBreak() {
    AuditVerification verification = verify();
    assertThat(verification.firstBreak()).isNotNull();
    return verification.firstBreak();
  }

  private void assertBroken(long auditId, Problem problem, String explanation) {
    assertThat(verify().firstBreak()).isEqualTo(new Break(auditId, problem, explanation));
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}

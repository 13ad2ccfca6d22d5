package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.script;

import java.nio.file.Path;
import java.time.Instant;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people want to be remembered of an execution. */
final class NotesTest {
  private static final Instant AT = Instant.parse("2026-03-01T09:30:01Z");

  @TempDir private Path folder;
  private Path file;
  private MirrorDatabase database;

  @BeforeEach
  void open() {
    file = folder.resolve("executions.db");
    database = MirrorDatabase.open(file, new TickingClock("2026-03-01T09:30:00Z"));
    database.recorder().open(input("e-1", 2), "print", ENGINE, order("run-1", 0));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aNoteIsKeptWithWhoSaidItAndWhen() {
    assertThat(note("e-1", 1, "Zoë", "Cells look stressed", "r-1")).isTrue();
    assertThat(note("e-1", null, "Ada", "Passed on to Zoë", "r-2")).isTrue();

    assertThat(database.queries().audit("e-1"))
        .containsExactly(
            new AuditEntry(AT, 1, "Zoë", "note", "Cells look stressed"),
            new AuditEntry(AT.plusSeconds(1), null, "Ada", "note", "Passed on to Zoë"));
    assertThat(database.queries().audit("nobody")).isEmpty();
    assertThat(database.verifyAudit().isWhole()).isTrue();
  }

  @Test
  void aNoteThatIsSaidAgainIsAddedOnce() {
    assertThat(note("e-1", null, "Ada", "Mould in the corner", "r-1")).isTrue();
    assertThat(note("e-1", null, "Ada", "Mould in the corner", "r-1")).isFalse();

    assertThat(database.queries().audit("e-1")).hasSize(1);
    assertThat(database.verifyAudit().entries()).isEqualTo(1);
  }

  @Test
  void theSameRequestCannotBeAnotherNote() {
    note("e-1", null, "Ada", "Mould in the corner", "r-1");

    assertThatThrownBy(() -> note("e-1", null, "Ada", "No mould", "r-1"))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "The request r-1 about the execution e-1 was another one, of"
                + " 2026-03-01T09:30:01.000000+00:00. Nothing was noted: give the note a request id"
                + " of its own.");
    assertThatThrownBy(() -> note("e-1", 0, "Ada", "Mould in the corner", "r-1"))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> note("e-1", null, "Zoë", "Mould in the corner", "r-1"))
        .isInstanceOf(StoreException.class);
    assertThat(database.queries().audit("e-1")).hasSize(1);
  }

  @Test
  void requestsAboutOtherExecutionsAreOthers() {
    database.recorder().open(input("e-2", 2), "print", ENGINE, order("run-2", 0));

    assertThat(note("e-1", null, "Ada", "First", "1")).isTrue();
    assertThat(note("e-2", null, "Ada", "Second", "1")).isTrue();
  }

  @Test
  void anExecutionThatHasEndedCanHaveNotes() {
    database.recorder().recordExecution("e-1", order("run-1", 1), ExecutionOutcome.completed());

    assertThat(note("e-1", 1, "Ada", "The count was taken twice", "r-1")).isTrue();

    assertThat(database.queries().find("e-1").orElseThrow().status())
        .isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(database.queries().audit("e-1")).hasSize(1);
  }

  @Test
  void anExecutionOfThePythonOriginalCanHaveNotes() throws Exception {
    script(
        file,
        "INSERT INTO executions (execution_id, status) VALUES ('theirs', 'completed')",
        "INSERT INTO execution_steps (step_id, execution_id, step_index) VALUES ('s', 'theirs', 0)");

    assertThat(note("theirs", 0, "Ada", "Thawed twice", "r-1")).isTrue();

    assertThat(database.queries().audit("theirs"))
        .containsExactly(new AuditEntry(AT, 0, "Ada", "note", "Thawed twice"));
  }

  @Test
  void whatThereIsNotCannotHaveNotes() {
    assertThatThrownBy(() -> note("e-9", null, "Ada", "Hello", "r-1"))
        .isInstanceOf(StoreException.class)
        .hasMessage("There is no execution e-9 in " + file + ".");
    assertThatThrownBy(() -> note("e-1", 2, "Ada", "Hello", "r-1"))
        .isInstanceOf(StoreException.class)
        .hasMessage("The execution e-1 has no step with the index 2.");
    assertThatThrownBy(() -> note("e-1", null, "Ada", " ", "r-1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a note must not be empty");
    assertThat(database.verifyAudit().entries()).isZero();
  }

  private boolean note(
      String executionId, Integer stepIndex, String by, String text, String requestId) {
    return database.upkeep().note(executionId, stepIndex, by, text, requestId);
  }
}

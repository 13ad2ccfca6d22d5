package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.cellos.store.Backups;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Yesterday's backup is restored: what instruments did since is not in it. */
class RestoredBackupTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Two seconds at the default speed-up. */
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private Path database;
  private Path backup;
  private Witness witness;
  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    database = folder.resolve("executions.db");
    backup = folder.resolve("yesterday.db");
    witness = new Witness(folder.resolve("witness.jsonl"));
    executor = another();
  }

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void laterStepsAskAndEarlierOnesAreNotAskedAbout() {
    String id = create(DISPENSE, INCUBATE, DISPENSE, DISPENSE);
    executor.begin(id, false);
    // In the incubation, whose start is recorded: what follows is not in the backup.
    await()
        .atMost(DEADLINE)
        .until(
            () ->
                executor.queries().attempts(id).stream()
                        .filter(attempt -> attempt.endedAt() != null)
                        .count()
                    == 2);
    Backups.write(database, backup, false);
    executor.await(id);
    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1");

    assertThat(restore().asking()).containsExactly(id);
    executor.resume(id);

    // Its start is in the backup; whether the vessel was taken out since is not.
    answer(id, 1, StepAction.STOP, Choice.DONE);
    Question dispensed = answer(id, 2, StepAction.PERFORM, Choice.DONE);
    assertThat(dispensed.evidence())
        .startsWith("The history is the backup of 20")
        .contains("it does not say whether this was done after the backup.");
    answer(id, 3, StepAction.PERFORM, Choice.DONE);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1");
    assertThat(executor.queries().decisions(id))
        .extracting(decision -> decision.question().stepIndex())
        .containsExactly(1, 2, 3);
    assertThat(executor.steps(id))
        .extracting(StepRecord::status)
        .containsOnly(StepStatus.COMPLETED);
  }

  @Test
  void whatAPersonSaysWasNotDoneIsDoneOnce() {
    String id = create(DISPENSE, INCUBATE);
    Backups.write(database, backup, false);

    assertThat(restore().asking()).containsExactly(id);
    executor.begin(id, false);

    answer(id, 0, StepAction.PERFORM, Choice.AGAIN);
    answer(id, 1, StepAction.START, Choice.AGAIN);
    // Started anew, so it needs no question to be stopped.
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/2", "1/2");
    assertThat(executor.queries().decisions(id)).hasSize(2);
  }

  @Test
  void aStartThatWasDoneSinceCountsFromTheBackup() {
    String id = create(INCUBATE);
    Backups.write(database, backup, false);
    executor.execute(id, false);

    restore();
    executor.begin(id, false);

    answer(id, 0, StepAction.START, Choice.DONE);
    answer(id, 0, StepAction.STOP, Choice.DONE);
    assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1");
  }

  @Test
  void dryRunsDoNotAsk() {
    String waiting = create(DISPENSE, INCUBATE);
    Backups.write(database, backup, false);
    restore();

    assertThat(executor.execute(waiting, true).status()).isEqualTo(ExecutionStatus.COMPLETED);

    assertThat(executor.queries().decisions(waiting)).isEmpty();
    assertThat(witness.effects()).isEmpty();
  }

  @Test
  void newExecutionsDoNotAsk() {
    Backups.write(database, backup, false);
    restore();

    String id = create(DISPENSE);

    assertThat(executor.execute(id, false).status()).isEqualTo(ExecutionStatus.COMPLETED);
    assertThat(witness.effects()).containsExactly("0/1");
  }

  private Backups.Restored restore() {
    executor.close();
    Backups.Restored restored = Backups.restore(database, backup);
    executor = another();
    return restored;
  }

  private Question answer(String id, int stepIndex, StepAction action, Choice choice) {
    Question question =
        await()
            .atMost(DEADLINE)
            .until(
                () ->
                    executor.queries().decisions(id).stream()
                        .filter(DecisionRecord::isOpen)
                        .map(DecisionRecord::question)
                        .filter(open -> open.stepIndex() == stepIndex && open.action() == action)
                        .findFirst()
                        .orElse(null),
                open -> open != null);
    executor.answer(
        id,
        new Answer(
            "answer-" + stepIndex + action,
            stepIndex,
            question.epoch(),
            action,
            choice,
            null,
            "ada",
            null));
    return question;
  }

  private WorkflowExecutor another() {
    return WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log());
  }

  private String create(UnitOp... unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", List.of(unitOps), Map.of())
        .executionId();
  }
}

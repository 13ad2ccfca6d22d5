package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.attempt;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.failed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRecord;
import org.cellos.domain.StepStatus;
import org.cellos.domain.StepTimes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteRecorderTest {
  private static final String ID = "e-1";
  private static final String RUN_1 = "run-1";
  private static final String RUN_2 = "run-2";
  private static final EngineIdentity OTHER_ENGINE =
      new EngineIdentity(EngineIdentity.Kind.IN_MEMORY, "engine-2", "127.0.0.1:40124", "default");

  @TempDir private Path folder;

  private final TickingClock clock = new TickingClock("2026-03-01T09:30:00.123456789Z");
  private Path file;
  private MirrorDatabase database;
  private ExecutionRecorder recorder;
  private ExecutionQueries queries;

  @BeforeEach
  void openDatabase() {
    file = folder.resolve("data").resolve("executions.db");
    database = MirrorDatabase.open(file, clock);
    recorder = database.recorder();
    queries = database.queries();
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  @Test
  void opensAnExecutionWithAllItsStepsPending() {
    ExecutionInput input = input(ID, 3);

    Instant createdAt = recorder.open(input, "print", ENGINE, order(RUN_1, 0));

    assertThat(createdAt).isEqualTo("2026-03-01T09:30:00.123456Z");
    assertThat(execution())
        .isEqualTo(
            new ExecutionRecord(
                ID,
                "Passage HEK293T in flask_t75",
                "HEK293T",
                "flask_t75",
                "passage",
                ExecutionStatus.PENDING,
                createdAt,
                null,
                null,
                null,
                input.metadata(),
                null,
                true,
                3,
                0));
    assertThat(queries.steps(ID))
        .extracting(StepRecord::stepId, StepRecord::stepIndex, StepRecord::status)
        .containsExactly(
            tuple(Step.idOf(ID, 0), 0, StepStatus.PENDING),
            tuple(Step.idOf(ID, 1), 1, StepStatus.PENDING),
            tuple(Step.idOf(ID, 2), 2, StepStatus.PENDING));
    assertThat(step(1).parameters()).isEqualTo(input.steps().get(1).unitOp().parameters());
    assertThat(queries.details(ID)).contains(new ExecutionDetails(input, "print", ENGINE, RUN_1));
  }

  @Test
  void findsEverythingAgainAfterReopening() {
    recorder.open(input(ID, 2), "print", ENGINE, order(RUN_1, 0));
    recorder.begin(ID, order(RUN_1, 1), false);
    ExecutionRecord before = execution();
    List<StepRecord> steps = queries.steps(ID);
    database.close();

    try (MirrorDatabase again = MirrorDatabase.openReadOnly(file)) {
      assertThat(again.queries().find(ID)).contains(before);
      assertThat(again.queries().steps(ID)).isEqualTo(steps);
      assertThatThrownBy(again::recorder).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void openingTheSameAgainAnswersTheSameAndRemembersTheRun() {
    Instant createdAt = recorder.open(input(ID, 2), "print", ENGINE, order(RUN_1, 0));
    recorder.begin(ID, order(RUN_1, 1), true);
    ExecutionRecord before = execution();

    assertThat(recorder.open(input(ID, 2), "print", ENGINE, order(RUN_1, 0))).isEqualTo(createdAt);
    assertThat(recorder.open(input(ID, 2), "print", ENGINE, order(RUN_2, 0))).isEqualTo(createdAt);

    assertThat(execution()).isEqualTo(before);
    assertThat(queries.details(ID).orElseThrow().temporalRunId()).isEqualTo(RUN_2);
  }

  @Test
  void refusesTheIdOfAnotherExecution() {
    recorder.open(input(ID, 2), "print", ENGINE, order(RUN_1, 0));

    assertThatThrownBy(() -> recorder.open(input(ID, 3), "another", ENGINE, order(RUN_2, 0)))
        .isInstanceOf(ExecutionIdInUseException.class)
        .hasMessageContaining(ID)
        .hasMessageContaining("Passage HEK293T in flask_t75 (pending, created 2026-03-01T09:30:00");

    assertThat(queries.details(ID).orElseThrow().temporalRunId()).isEqualTo(RUN_1);
    assertThat(queries.steps(ID)).hasSize(2);
  }

  @Test
  void beginsOnceHoweverOftenItIsTold() {
    recorder.open(input(ID, 2), "print", ENGINE, order(RUN_1, 0));

    Instant begun = recorder.begin(ID, order(RUN_1, 1), true);
    Instant again = recorder.begin(ID, order(RUN_1, 1), true);

    assertThat(begun).isEqualTo(again).isEqualTo("2026-03-01T09:30:01.123456Z");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().startedAt()).isEqualTo(begun);
    assertThat(execution().dryRun()).isTrue();
  }

  @Test
  void showsAStepRunningWhileItIsTried() {
    begun();

    recorder.attemptStarted(attempt(ID, 0, 1), "worker@bench");

    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);
    assertThat(step(0).startTime()).isEqualTo("2026-03-01T09:30:02.123456Z");
    assertThat(step(0).attempts()).isEqualTo(1);
    assertThat(queries.attempts(ID))
        .containsExactly(
            new StepAttemptRecord(
                0,
                1,
                StepAction.PERFORM,
                1,
                "worker@bench",
                Instant.parse("2026-03-01T09:30:02.123456Z"),
                null,
                null,
                null));
  }

  @Test
  void repeatingTheStartOrEndOfAnAttemptChangesNothing() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    StepRecord started = step(0);
    recorder.attemptStarted(attempt(ID, 0, 1), "other");
    assertThat(step(0)).isEqualTo(started);

    recorder.attemptEnded(attempt(ID, 0, 1), completed());
    StepRecord ended = step(0);
    List<StepAttemptRecord> attempts = queries.attempts(ID);
    recorder.attemptEnded(attempt(ID, 0, 1), failed("late"));
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");

    assertThat(step(0)).isEqualTo(ended);
    assertThat(queries.attempts(ID)).isEqualTo(attempts);
  }

  @Test
  void aFailedAttemptShowsItsErrorWhileTheStepGoesOn() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptEnded(attempt(ID, 0, 1), failed("the pipette is not attached"));

    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);
    assertThat(step(0).errorMessage()).isEqualTo("the pipette is not attached");
    assertThat(step(0).endTime()).isNull();

    recorder.attemptStarted(attempt(ID, 0, 2), "worker");
    assertThat(step(0).errorMessage()).isEqualTo("the pipette is not attached");
    recorder.attemptEnded(attempt(ID, 0, 2), completed());

    assertThat(step(0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(step(0).errorMessage()).isNull();
    assertThat(queries.attempts(ID))
        .extracting(StepAttemptRecord::outcome)
        .containsExactly(StepStatus.FAILED, StepStatus.COMPLETED);
  }

  @Test
  void theStartOfATimedStepDoesNotCompleteIt() {
    begun();
    AttemptKey start = attempt(ID, 0, StepAction.START, 1);
    AttemptKey stop = attempt(ID, 0, StepAction.STOP, 1);

    recorder.attemptStarted(start, "worker");
    recorder.attemptEnded(start, completed());
    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);
    assertThat(step(0).result()).isNull();

    recorder.attemptStarted(stop, "worker");
    recorder.attemptEnded(stop, completed());
    assertThat(step(0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(step(0).startTime()).isEqualTo("2026-03-01T09:30:02.123456Z");
  }

  @Test
  void theLateEndOfAnOlderAttemptDoesNotHideTheNewer() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptStarted(attempt(ID, 0, 2), "worker");

    recorder.attemptEnded(attempt(ID, 0, 1), completed());

    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);
    assertThat(queries.attempts(ID).get(0).outcome()).isEqualTo(StepStatus.COMPLETED);
  }

  @Test
  void anAttemptNeverTouchesARecordedStep() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.recordStep(ID, order(RUN_1, 2), 0, failed("the outcome is unknown"));
    StepRecord before = step(0);

    recorder.attemptEnded(attempt(ID, 0, 1), completed());
    recorder.attemptStarted(attempt(ID, 0, 2), "worker");

    assertThat(step(0).status()).isEqualTo(before.status());
    assertThat(step(0).errorMessage()).isEqualTo("the outcome is unknown");
    assertThat(step(0).endTime()).isEqualTo(before.endTime());
    assertThat(queries.attempts(ID)).hasSize(2);
  }

  @Test
  void recordsTheOutcomeOfAStepOnce() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");

    StepTimes times = recorder.recordStep(ID, order(RUN_1, 2), 0, completed());
    StepRecord before = step(0);
    StepTimes again = recorder.recordStep(ID, order(RUN_1, 2), 0, failed("not this"));

    assertThat(again).isEqualTo(times);
    assertThat(step(0)).isEqualTo(before);
    assertThat(times.startedAt()).isEqualTo("2026-03-01T09:30:02.123456Z");
    assertThat(times.endedAt()).isEqualTo("2026-03-01T09:30:03.123456Z");
    assertThat(step(0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(step(0).result()).isEqualTo(Parameters.none().with("mode", "virtual"));
    assertThat(execution().completedStepCount()).isEqualTo(1);
  }

  @Test
  void aStepWithoutAttemptsHasNoStart() {
    begun();

    StepTimes times = recorder.recordStep(ID, order(RUN_1, 2), 1, completed());

    assertThat(times.startedAt()).isNull();
    assertThat(step(1).attempts()).isZero();
  }

  @Test
  void theEndSkipsWhatWasNotBegunAndFailsWhatWasUnderWay() {
    begun();
    recorder.recordStep(ID, order(RUN_1, 2), 0, completed());
    recorder.attemptStarted(attempt(ID, 1, 1), "worker");

    Instant ended =
        recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.failed("terminated by Ada"));
    Instant again =
        recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.failed("terminated by Ada"));

    assertThat(again).isEqualTo(ended);
    assertThat(execution().status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(execution().completedAt()).isEqualTo(ended);
    assertThat(execution().errorMessage()).isEqualTo("terminated by Ada");
    assertThat(queries.steps(ID))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.SKIPPED);
    assertThat(step(1).errorMessage()).isEqualTo("terminated by Ada");
    assertThat(step(1).endTime()).isEqualTo(ended);
    assertThat(step(2).startTime()).isNull();
    assertThat(step(2).endTime()).isNull();
  }

  @Test
  void aLateAttemptDoesNotReviveAnEndedExecution() {
    begun();
    recorder.recordExecution(ID, order(RUN_1, 2), ExecutionOutcome.cancelled("by Ada"));

    recorder.attemptStarted(attempt(ID, 0, 1), "zombie");

    assertThat(step(0).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(execution().status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void ignoresRecordsOlderThanTheNewest() {
    begun();
    recorder.recordStep(ID, order(RUN_1, 3), 0, completed());

    recorder.recordStep(ID, order(RUN_1, 2), 0, failed("older"));
    recorder.begin(ID, order(RUN_1, 1), true);
    recorder.recordExecution(ID, order(RUN_1, 2), ExecutionOutcome.failed("older"));

    assertThat(step(0).status()).isEqualTo(StepStatus.COMPLETED);
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().dryRun()).isFalse();
  }

  @Test
  void recordsOfAnOlderRunAreIgnoredEvenWithAHigherSequence() {
    begun();
    recorder.open(input(ID, 3), "print", ENGINE, order(RUN_2, 0));
    recorder.recordStep(ID, order(RUN_2, 2), 0, completed());

    recorder.recordStep(ID, order(RUN_1, 99), 0, failed("a zombie of the first run"));

    assertThat(step(0).status()).isEqualTo(StepStatus.COMPLETED);
  }

  @Test
  void aResetExecutionRunsAgain() {
    begun();
    recorder.recordStep(ID, order(RUN_1, 2), 0, completed());
    recorder.attemptStarted(attempt(ID, 1, 1), "worker");
    recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.failed("terminated"));

    recorder.recordStep(ID, order(RUN_2, 3), 1, completed());

    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().completedAt()).isNull();
    assertThat(execution().errorMessage()).isNull();
    assertThat(queries.steps(ID))
        .extracting(StepRecord::status)
        .containsExactly(StepStatus.COMPLETED, StepStatus.COMPLETED, StepStatus.PENDING);
    recorder.attemptStarted(attempt(ID, 2, 1), "worker");
    assertThat(step(2).status()).isEqualTo(StepStatus.RUNNING);
  }

  @Test
  void timesNeverRunBackwards() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    clock.set("2020-01-01T00:00:00Z");

    StepTimes times = recorder.recordStep(ID, order(RUN_1, 2), 0, completed());
    Instant ended = recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.completed());

    assertThat(times.endedAt()).isAfterOrEqualTo(times.startedAt());
    assertThat(ended).isAfterOrEqualTo(times.endedAt());
  }

  @Test
  void theCodeOfAFailureIsKept() throws Exception {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptEnded(attempt(ID, 0, 1), failed("no tips"));
    recorder.recordStep(ID, order(RUN_1, 2), 0, failed("no tips"));

    assertThat(Samples.sql(file, "SELECT error_code FROM step_attempts"))
        .containsExactly(ErrorCode.STEP_FAILED.wireValue());
    assertThat(Samples.sql(file, "SELECT error_code FROM step_outcomes"))
        .containsExactly(ErrorCode.STEP_FAILED.wireValue());
  }

  @Test
  void everyMethodRefusesAnUnknownExecutionOrStep() {
    recorder.open(input(ID, 1), "print", ENGINE, order(RUN_1, 0));
    AttemptKey unknown = attempt("nobody", 0, 1);

    assertThatThrownBy(() -> recorder.begin("nobody", order(RUN_1, 1), true))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("nobody")
        .hasMessageContaining(file.toString());
    assertThatThrownBy(() -> recorder.attemptStarted(unknown, "worker"))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> recorder.attemptEnded(unknown, completed()))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> recorder.recordStep("nobody", order(RUN_1, 1), 0, completed()))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(
            () -> recorder.recordExecution("nobody", order(RUN_1, 1), ExecutionOutcome.completed()))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> recorder.recordStep(ID, order(RUN_1, 1), 7, completed()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("no step with the index 7");
    assertThatThrownBy(() -> recorder.attemptEnded(attempt(ID, 0, 1), completed()))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("start of this attempt was not recorded");
  }

  @Test
  void anExecutionIsPausedWhileItsInstrumentIs() throws Exception {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");

    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution().errorMessage()).isEqualTo("its door is open");
    assertThat(queries.hold(ID)).contains("its door is open");
    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);

    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "press its button");
    assertThat(execution().errorMessage()).isEqualTo("press its button");
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().errorMessage()).isNull();
    assertThat(queries.hold(ID)).isEmpty();
    assertThat(audited())
        .containsExactly(
            "0|worker|the instrument paused|its door is open",
            "0|worker|the instrument paused|press its button",
            "0|worker|the instrument goes on|");
  }

  @Test
  void whoTakesTheStepOverSaysWhetherItsInstrumentIsStillPaused() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.attemptStarted(attempt(ID, 0, 2), "other");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);

    // Too late: another has the step.
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    recorder.attemptGoesOn(attempt(ID, 0, 2), "other");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
  }

  @Test
  void whatHasEndedIsNotHeld() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.attemptEnded(attempt(ID, 0, 1), failed("no tips"));
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().errorMessage()).isNull();

    recorder.attemptStarted(attempt(ID, 0, 2), "worker");
    recorder.attemptHeld(attempt(ID, 0, 2), "worker", "its door is open");
    recorder.recordStep(ID, order(RUN_1, 2), 0, completed());
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().errorMessage()).isNull();
    recorder.attemptHeld(attempt(ID, 0, 2), "worker", "late");
    assertThat(queries.hold(ID)).isEmpty();

    recorder.attemptStarted(attempt(ID, 1, 1), "worker");
    recorder.attemptHeld(attempt(ID, 1, 1), "worker", "its door is open");
    recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.cancelled("by Ada"));
    assertThat(execution().status()).isEqualTo(ExecutionStatus.CANCELLED);
    assertThat(execution().errorMessage()).isEqualTo("by Ada");
    assertThat(queries.hold(ID)).isEmpty();
  }

  @Test
  void whatPeopleWantWhileAnInstrumentIsPausedIsSeenAndTheInstrumentNotForgotten() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");

    recorder.recordControl(ID, order(RUN_1, 2), asked(new Control.Pause(false)));
    assertThat(execution().errorMessage()).isEqualTo("Pausing before the next step by ada: lunch.");
    recorder.recordControl(ID, order(RUN_1, 3), asked(new Control.Resume()));
    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution().errorMessage()).isEqualTo("its door is open");

    recorder.recordControl(ID, order(RUN_1, 4), asked(new Control.Pause(false)));
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().errorMessage()).isEqualTo("Pausing before the next step by ada: lunch.");
  }

  @Test
  void aQuestionThatIsOpenKeepsPausedWhatTheInstrumentLetsGo() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    assertThat(queries.hold(ID)).isEmpty();

    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
  }

  @Test
  void anAnswerLetsTheStepBeHeldAnewForTheSameReason() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    // Of an attempt that nobody waits for any more.
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");
    recorder.closeDecision(
        ID, order(RUN_1, 3), question(1), answer(Choice.AGAIN, null), failed("again"));
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);

    recorder.attemptStarted(attempt(ID, 0, 2), "worker");
    recorder.attemptHeld(attempt(ID, 0, 2), "worker", "its door is open");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution().errorMessage()).isEqualTo("its door is open");
  }

  @Test
  void whatTheServerHasForgottenIsNotBroughtBackByAnInstrumentThatGoesOn() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");

    assertThat(database.upkeep().lost(ID, "forgotten")).isTrue();
    recorder.attemptGoesOn(attempt(ID, 0, 1), "worker");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution().errorMessage()).isEqualTo("forgotten");
    assertThat(queries.hold(ID)).isEmpty();
  }

  @Test
  void aPauseBetweenTwoStepsIsNotEndedByALateWordOfAnInstrument() {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    recorder.attemptHeld(attempt(ID, 0, 1), "worker", "its door is open");

    recorder.recordPaused(ID, order(RUN_1, 2), asked(new Control.Pause(true)));
    recorder.attemptEnded(attempt(ID, 0, 1), failed("late"));

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(execution().errorMessage()).isEqualTo("Paused by ada: lunch.");
  }

  private static ControlRequest asked(Control control) {
    return new ControlRequest(control.toString(), "ada", "lunch", control);
  }

  @Test
  void refusesToWriteAfterClosing() {
    database.close();

    assertThatThrownBy(() -> recorder.open(input(ID, 1), "print", ENGINE, order(RUN_1, 0)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void anUnknownOutcomePausesTheExecutionAndShowsTheStepFailed() throws Exception {
    begun();
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");

    recorder.openDecision(ID, order(RUN_1, 2), question(1));

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(step(0).status()).isEqualTo(StepStatus.FAILED);
    assertThat(step(0).errorMessage())
        .isEqualTo("Nobody knows whether it was done. The worker is silent.");
    assertThat(queries.decisions(ID))
        .singleElement()
        .satisfies(
            decision -> {
              assertThat(decision.isOpen()).isTrue();
              assertThat(decision.question()).isEqualTo(question(1));
              assertThat(decision.choice()).isNull();
            });
    assertThat(audited()).containsExactly("0|workflow|asks: Nobody knows whether it was done.|");
  }

  @Test
  void askingTwiceIsOneQuestionThatIsOpenSinceTheFirst() throws Exception {
    begun();
    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    List<DecisionRecord> before = queries.decisions(ID);

    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    // A resumed execution asks again.
    recorder.open(input(ID, 3), "print", ENGINE, order(RUN_2, 0));
    recorder.openDecision(ID, order(RUN_2, 3), question(1));

    assertThat(queries.decisions(ID)).isEqualTo(before);
    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(audited()).hasSize(1);
  }

  @Test
  void aStepThatAPersonDoesIsUnderWay() {
    begun();
    Question confirmation =
        new Question(
            0,
            1,
            StepAction.PERFORM,
            Question.Kind.CONFIRMATION,
            "Do it by hand.",
            "Nothing else happens.",
            List.of(Choice.DONE),
            null,
            null);

    recorder.openDecision(ID, order(RUN_1, 2), confirmation);

    assertThat(execution().status()).isEqualTo(ExecutionStatus.PAUSED);
    assertThat(step(0).status()).isEqualTo(StepStatus.RUNNING);
    assertThat(step(0).startTime()).isNotNull();
    assertThat(step(0).errorMessage()).isNull();
  }

  @Test
  void anAnswerLetsTheExecutionGoOnAndIsInTheLedger() throws Exception {
    begun();
    recorder.openDecision(ID, order(RUN_1, 2), question(1));

    Instant at =
        recorder.closeDecision(
            ID, order(RUN_1, 3), question(1), answer(Choice.PARTLY, 4.0), completed());

    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(queries.decisions(ID))
        .containsExactly(
            new DecisionRecord(
                ID,
                question(1),
                Instant.parse("2026-03-01T09:30:02.123456Z"),
                "partly",
                4.0,
                "Ada",
                "the tip was wet",
                at));
    assertThat(database.ledger().read(question(1).effect(ID), ENGINE.id()))
        .isEqualTo(new LedgerEntry.Closed(completed(), at));
    assertThat(audited()).last().isEqualTo("0|Ada|partly 4.0 mL|the tip was wet");
  }

  @Test
  void answeringTwiceIsOneAnswer() throws Exception {
    begun();
    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    Instant at =
        recorder.closeDecision(
            ID, order(RUN_1, 3), question(1), answer(Choice.DONE, null), completed());
    List<DecisionRecord> before = queries.decisions(ID);

    Instant again =
        recorder.closeDecision(
            ID, order(RUN_1, 3), question(1), answer(Choice.ABORT, null), failed("not this"));

    assertThat(again).isEqualTo(at);
    assertThat(queries.decisions(ID)).isEqualTo(before);
    assertThat(audited()).hasSize(2);
  }

  @Test
  void everyEpochHasAQuestionOfItsOwn() {
    begun();
    recorder.openDecision(ID, order(RUN_1, 2), question(1));
    recorder.closeDecision(
        ID, order(RUN_1, 3), question(1), answer(Choice.AGAIN, null), failed("again"));

    recorder.openDecision(ID, order(RUN_1, 4), question(2));

    assertThat(queries.decisions(ID))
        .extracting(decision -> decision.question().epoch(), DecisionRecord::isOpen)
        .containsExactly(tuple(1, false), tuple(2, true));
  }

  @Test
  void aCancelIsSeenBeforeItIsConfirmed() throws Exception {
    begun();

    recorder.recordCancelling(ID, order(RUN_1, 2), "the flask broke");
    recorder.recordCancelling(ID, order(RUN_1, 2), "the flask broke");

    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(execution().errorMessage())
        .isEqualTo("Cancelling: waiting for the instruments to stop. (the flask broke)");
    assertThat(audited()).containsExactly("|cancel|asked for|the flask broke");
  }

  @Test
  void anExecutionIsHandedOverOnceAndOnlyByTheEngineThatHasIt() throws Exception {
    begun();

    assertThat(recorder.adopt(ID, "engine-9", OTHER_ENGINE, "worker@other")).isFalse();
    assertThat(recorder.adopt(ID, ENGINE.id(), OTHER_ENGINE, "worker@other")).isTrue();
    assertThat(recorder.adopt(ID, ENGINE.id(), OTHER_ENGINE, "worker@third")).isFalse();

    assertThat(queries.details(ID).orElseThrow().engine()).isEqualTo(OTHER_ENGINE);
    assertThat(audited())
        .containsExactly(
            "|worker@other|takes the execution over, since the engine that had it is no more or"
                + " has forgotten it|");
    assertThat(recorder.adopt("nobody", ENGINE.id(), OTHER_ENGINE, "worker")).isFalse();
  }

  @Test
  void theFormerEngineCannotBeginWhatAnotherHas() {
    recorder.open(input(ID, 3), "print", ENGINE, order(RUN_1, 0));
    recorder.adopt(ID, ENGINE.id(), OTHER_ENGINE, "worker@other");
    recorder.open(input(ID, 3), "print", OTHER_ENGINE, order(RUN_2, 0));

    assertThatThrownBy(() -> recorder.open(input(ID, 3), "print", ENGINE, order(RUN_1, 0)))
        .isInstanceOf(ExecutionIdInUseException.class)
        .hasMessageContaining("performed by another process");
    assertThatThrownBy(() -> recorder.begin(ID, order(RUN_1, 1), false))
        .isInstanceOf(ExecutionIdInUseException.class)
        .hasMessageContaining("taken over by another process");
  }

  @Test
  void theStateIsThatOfTheNewestRecord() {
    recorder.open(input(ID, 3), "print", ENGINE, order(RUN_1, 0));
    assertThat(queries.state(ID)).contains(order(RUN_1, 0).state());
    recorder.begin(ID, order(RUN_1, 1), false);
    ExecutionState second = order(RUN_1, 2).state().again(StepAction.START);
    recorder.openDecision(ID, new Snapshot(RUN_1, second), question(1));
    assertThat(queries.state(ID)).contains(second);

    recorder.recordStep(ID, order(RUN_1, 1), 0, completed());
    recorder.recordCancelling(ID, order(RUN_1, 2), "older");
    recorder.recordExecution(ID, order(RUN_1, 0), ExecutionOutcome.failed("older"));

    assertThat(queries.state(ID)).contains(second);
    assertThat(queries.state("nobody")).isEmpty();
    recorder.recordStep(ID, order(RUN_1, 3), 0, completed());
    assertThat(queries.state(ID)).contains(order(RUN_1, 3).state());
  }

  @Test
  void anOlderRecordNeitherAsksNorAnswers() throws Exception {
    begun();
    recorder.openDecision(ID, order(RUN_1, 3), question(1));
    Instant at =
        recorder.closeDecision(
            ID, order(RUN_1, 4), question(1), answer(Choice.DONE, null), completed());

    recorder.openDecision(ID, order(RUN_1, 2), question(2));
    Instant again =
        recorder.closeDecision(
            ID, order(RUN_1, 2), question(1), answer(Choice.SKIP, null), failed("older"));

    assertThat(again).isEqualTo(at);
    assertThat(queries.decisions(ID)).hasSize(1);
    assertThat(execution().status()).isEqualTo(ExecutionStatus.RUNNING);
    assertThat(audited()).hasSize(2);
  }

  /** As where a backup of before is put in the place of the history. */
  @Test
  void stepsThatTheWorkflowHasPassedAreNotSaidToBeLeftOut() throws Exception {
    recorder.open(input(ID, 4), "print", ENGINE, order(RUN_1, 0));
    recorder.begin(ID, order(RUN_1, 1), false);
    recorder.attemptStarted(attempt(ID, 0, 1), "worker");
    Snapshot later = order(RUN_1, 9);

    recorder.recordStep(ID, new Snapshot(RUN_1, later.state().atStep(3).next()), 2, completed());
    recorder.recordExecution(
        ID,
        new Snapshot(RUN_1, later.state().atStep(3).next().next()),
        ExecutionOutcome.failed("It leaks."));

    assertThat(
            Samples.sql(
                file,
                "SELECT status, coalesce(substr(error_message, 1, 41), '-') FROM execution_steps"
                    + " ORDER BY step_index"))
        .containsExactly(
            "failed|Temporal has gone on after this step, but",
            "failed|Temporal has gone on after this step, but",
            "completed|-",
            "skipped|-");
  }

  @Test
  void stepsOfTheSafeStateThatTheWorkflowHasPassedAreNotSaidToBeLeftOutEither() throws Exception {
    recorder.open(input(ID, 6), "print", ENGINE, order(RUN_1, 0));
    recorder.begin(ID, order(RUN_1, 1), false);
    recorder.recordStep(ID, order(RUN_1, 2), 0, failed("It leaks."));
    // The safe state is the last three of its steps; of the first of them there is no record.
    ExecutionState inSafeState = order(RUN_1, 9).state().atStep(1).compensating(3).atStep(5).next();

    recorder.recordStep(ID, new Snapshot(RUN_1, inSafeState), 4, completed());
    recorder.recordExecution(
        ID, new Snapshot(RUN_1, inSafeState.next()), ExecutionOutcome.failed("It leaks."));

    assertThat(Samples.sql(file, "SELECT status FROM execution_steps ORDER BY step_index"))
        .containsExactly("failed", "skipped", "skipped", "failed", "completed", "skipped");
  }

  @Test
  void theEndOfAnExecutionClosesItsQuestions() throws Exception {
    begun();
    recorder.openDecision(ID, order(RUN_1, 2), question(1));

    Instant ended =
        recorder.recordExecution(ID, order(RUN_1, 3), ExecutionOutcome.cancelled("by Ada"));

    assertThat(queries.decisions(ID))
        .singleElement()
        .satisfies(
            decision -> {
              assertThat(decision.isOpen()).isFalse();
              assertThat(decision.choice()).isEqualTo("cancelled");
              assertThat(decision.decidedBy()).isNull();
              assertThat(decision.decidedAt()).isEqualTo(ended);
            });
    assertThat(audited()).last().isEqualTo("|workflow|cancelled|by Ada");
    // Asking or answering late does not revive it.
    recorder.openDecision(ID, order(RUN_1, 2), question(2));
    assertThat(execution().status()).isEqualTo(ExecutionStatus.CANCELLED);
  }

  @Test
  void aSkippedStepSaysWhoLeftItOut() {
    begun();
    Parameters said = Parameters.none().with("decided_by", "Ada");

    recorder.recordStep(ID, order(RUN_1, 2), 0, new StepOutcome.Skipped(said));

    assertThat(step(0).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(step(0).result()).isEqualTo(said);
  }

  private static Question question(int epoch) {
    return new Question(
        0,
        epoch,
        StepAction.PERFORM,
        Question.Kind.OUTCOME,
        "Nobody knows whether it was done.",
        "The worker is silent.",
        List.of(Choice.values()),
        10.0,
        null);
  }

  private static Answer answer(Choice choice, @Nullable Double amount) {
    return new Answer("r-1", 0, 1, StepAction.PERFORM, choice, amount, "Ada", "the tip was wet");
  }

  private List<String> audited() throws Exception {
    return Samples.sql(
        file,
        """
        SELECT coalesce(step_index, ''), who, what, coalesce(reason, '')
        FROM audit_log ORDER BY audit_id""");
  }

  private void begun() {
    recorder.open(input(ID, 3), "print", ENGINE, order(RUN_1, 0));
    recorder.begin(ID, order(RUN_1, 1), false);
  }

  private ExecutionRecord execution() {
    return queries.find(ID).orElseThrow();
  }

  private StepRecord step(int index) {
    return queries.steps(ID).get(index);
  }
}

package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.cellos.json.Json;
import org.junit.jupiter.api.Test;

/**
 * What is kept in history and in the file must be read again, by this version and by later ones.
 */
final class StoredFormsTest {
  private static final Instant AT = Instant.parse("2026-03-01T09:30:00.123456Z");
  private static final StepOutcome SKIPPED =
      new StepOutcome.Skipped(Parameters.of(Map.of("decided", "skip", "decided_by", "Ada")));

  @Test
  void anExecutionStateKeepsItsEpochs() {
    ExecutionState state =
        ExecutionState.initial(new Begin(false))
            .begunWith(List.of(Route.of(RouteKind.HANDLER, EffectClass.ONCE, true)))
            .atStep(4)
            .again(StepAction.START)
            .again(StepAction.START)
            .again(StepAction.STOP)
            .cancelling("by Ada")
            .next();

    ExecutionState read = returns(state, ExecutionState.class);

    assertThat(read.epoch(StepAction.START)).isEqualTo(3);
    assertThat(read.epoch(StepAction.STOP)).isEqualTo(2);
    assertThat(read.epoch(StepAction.PERFORM)).isEqualTo(1);
    assertThat(Json.write(state)).contains("\"start\":3").contains("\"cancel_reason\":\"by Ada\"");
  }

  @Test
  void anExecutionStateOfNothingLeavesOutWhatItDoesNotHave() {
    ExecutionState state = ExecutionState.initial(null);

    assertThat(returns(state, ExecutionState.class).hasBegun()).isFalse();
    assertThat(Json.write(state)).doesNotContain("null").doesNotContain("cancel_reason");
  }

  @Test
  void aNewStepBeginsWithItsFirstEpochs() {
    assertThat(ExecutionState.initial(null).again(StepAction.STOP).atStep(1).epochs()).isEmpty();
  }

  @Test
  void anExecutionStateKeepsItsTimesAndItsSafeState() {
    ExecutionState late =
        ExecutionState.initial(new Begin(false))
            .atStep(3)
            .marked(1, AT)
            .again(StepAction.START)
            .rescuing(2, 3);
    ExecutionState compensating = late.compensating(5).again(StepAction.PERFORM);

    ExecutionState read = returns(late, ExecutionState.class);
    assertThat(read.nextStep()).isEqualTo(2);
    assertThat(read.exposed().marks()).containsEntry(1, AT);
    assertThat(read.atStep(3).epoch(StepAction.START)).isEqualTo(2);
    read = returns(compensating.missingSafeState("it leaks"), ExecutionState.class);
    assertThat(read.isSafeStateUnderWay()).isTrue();
    assertThat(read.whyNotSafe()).contains("it leaks");
    assertThat(read.hasPassedOver(4)).isTrue();
    assertThat(read.hasPassedOver(5)).isFalse();
    ExecutionState next = read.reopened(4, Map.of(), Controls.none(), retry()).compensating(5);
    assertThat(next.epoch(StepAction.PERFORM)).as("above all before").isEqualTo(3);
  }

  private static ControlRequest retry() {
    return new ControlRequest("r", "Ada", null, new Control.Retry(4));
  }

  @Test
  void anExecutionStateOfAnOlderHistoryHasNoTimesAndNoSafeState() {
    ExecutionState state =
        Json.read(
            """
            {"version": 1, "sequence": 7, "routes": [], "next_step": 3, "epochs": {"start": 2}}""",
            ExecutionState.class);

    assertThat(state.exposed()).isEqualTo(Exposures.none());
    assertThat(state.isSafeStateUnderWay()).isFalse();
    assertThat(state.firstWithoutOutcome()).isEqualTo(3);
    assertThat(Json.write(state)).doesNotContain("exposures").doesNotContain("compensation");
  }

  @Test
  void aStepKeepsItsWindowAndItsRole() {
    UnitOp shake = UnitOp.of("shake", "Shake", Map.of());

    returns(new Step(3, "2.1", shake, new ExposureWindow(1, 4.0, null), null), Step.class);
    returns(new Step(2, "2.1r1", shake, null, StepRole.RESCUE), Step.class);
    Step ordinary = returns(new Step(3, "2.1", shake), Step.class);
    assertThat(Json.write(ordinary)).doesNotContain("window").doesNotContain("role");
    assertThat(Json.write(new Step(4, "S1", shake, null, StepRole.SAFE_STATE)))
        .contains("\"role\":\"safe_state\"");
  }

  @Test
  void aStepOfAnOlderHistoryIsAnOrdinaryOne() {
    String json = Json.write(new Step(3, "2.1", UnitOp.of("shake", "Shake", Map.of())));

    assertThat(json).startsWith("{\"step_index\":3,\"path\":\"2.1\",\"unit_op\":{");
    assertThat(Json.read(json, Step.class).role()).isNull();
  }

  @Test
  void questionsAndAnswersReturn() {
    returns(Questions.outcome(), Question.class);
    returns(Answers.confirmation(Questions.incubate(), 2, StepAction.STOP), Question.class);
    Step timed =
        new Step(
            1, "2", UnitOp.of("shake", "Shake", Map.of()), new ExposureWindow(0, null, 8.0), null);
    Question late = Answers.late(timed, 1, timed, Duration.ofSeconds(130), "It has no rescue.");
    assertThat(late.evidence()).isEqualTo("It is late by 2 min 10 s. It has no rescue.");
    returns(late, Question.class);
    returns(Questions.answer(Choice.GO_ON, null), Answer.class);
    returns(Questions.answer(Choice.PARTLY, 4.0), Answer.class);
    returns(Questions.because(Choice.ABORT, "it leaks"), Answer.class);
  }

  @Test
  void everyOutcomeReturns() {
    returns(SKIPPED, StepOutcome.class);
    returns(new StepOutcome.Completed(Parameters.none().with("moved_ml", 4.0)), StepOutcome.class);
    returns(
        new StepOutcome.Failed(new StepFailure(ErrorCode.ABORTED, "Aborted.")), StepOutcome.class);
    assertThat(Json.write(SKIPPED)).contains("\"outcome\":\"skipped\"");
  }

  @Test
  void everyLedgerEntryReturns() {
    List<LedgerEntry> entries =
        List.of(
            new LedgerEntry.Absent(),
            new LedgerEntry.Open("worker@bench", AT),
            new LedgerEntry.Closed(SKIPPED, AT),
            new LedgerEntry.Superseded(2),
            new LedgerEntry.TakenOver());

    assertThat(LedgerEntry.class.getPermittedSubclasses())
        .allSatisfy(kind -> assertThat(entries).hasAtLeastOneElementOfType(kind));
    entries.forEach(entry -> returns(entry, LedgerEntry.class));
  }

  @Test
  void aResultKeepsItsTimeWhereItHasOne() {
    returns(new StepResult(Parameters.none().with("mode", "virtual"), AT), StepResult.class);
    StepResult withoutLedger = new StepResult(Parameters.of(Map.of("dry_run", true)));

    assertThat(returns(withoutLedger, StepResult.class).at()).isNull();
    assertThat(Json.write(withoutLedger)).isEqualTo("{\"values\":{\"dry_run\":true}}");
  }

  @Test
  void aResultOfAnOlderHistoryHasNoTime() {
    assertThat(Json.read("{\"values\":{\"dry_run\":true}}", StepResult.class))
        .isEqualTo(new StepResult(Parameters.of(Map.of("dry_run", true)), null));
  }

  @Test
  void aRequestOfAnOlderHistoryHasNoEffectClass() {
    StepRequest request =
        Json.read(
            """
            {"execution_id": "e-1", "step_id": "s-1", "step_index": 0, "epoch": 1,
             "action": "perform", "name": "Dispense", "operation_type": "dispense",
             "parameters": {"volume_ml": 10.0}, "instruments": "virtual", "speed_up": 3600.0}
            """,
            StepRequest.class);

    assertThat(request.effectClass()).isNull();
    assertThat(request.cellLine()).isNull();
    assertThat(EffectKey.of(request)).isEqualTo(new EffectKey("e-1", 0, 1, StepAction.PERFORM));
    assertThat(Json.write(request)).doesNotContain("effect_class");
    returns(request, StepRequest.class);
  }

  private static <T> T returns(T value, Class<T> type) {
    T read = Json.read(Json.write(value), type);
    assertThat(read).isEqualTo(value);
    return read;
  }
}

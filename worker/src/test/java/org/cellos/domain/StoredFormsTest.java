package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

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
  void questionsAndAnswersReturn() {
    returns(Questions.outcome(), Question.class);
    returns(Answers.confirmation(Questions.incubate(), 2, StepAction.STOP), Question.class);
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

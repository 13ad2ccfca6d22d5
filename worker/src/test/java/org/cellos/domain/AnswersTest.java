package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cellos.domain.Questions.answer;
import static org.cellos.domain.Questions.because;
import static org.cellos.domain.Questions.confirmation;
import static org.cellos.domain.Questions.dispense;
import static org.cellos.domain.Questions.incubate;
import static org.cellos.domain.Questions.outcome;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AnswersTest {
  @Test
  void asksHowAnAttemptEndedAndSaysWhatRepeatingWouldDo() {
    Question question =
        Answers.outcomeQuestion(dispense(), 2, StepAction.PERFORM, "It is silent.", true);

    assertThat(question.text())
        .isEqualTo("Nobody knows whether step 2.1 (Dispense DPBS) was done.");
    assertThat(question.evidence())
        .isEqualTo("It is silent. Doing it again may move 10.0 mL a second time.");
    assertThat(question.choices())
        .containsExactly(Choice.DONE, Choice.PARTLY, Choice.AGAIN, Choice.SKIP, Choice.ABORT);
    assertThat(question.mostMillilitres()).isEqualTo(10.0);
    assertThat(question.kind()).isEqualTo(Question.Kind.OUTCOME);
    assertThat(question.effect("e-1")).isEqualTo(new EffectKey("e-1", 3, 2, StepAction.PERFORM));
  }

  @Test
  void doesNotOfferToRepeatWhatIsBeingCancelled() {
    Question question =
        Answers.outcomeQuestion(dispense(), 1, StepAction.PERFORM, "It is silent.", false);

    assertThat(question.evidence()).isEqualTo("It is silent.");
    assertThat(question.choices())
        .containsExactly(Choice.DONE, Choice.PARTLY, Choice.SKIP, Choice.ABORT);
  }

  @Test
  void offersAPartOnlyOfAVolume() {
    Question start =
        Answers.outcomeQuestion(incubate(), 1, StepAction.START, "It is silent.", true);

    assertThat(start.text())
        .isEqualTo(
            "Nobody knows whether step 2.1 (Incubate) was started: whether the vessel is in.");
    assertThat(start.evidence()).isEqualTo("It is silent.");
    assertThat(start.choices())
        .containsExactly(Choice.DONE, Choice.AGAIN, Choice.SKIP, Choice.ABORT);
    assertThat(start.mostMillilitres()).isNull();
    assertThat(Answers.outcomeQuestion(incubate(), 1, StepAction.STOP, "", true).text())
        .isEqualTo(
            "Nobody knows whether step 2.1 (Incubate) was ended: whether the vessel is out.");
    // Nor of the start or the end of a step that has one.
    assertThat(Answers.confirmation(dispense(), 1, StepAction.STOP).mostMillilitres()).isNull();
  }

  @Test
  void asksAPersonToDoAStepOrAPartOfIt() {
    assertThat(confirmation().text())
        .isEqualTo("Do step 2.1 by hand and confirm it: Dispense DPBS.");
    assertThat(confirmation().evidence()).isEqualTo("Nothing else happens until then.");
    assertThat(confirmation().choices()).containsExactly(Choice.DONE, Choice.SKIP, Choice.ABORT);
    assertThat(Answers.confirmation(incubate(), 1, StepAction.START).text())
        .isEqualTo("Begin step 2.1 by hand and confirm it: Incubate.");
    assertThat(Answers.confirmation(incubate(), 1, StepAction.STOP).text())
        .isEqualTo("End step 2.1 by hand and confirm it: Incubate.");
  }

  @Test
  void saysTheWayOfWhatAPersonMoves() {
    Step step =
        new Step(
            0, "1", UnitOp.of("dispense", "Dispense", Map.of("from", "tube", "to", "flask_t75")));
    Step into = new Step(0, "1", UnitOp.of("dispense", "Dispense", Map.of("to", "flask_t75")));

    assertThat(Answers.confirmation(step, 1, StepAction.PERFORM).evidence())
        .isEqualTo("From tube to flask_t75. Nothing else happens until then.");
    assertThat(Answers.confirmation(into, 1, StepAction.PERFORM).evidence())
        .isEqualTo("To flask_t75. Nothing else happens until then.");
  }

  @Test
  void whatIsDoneAlthoughItIsLateSaysWho() {
    assertThat(completed(outcome(), because(Choice.GO_ON, "the cells look fine")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "decided", "go-on",
                "decided_by", "Ada",
                "note", "Ada had it done although it was late: the cells look fine"));
  }

  @Test
  void aVolumeThatIsNoneOrNoNumberIsNotAskedFor() {
    for (Object none : new Object[] {0.0, "much"}) {
      Step step = new Step(0, "1", UnitOp.of("dispense", "Dispense", Map.of("volume_ml", none)));
      assertThat(Answers.confirmation(step, 1, StepAction.PERFORM).mostMillilitres()).isNull();
    }
  }

  @Test
  void doneByTheWordOfAPersonSaysNoFigure() {
    assertThat(completed(outcome(), answer(Choice.DONE)))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "status", "success",
                "mode", "virtual",
                "simulated", true,
                "volume_ml", 10.0,
                "decided", "done",
                "decided_by", "Ada",
                "note", "Ada says that it was done."));
  }

  @Test
  void whatAPersonDidIsTheWholeVolumeUnlessThePersonSaysOtherwise() {
    assertThat(completed(confirmation(), answer(Choice.DONE)))
        .containsEntry("moved_ml", 10.0)
        .containsEntry("confirmed", "done")
        .containsEntry("confirmed_by", "Ada")
        .containsEntry("note", "Ada did it.");
    assertThat(completed(confirmation(), answer(Choice.DONE, 12.5)))
        .containsEntry("moved_ml", 12.5);
  }

  @Test
  void aPartSaysHowMuchWasMoved() {
    assertThat(completed(outcome(), answer(Choice.PARTLY, 4.0)))
        .containsEntry("volume_ml", 10.0)
        .containsEntry("moved_ml", 4.0)
        .containsEntry("decided", "partly")
        .containsEntry("note", "Ada says that only 4.0 mL were moved.");
  }

  @Test
  void onlyVirtualInstrumentsAreSimulated() {
    StepOutcome outcome =
        Answers.outcome(outcome(), answer(Choice.DONE), Instruments.MANUAL, "Dispense DPBS");

    assertThat(((StepOutcome.Completed) outcome).result().values())
        .containsEntry("mode", "manual")
        .doesNotContainKey("simulated");
  }

  @Test
  void whatIsLeftOutIsSkippedWithTheReason() {
    assertThat(outcomeOf(outcome(), because(Choice.SKIP, "the flask was empty")))
        .isEqualTo(
            new StepOutcome.Skipped(
                Parameters.of(
                    Map.of(
                        "decided", "skip",
                        "decided_by", "Ada",
                        "note", "Ada left it out: the flask was empty"))));
  }

  @Test
  void againIsAnUnknownOutcomeAndAbortAnEnd() {
    assertThat(outcomeOf(outcome(), answer(Choice.AGAIN)))
        .isEqualTo(
            new StepOutcome.Failed(
                new StepFailure(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "Nobody knows how it ended; Ada decided to do it again.")));
    assertThat(outcomeOf(outcome(), answer(Choice.ABORT)))
        .isEqualTo(
            new StepOutcome.Failed(
                new StepFailure(ErrorCode.ABORTED, "Aborted by Ada at 'Dispense DPBS'.")));
    assertThat(outcomeOf(outcome(), because(Choice.ABORT, "it leaks")))
        .isEqualTo(
            new StepOutcome.Failed(
                new StepFailure(ErrorCode.ABORTED, "Aborted by Ada at 'Dispense DPBS': it leaks")));
    assertThat(outcomeOf(outcome(), because(Choice.ABORT, " ")))
        .isEqualTo(outcomeOf(outcome(), answer(Choice.ABORT)));
  }

  @Test
  void everyAnswerEndsTheEffectInOneWay() {
    assertThat(
            Arrays.stream(Choice.values())
                .<Object>map(choice -> outcomeOf(outcome(), answer(choice, 4.0)).getClass()))
        .containsExactly(
            StepOutcome.Completed.class,
            StepOutcome.Completed.class,
            StepOutcome.Failed.class,
            StepOutcome.Completed.class,
            StepOutcome.Skipped.class,
            StepOutcome.Failed.class);
  }

  private static StepOutcome outcomeOf(Question question, Answer answer) {
    return Answers.outcome(question, answer, Instruments.VIRTUAL, "Dispense DPBS");
  }

  private static Map<String, Object> completed(Question question, Answer answer) {
    return ((StepOutcome.Completed) outcomeOf(question, answer)).result().values();
  }
}

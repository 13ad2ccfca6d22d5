package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.domain.Questions.answer;
import static org.cellos.domain.Questions.confirmation;
import static org.cellos.domain.Questions.incubate;
import static org.cellos.domain.Questions.outcome;

import org.junit.jupiter.api.Test;

final class AnswerTest {
  @Test
  void everyChoiceOfTheQuestionFits() {
    for (Choice choice : outcome().choices()) {
      Double amount = choice == Choice.PARTLY ? (Double) 4.0 : null;
      assertThatCode(() -> answer(choice, amount).verifyAgainst(outcome()))
          .as(choice.wireValue())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void needsAName() {
    assertThatThrownBy(
            () -> new Answer("r", 3, 1, StepAction.PERFORM, Choice.DONE, null, " ", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an answer needs the name of who gives it");
  }

  @Test
  void refusesTheAnswerToAnotherQuestion() {
    for (Answer other :
        new Answer[] {
          new Answer("r", 4, 1, StepAction.PERFORM, Choice.DONE, null, "Ada", null),
          new Answer("r", 3, 2, StepAction.PERFORM, Choice.DONE, null, "Ada", null),
          new Answer("r", 3, 1, StepAction.STOP, Choice.DONE, null, "Ada", null),
        }) {
      refuses(
          outcome(),
          other,
          "The question has changed meanwhile. Look at it again with 'cellos show'.");
    }
  }

  @Test
  void refusesAChoiceThatIsNotOffered() {
    refuses(
        confirmation(),
        answer(Choice.AGAIN),
        "'again' is no answer here; it must be one of done, skip, abort.");
  }

  @Test
  void aPartNeedsItsAmount() {
    refuses(outcome(), answer(Choice.PARTLY), "'partly' needs --amount: how many mL were moved.");
  }

  @Test
  void anAmountGoesOnlyWithAPartOrWithWhatWasDone() {
    refuses(outcome(), answer(Choice.SKIP, 4.0), "--amount does not go with 'skip'.");
    refuses(outcome(), answer(Choice.AGAIN, 4.0), "--amount does not go with 'again'.");
    refuses(outcome(), answer(Choice.ABORT, 4.0), "--amount does not go with 'abort'.");
  }

  @Test
  void refusesAnAmountWhereNoVolumeIsMoved() {
    Question question = Answers.confirmation(incubate(), 1, StepAction.PERFORM);

    refuses(question, answer(Choice.DONE, 4.0), "This step moves no volume: leave --amount out.");
  }

  @Test
  void refusesAnAmountOutOfRange() {
    for (double amount : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 11}) {
      refuses(
          outcome(),
          answer(Choice.PARTLY, amount),
          "--amount must be above 0 and below the step's 10.0 mL, not " + amount + ".");
    }
    refuses(
        outcome(),
        answer(Choice.PARTLY, 10.0),
        "--amount must be above 0 and below the step's 10.0 mL, not 10.0; say 'done' if all of it"
            + " was moved.");
  }

  @Test
  void whoDidItByHandMayHaveMovedMore() {
    assertThatCode(() -> answer(Choice.DONE, 12.5).verifyAgainst(confirmation()))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> answer(Choice.DONE, 0.0).verifyAgainst(confirmation()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> answer(Choice.DONE, Double.POSITIVE_INFINITY).verifyAgainst(confirmation()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void refuses(Question question, Answer answer, String sentence) {
    assertThatThrownBy(() -> answer.verifyAgainst(question))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }
}

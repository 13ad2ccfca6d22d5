package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a person answers. Stored in history: only ever add optional fields.
 *
 * @param requestId the same for every repetition of one answer
 * @param stepIndex which step was asked about, from 0
 * @param epoch which epoch of it
 * @param action which part of it
 * @param choice the answer
 * @param amountMillilitres how much was moved; with {@link Choice#PARTLY}, and with {@link
 *     Choice#DONE} where a person did it
 * @param by who
 * @param reason why; null where none was given
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Answer(
    String requestId,
    int stepIndex,
    int epoch,
    StepAction action,
    Choice choice,
    @Nullable Double amountMillilitres,
    String by,
    @Nullable String reason) {

  public Answer {
    if (by.isBlank()) {
      throw new IllegalArgumentException("an answer needs the name of who gives it");
    }
  }

  /**
   * Refuses an answer that does not fit the question.
   *
   * @throws IllegalArgumentException one sentence for the person
   */
  public void verifyAgainst(Question question) {
    if (stepIndex != question.stepIndex()
        || epoch != question.epoch()
        || action != question.action()) {
      throw new IllegalArgumentException(
          "The question has changed meanwhile. Look at it again with 'cellos show'.");
    }
    if (!question.choices().contains(choice)) {
      throw new IllegalArgumentException(
          "'"
              + choice
              + "' is no answer here; it must be one of "
              + String.join(", ", question.choices().stream().map(Choice::wireValue).toList())
              + ".");
    }
    if (choice == Choice.PARTLY && amountMillilitres == null) {
      throw new IllegalArgumentException("'partly' needs --amount: how many mL were moved.");
    }
    if (amountMillilitres != null) {
      verifyAmount(amountMillilitres, question);
    }
  }

  private void verifyAmount(double amount, Question question) {
    if (choice != Choice.PARTLY && choice != Choice.DONE) {
      throw new IllegalArgumentException("--amount does not go with '" + choice + "'.");
    }
    Double most = question.mostMillilitres();
    if (most == null) {
      throw new IllegalArgumentException("This step moves no volume: leave --amount out.");
    }
    if (question.kind() == Question.Kind.CONFIRMATION) {
      if (!(amount > 0 && amount <= 2 * most)) {
        throw new IllegalArgumentException(
            "--amount must be above 0 and at most twice the step's "
                + most
                + " mL, not "
                + amount
                + ".");
      }
      return;
    }
    if (choice == Choice.DONE) {
      throw new IllegalArgumentException(
          "'done' means all of the step's " + most + " mL; for less say 'partly'.");
    }
    if (!(amount > 0 && amount < most)) {
      throw new IllegalArgumentException(
          "--amount must be above 0 and below the step's "
              + most
              + " mL, not "
              + amount
              + (amount == most ? "; say 'done' if all of it was moved." : "."));
    }
  }
}

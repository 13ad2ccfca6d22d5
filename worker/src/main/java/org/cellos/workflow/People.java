package org.cellos.workflow;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.cellos.domain.Answer;
import org.cellos.domain.Answers;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Question;
import org.cellos.domain.StepOutcome;
import org.jspecify.annotations.Nullable;

/** Asks people and waits for their answers, as long as it takes. */
final class People {
  private final ExecutionInput input;
  private final Journal journal;
  private final Set<String> recordedAnswers = new HashSet<>();
  private @Nullable Question question;
  private @Nullable Answer answer;

  People(ExecutionInput input, Journal journal) {
    this.input = input;
    this.journal = journal;
  }

  /**
   * What a person said, and what it means.
   *
   * @param at since when it counts
   */
  record Said(Answer answer, StepOutcome outcome, Instant at) {}

  /**
   * Waits for the answer to a question.
   *
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  Said ask(Question asked) {
    journal.asked(asked);
    question = asked;
    answer = null;
    try {
      Workflow.await(() -> answer != null);
    } finally {
      question = null;
    }
    Answer given = Objects.requireNonNull(answer);
    StepOutcome outcome =
        Answers.outcome(
            asked, given, input.instruments(), input.steps().get(asked.stepIndex()).name());
    Instant at = journal.answered(asked, given, outcome);
    recordedAnswers.add(given.requestId());
    return new Said(given, outcome, at);
  }

  /**
   * Takes an answer, and returns when it is recorded.
   *
   * @throws ApplicationFailure if it does not fit
   */
  void answer(Answer given) {
    Workflow.await(() -> question != null || !isAboutToAsk(given));
    if (recordedAnswers.contains(given.requestId())) {
      return;
    }
    try {
      verifyAgainstQuestion(given);
    } catch (IllegalArgumentException e) {
      throw ApplicationFailure.newNonRetryableFailure(
          e.getMessage(), ErrorCode.BAD_PARAMETERS.wireValue());
    }
    answer = given;
    Workflow.await(() -> recordedAnswers.contains(given.requestId()));
  }

  /**
   * @throws IllegalArgumentException if the answer does not fit
   */
  void verify(Answer given) {
    if (!recordedAnswers.contains(given.requestId()) && !isAboutToAsk(given)) {
      verifyAgainstQuestion(given);
    }
  }

  /** A resumed execution asks again what its former engine had asked. */
  private boolean isAboutToAsk(Answer given) {
    return question == null
        && journal.mayHaveBegun(given.stepIndex())
        && journal.state().nextStep() == given.stepIndex()
        && recordedAnswers.isEmpty();
  }

  private void verifyAgainstQuestion(Answer given) {
    if (question == null || answer != null) {
      throw new IllegalArgumentException("There is no open question.");
    }
    given.verifyAgainst(question);
  }
}

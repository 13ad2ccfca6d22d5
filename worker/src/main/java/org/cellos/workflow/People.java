package org.cellos.workflow;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.cellos.domain.Answer;
import org.cellos.domain.Answers;
import org.cellos.domain.Choice;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Question;
import org.cellos.domain.StepOutcome;
import org.jspecify.annotations.Nullable;

/** Asks people and waits for their answers, as long as it takes. */
final class People {
  private final ExecutionInput input;
  private final Journal journal;
  private final Set<String> recordedAnswers;
  private boolean hasAsked;
  private @Nullable Question question;
  private @Nullable Answer answer;

  People(ExecutionInput input, Journal journal) {
    this.input = input;
    this.journal = journal;
    // Those of the run before this one, too.
    this.recordedAnswers = new HashSet<>(journal.state().steering().handled());
  }

  /**
   * What a person said, or the instrument has said meanwhile.
   *
   * @param again whether to do it once more
   * @param outcome what it means otherwise
   * @param at since when it counts
   */
  record Said(boolean again, StepOutcome outcome, Instant at) {}

  /**
   * Waits for the answer to a question.
   *
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  Said ask(Question asked) {
    journal.asked(asked);
    hasAsked = true;
    question = asked;
    answer = null;
    Answer given;
    try {
      given = await();
    } finally {
      question = null;
    }
    // An attempt that was only slow to report may have done so while the person looked.
    if (asked.kind() == Question.Kind.OUTCOME
        && journal.ledger(asked.effect(input.executionId())) instanceof LedgerEntry.Closed known
        && known.outcome() instanceof StepOutcome.Completed) {
      return new Said(false, known.outcome(), known.at());
    }
    StepOutcome outcome =
        Answers.outcome(
            asked, given, input.instruments(), input.steps().get(asked.stepIndex()).name());
    Instant at = journal.answered(asked, given, outcome);
    recordedAnswers.add(given.requestId());
    return new Said(given.choice() == Choice.AGAIN, outcome, at);
  }

  /** An answer that was accepted counts, even if a cancel came in the same moment. */
  private Answer await() {
    try {
      Workflow.await(() -> answer != null);
    } catch (CanceledFailure e) {
      if (answer == null) {
        throw e;
      }
    }
    return Objects.requireNonNull(answer);
  }

  /**
   * Takes an answer, and returns when it is recorded.
   *
   * @throws ApplicationFailure if it does not fit, or came too late
   */
  void answer(Answer given) {
    Workflow.await(() -> question != null || !isAboutToAsk(given) || journal.hasEnded());
    if (recordedAnswers.contains(given.requestId())) {
      return;
    }
    if (!given.equals(answer)) {
      try {
        verifyAgainstQuestion(given);
      } catch (IllegalArgumentException e) {
        throw refusal(e.getMessage());
      }
      answer = given;
    }
    Workflow.await(
        () ->
            recordedAnswers.contains(given.requestId())
                || !given.equals(answer)
                || journal.state().nextStep() != given.stepIndex()
                || journal.hasEnded());
    if (!recordedAnswers.contains(given.requestId())) {
      throw refusal("The answer came too late: it is known meanwhile. Look with 'cellos show'.");
    }
  }

  private static ApplicationFailure refusal(@Nullable String message) {
    return ApplicationFailure.newNonRetryableFailure(message, ErrorCode.BAD_PARAMETERS.wireValue());
  }

  /**
   * @throws IllegalArgumentException if the answer does not fit
   */
  void verify(Answer given) {
    boolean isKnown = recordedAnswers.contains(given.requestId()) || given.equals(answer);
    if (!isKnown && !isAboutToAsk(given)) {
      verifyAgainstQuestion(given);
    }
  }

  /** A resumed execution asks again what its former engine had asked. */
  private boolean isAboutToAsk(Answer given) {
    return question == null
        && journal.mayHaveBegun(given.stepIndex())
        && journal.state().nextStep() == given.stepIndex()
        && !hasAsked
        && !journal.hasEnded();
  }

  private void verifyAgainstQuestion(Answer given) {
    if (question == null || answer != null) {
      throw new IllegalArgumentException("There is no open question.");
    }
    given.verifyAgainst(question);
  }
}

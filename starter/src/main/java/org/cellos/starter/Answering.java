package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.client.ExecutionUnreachableException;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.Question;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;

/** Takes a person's answer to the execution that asked. */
final class Answering {
  private static final int MOST_TRIES = 20;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

  private final Session session;

  Answering(Session session) {
    this.session = session;
  }

  /**
   * Returns when the answer is recorded. Where no process has the execution any more, this one
   * performs what follows and returns when that has ended or asks again.
   *
   * @param kind only such a question; null for any
   * @param step only about this step, as 'show' numbers it; null for any
   */
  ExitCode answer(
      String idOrPrefix,
      Question.@Nullable Kind kind,
      @Nullable String step,
      Choice choice,
      @Nullable Double amount,
      PersonOptions person) {
    DecisionRecord decision = openDecision(idOrPrefix, kind, step);
    Question question = decision.question();
    Answer answer =
        new Answer(
            UUID.randomUUID().toString(),
            question.stepIndex(),
            question.epoch(),
            question.action(),
            choice,
            amount,
            person.by(),
            person.reason());
    // Here first: a wrong answer must not cost the start of an engine.
    answer.verifyAgainst(question);
    for (int tries = 1; ; tries++) {
      try {
        return deliver(decision, answer);
      } catch (ExecutionRefusedException e) {
        // Only the reply may be lost, or a try before this one may have arrived after all.
        if (isAnswered(decision, answer)) {
          return ExitCode.OK;
        }
        if (!(e instanceof ExecutionUnreachableException) || tries == MOST_TRIES) {
          throw e;
        }
        // The process that asked is about to end: then it is delivered here.
        Session.pause(BETWEEN_TRIES);
      }
    }
  }

  private ExitCode deliver(DecisionRecord decision, Answer answer) {
    String executionId = decision.executionId();
    Question question = decision.question();
    try (WorkflowExecutor executor = session.reach(executionId, null)) {
      if (executor.hasWorker()) {
        return new Following(session.terminal(), executor, session.output(), false)
            .perform(
                executionId,
                () -> {
                  executor.answer(executionId, answer);
                  sayWhatWasAnswered(question, answer);
                },
                Optional.empty());
      }
      executor.answer(executionId, answer);
      sayWhatWasAnswered(question, answer);
      new ExecutionPrinter(
              session.terminal(), History.of(executor.mirror()), session.output().json())
          .print(executionId);
      return ExitCode.OK;
    }
  }

  /** Whether the answer was recorded, although nobody said so. */
  private boolean isAnswered(DecisionRecord decision, Answer answer) {
    try (MirrorDatabase mirror = Executions.openHistory(session.terminal(), session.database())) {
      boolean isAnswered =
          mirror.queries().decisions(decision.executionId()).stream()
              .filter(known -> !known.isOpen())
              .filter(known -> answer.by().equals(known.decidedBy()))
              .filter(known -> answer.choice().wireValue().equals(known.choice()))
              .map(DecisionRecord::question)
              .anyMatch(
                  question ->
                      question.stepIndex() == answer.stepIndex()
                          && question.epoch() == answer.epoch()
                          && question.action() == answer.action());
      if (isAnswered) {
        sayWhatWasAnswered(decision.question(), answer);
        new ExecutionPrinter(session.terminal(), History.of(mirror), session.output().json())
            .print(decision.executionId());
      }
      return isAnswered;
    }
  }

  private DecisionRecord openDecision(
      String idOrPrefix, Question.@Nullable Kind kind, @Nullable String step) {
    try (MirrorDatabase mirror = Executions.openHistory(session.terminal(), session.database())) {
      History history = History.of(mirror);
      ExecutionRecord record = Executions.find(mirror.queries(), idOrPrefix);
      DecisionRecord open =
          history
              .openQuestion(record.executionId())
              .orElseThrow(() -> nothingAsked(history, record));
      if (kind != null && open.question().kind() != kind) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "This question is not answered with 'confirm': "
                + open.question().text()
                + " Say what happened with: cellos decide "
                + record.executionId()
                + " CHOICE");
      }
      if (step != null && !step.equals(Tables.stepName(history.queries(), open))) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "Step "
                + step
                + " is not what is asked about. Nothing was recorded. "
                + open.question().text());
      }
      return open;
    }
  }

  /** Whoever types the same twice must see which step it was for. */
  private void sayWhatWasAnswered(Question question, Answer answer) {
    session
        .terminal()
        .err()
        .println("Recorded: " + answer.choice() + ", by " + answer.by() + ". " + question.text());
  }

  private static CommandException nothingAsked(History history, ExecutionRecord record) {
    return new CommandException(
        ExitCode.BAD_INPUT,
        "The execution "
            + record.executionId()
            + " is "
            + record.status()
            + " and asks nothing."
            + history.queries().steps(record.executionId()).stream()
                .flatMap(waits -> history.waiting(record.executionId(), waits).stream())
                .map(waits -> " " + waits.sentence())
                .collect(Collectors.joining())
            + (history.isAbandoned(record)
                ? " The process that performed it has ended, and it may have to ask once it goes on. "
                    + history.howToGoOn(record.executionId())
                : ""));
  }
}

package org.cellos.starter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cellos.client.ExecutionForgottenException;
import org.cellos.client.ExecutionUnreachableException;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Question;
import org.cellos.engine.Engine;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;

/** Waits for an execution's end, shows progress, prints the result, says it in the exit code. */
final class Following {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int LOOKS_BETWEEN_PROBES = 20;

  /** As long as the worker may wait for the steps under way. */
  private static final Duration INTERRUPT_DEADLINE = Duration.ofHours(1);

  private enum End {
    CLOSED,
    WAITING_FOR_PERSON,
    TIMED_OUT,
    INTERRUPTED
  }

  private final Terminal terminal;
  private final WorkflowExecutor executor;
  private final OutputOptions output;
  private final boolean isCancel;
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile boolean interrupted;
  private boolean serverAnswers = true;
  private int looks;
  private @Nullable Question saidQuestion;
  private @Nullable String followed;
  private @Nullable String saidWaiting;
  private List<String> saidEquipment = List.of();
  private @Nullable String saidPause;

  /** Why an instrument holds the execution; empty unless one does. */
  private String saidHold = "";

  /**
   * @param isCancel whether only a question that the cancel leads to ends the waiting
   */
  Following(Terminal terminal, WorkflowExecutor executor, OutputOptions output, boolean isCancel) {
    this.terminal = terminal;
    this.executor = executor;
    this.output = output;
    this.isCancel = isCancel;
  }

  /**
   * @param start creates or begins the execution
   */
  ExitCode perform(String executionId, Runnable start, Optional<Duration> timeout) {
    // Before the start, so that no Ctrl-C can leave an execution that looks as if it were running.
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "on-interrupt"));
    try {
      start.run();
      terminal.err().println("Execution: " + executionId + ".");
      End end = waitFor(executionId, timeout);
      switch (end) {
        case CLOSED, WAITING_FOR_PERSON -> {}
        case TIMED_OUT -> leave(executionId, "Timed out waiting");
        case INTERRUPTED -> leave(executionId, "Interrupted");
      }
      ExecutionRecord record =
          new ExecutionPrinter(terminal, History.of(executor.mirror()), output.json())
              .print(executionId);
      return switch (end) {
        case CLOSED -> ExitCode.of(record.status());
        case WAITING_FOR_PERSON -> ExitCode.WAITING_FOR_PERSON;
        case TIMED_OUT -> ExitCode.TIMED_OUT;
        case INTERRUPTED -> ExitCode.INTERRUPTED;
      };
    } finally {
      if (interrupted) {
        // Steps under way on this command's worker end before the process does: one that is cut off
        // has an outcome that nobody knows.
        executor.close();
      }
      left.countDown();
    }
  }

  /** Keeps the process alive until the waiting thread has left the execution in order. */
  private void interrupt() {
    interrupted = true;
    try {
      boolean inOrder = left.await(INTERRUPT_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      if (!inOrder) {
        terminal.err().println("Interrupted: the execution could not be left in order.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private End waitFor(String executionId, Optional<Duration> timeout) {
    followed = executionId;
    CompletableFuture<ExecutionOutcome> outcome = executor.outcome(executionId);
    long begun = System.nanoTime();
    try (Progress progress = Progress.on(terminal, History.of(executor.mirror()), executionId)) {
      while (true) {
        try {
          outcome.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
          if (!executor.wasReset(executionId)) {
            executor.ended(executionId);
            return End.CLOSED;
          }
          outcome = executor.outcome(executionId);
        } catch (TimeoutException e) {
          progress.update();
          if (hasEndedWithItsProcess(executionId)) {
            return End.CLOSED;
          }
          lookAround();
          if (isWaitingForPerson(executionId)) {
            return End.WAITING_FOR_PERSON;
          }
          if (interrupted) {
            return End.INTERRUPTED;
          }
          if (timeout.isPresent() && System.nanoTime() - begun > timeout.get().toNanos()) {
            return End.TIMED_OUT;
          }
        } catch (ExecutionException e) {
          boolean isForgotten = e.getCause() instanceof ExecutionForgottenException;
          if (!isVisitor()
              && !isForgotten
              && !(e.getCause() instanceof ExecutionUnreachableException)) {
            throw new CompletionException(e.getCause());
          }
          if (isForgotten && isLost(executionId)) {
            return End.WAITING_FOR_PERSON;
          }
          // Its server does not answer any more: if it is another process's, that is about to end.
          if (hasEndedWithItsProcess(executionId)) {
            return End.CLOSED;
          }
          if (interrupted) {
            return End.INTERRUPTED;
          }
          if (timeout.isPresent() && System.nanoTime() - begun > timeout.get().toNanos()) {
            return End.TIMED_OUT;
          }
          Session.pause(LOOK_EVERY);
          outcome = executor.outcome(executionId);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return End.INTERRUPTED;
        }
      }
    }
  }

  /**
   * A Temporal inside another process never comes back: waiting for it would have no end.
   *
   * @return whether the execution has ended as well; the history has it then
   * @throws HolderGoneException if it has not, so that another must go on with it
   */
  private boolean hasEndedWithItsProcess(String executionId) {
    if (!isVisitor() || executor.locks().isHeld(executor.engine().id())) {
      return false;
    }
    boolean hasEnded =
        executor.queries().find(executionId).stream()
            .anyMatch(record -> record.status().isTerminal());
    if (!hasEnded) {
      throw new HolderGoneException();
    }
    return true;
  }

  /** Whether the history says that the server has forgotten it, and how a person goes on. */
  private boolean isLost(String executionId) {
    return executor.queries().find(executionId).stream()
            .anyMatch(record -> record.status() == ExecutionStatus.PAUSED)
        && History.of(executor.mirror()).openQuestion(executionId).isEmpty();
  }

  private boolean isVisitor() {
    Engine engine = executor.engine();
    return engine.kind() == Engine.Kind.IN_MEMORY && !engine.endsWithProcess();
  }

  private void lookAround() {
    if (++looks % LOOKS_BETWEEN_PROBES == 0) {
      sayWhatItWaitsFor();
      // The one that performed the steps may have ended.
      executor.bringWorkerWhereNeeded();
      if (!executor.isOnItsEngine()) {
        throw new HolderGoneException();
      }
      sayWhetherServerAnswers();
    }
  }

  /** Whoever waits for hours must know that, and until when. */
  private void sayWhatItWaitsFor() {
    String executionId = Objects.requireNonNull(followed);
    History history = History.of(executor.mirror());
    List<String> equipment = history.equipmentWaits(executionId);
    if (!equipment.equals(saidEquipment)) {
      saidEquipment = equipment;
      equipment.forEach(
          wait -> terminal.err().println(wait + " It goes on by itself when it is its turn."));
    }
    sayWhetherInstrumentHolds(executionId, history);
    executor.queries().steps(executionId).stream()
        .flatMap(step -> history.waiting(executionId, step).stream())
        .filter(waiting -> !waiting.path().equals(saidWaiting))
        .filter(waiting -> Duration.between(Instant.now(), waiting.due()).compareTo(LONG) > 0)
        .findFirst()
        .ifPresent(
            waiting -> {
              saidWaiting = waiting.path();
              terminal
                  .err()
                  .println(
                      waiting.sentence()
                          + " This command stays until then; Ctrl-C is safe and says how to go on.");
            });
  }

  /** It goes on by itself once somebody has been there: nobody has to come back here. */
  private void sayWhetherInstrumentHolds(String executionId, History history) {
    String hold = executor.queries().find(executionId).flatMap(history::hold).orElse("");
    if (!hold.equals(saidHold)) {
      terminal.err().println(hold.isEmpty() ? "The instrument goes on." : hold);
      saidHold = hold;
    }
  }

  /** A server that is gone must not look like a long step. */
  private void sayWhetherServerAnswers() {
    String address = executor.engine().address();
    boolean answers = executor.engine().answers();
    if (answers != serverAnswers) {
      terminal
          .err()
          .println(
              answers
                  ? "The Temporal server at " + address + " answers again."
                  : "The Temporal server at "
                      + address
                      + " does not answer. Waiting for it; Ctrl-C leaves the execution to a worker.");
      serverAnswers = answers;
    }
  }

  /** Someone who watches is told, and may answer in another window; a script is not kept. */
  private boolean isWaitingForPerson(String executionId) {
    History history = History.of(executor.mirror());
    Optional<DecisionRecord> open =
        history
            .queries()
            .find(executionId)
            .filter(record -> record.status() == ExecutionStatus.PAUSED)
            .flatMap(record -> history.openQuestion(executionId))
            .filter(asked -> !isCancel || asked.question().isAskedForCancel());
    Optional<String> pause = open.isPresent() || isCancel ? Optional.empty() : pause(executionId);
    if (!terminal.interactive()) {
      return open.isPresent() || pause.isPresent();
    }
    pause
        .filter(message -> !message.equals(saidPause))
        .ifPresent(
            message -> {
              saidPause = message;
              terminal.err().println();
              terminal.err().println(message + " It goes on with: cellos resume " + executionId);
            });
    if (open.isEmpty()) {
      return false;
    }
    if (!open.get().question().equals(saidQuestion)) {
      saidQuestion = open.get().question();
      terminal.err().println();
      terminal
          .err()
          .println(Tables.openQuestion(open.get(), executor.queries().details(executionId)));
    }
    return false;
  }

  /** Who has paused an execution that stands still, and why. */
  private Optional<String> pause(String executionId) {
    return executor
        .queries()
        .find(executionId)
        .filter(record -> record.status() == ExecutionStatus.PAUSED)
        .filter(record -> executor.queries().hold(executionId).isEmpty())
        .filter(
            record ->
                executor.queries().state(executionId).stream()
                    .anyMatch(state -> state.steering().isPauseAsked()))
        .flatMap(ExecutionRecord::error);
  }

  /** Says what becomes of an execution that nobody waits for any more. */
  private void leave(String executionId, String why) {
    History left = History.of(executor.mirror());
    if (executor.goesOnElsewhere()) {
      left.queries().steps(executionId).stream()
          .flatMap(step -> left.robotSays(executionId, step).stream())
          .forEach(terminal.err()::println);
      terminal
          .err()
          .println(
              why
                  + ": the execution goes on, where another process performs it. See it with:"
                  + " cellos show "
                  + executionId);
      return;
    }
    // A step that is cut off has an outcome that nobody knows: let it end.
    boolean finished = executor.stop();
    terminal
        .err()
        .println(
            why
                + (finished ? ": " : ": the step under way was cut off. ")
                + left.whatIsLeft(executionId)
                + " "
                + left.howToGoOn(executionId));
  }
}

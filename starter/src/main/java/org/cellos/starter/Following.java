package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.worker.WorkflowExecutor;

/** Waits for an execution's end, shows progress, prints the result, says it in the exit code. */
final class Following {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final int LOOKS_BETWEEN_PROBES = 30;
  private static final Duration CANCEL_DEADLINE = Duration.ofSeconds(10);

  /** As long as the worker may wait for the steps under way. */
  private static final Duration INTERRUPT_DEADLINE = Duration.ofHours(1);

  private enum End {
    CLOSED,
    TIMED_OUT,
    INTERRUPTED
  }

  private final Terminal terminal;
  private final WorkflowExecutor executor;
  private final OutputOptions output;
  private final CountDownLatch left = new CountDownLatch(1);
  private volatile boolean interrupted;
  private boolean serverAnswers = true;
  private int looks;

  Following(Terminal terminal, WorkflowExecutor executor, OutputOptions output) {
    this.terminal = terminal;
    this.executor = executor;
    this.output = output;
  }

  /**
   * @param start creates or begins the execution
   */
  ExitCode perform(String executionId, Runnable start, Optional<Duration> timeout) {
    // Before the start, so that no Ctrl-C can leave an execution that looks as if it were running.
    Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "on-interrupt"));
    try {
      start.run();
      End end = waitFor(executionId, timeout);
      switch (end) {
        case CLOSED -> {}
        case TIMED_OUT -> leave(executionId, "Timed out waiting");
        case INTERRUPTED -> leave(executionId, "Interrupted");
      }
      ExecutionRecord record =
          new ExecutionPrinter(terminal, executor.queries(), output.json()).print(executionId);
      return switch (end) {
        case CLOSED -> exitCode(record);
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
    CompletableFuture<ExecutionOutcome> outcome = executor.outcome(executionId);
    long begun = System.nanoTime();
    try (Progress progress = Progress.on(terminal, executor.queries(), executionId)) {
      while (true) {
        try {
          outcome.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
          return End.CLOSED;
        } catch (TimeoutException e) {
          progress.update();
          sayWhetherServerAnswers();
          if (interrupted) {
            return End.INTERRUPTED;
          }
          if (timeout.isPresent() && System.nanoTime() - begun > timeout.get().toNanos()) {
            return End.TIMED_OUT;
          }
        } catch (ExecutionException e) {
          throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return End.INTERRUPTED;
        }
      }
    }
  }

  /** A server that is gone must not look like a long step. */
  private void sayWhetherServerAnswers() {
    if (++looks % LOOKS_BETWEEN_PROBES != 0) {
      return;
    }
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

  /** Says what becomes of an execution that nobody waits for any more. */
  private void leave(String executionId, String why) {
    if (!executor.engine().endsWithProcess()) {
      terminal
          .err()
          .println(
              why
                  + ": the execution goes on where a worker lives. See it with: cellos show "
                  + executionId);
      return;
    }
    // The engine ends with this process: an execution left running would be shown so for ever.
    executor.cancel(executionId, why);
    try {
      executor.outcome(executionId).get(CANCEL_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      terminal
          .err()
          .println(
              why
                  + ": the execution was cancelled, since its engine ends with this command. See"
                  + " it with: cellos show "
                  + executionId);
    } catch (ExecutionException | TimeoutException e) {
      terminal.err().println(why + ": the execution could not be cancelled in time.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ExitCode exitCode(ExecutionRecord record) {
    return switch (record.status()) {
      case COMPLETED -> ExitCode.OK;
      case FAILED -> ExitCode.EXECUTION_FAILED;
      case CANCELLED -> ExitCode.CANCELLED;
      case PAUSED -> ExitCode.WAITING_FOR_PERSON;
      case PENDING, RUNNING ->
          throw new CommandException(
              ExitCode.BAD_INPUT,
              "This command did not perform the execution: "
                  + executor.outcome(record.executionId()).join().errorMessage());
    };
  }
}

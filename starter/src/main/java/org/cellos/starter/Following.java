package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.worker.WorkflowExecutor;

/** Waits for an execution's end, shows progress, prints the result, says it in the exit code. */
final class Following {
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration CANCEL_DEADLINE = Duration.ofSeconds(10);

  private final Terminal terminal;
  private final WorkflowExecutor executor;
  private final OutputOptions output;

  Following(Terminal terminal, WorkflowExecutor executor, OutputOptions output) {
    this.terminal = terminal;
    this.executor = executor;
    this.output = output;
  }

  ExitCode untilEnd(String executionId, Optional<Duration> timeout) {
    Thread onInterrupt = new Thread(() -> interrupted(executionId), "on-interrupt");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    boolean ended = waitFor(executionId, timeout);
    Runtime.getRuntime().removeShutdownHook(onInterrupt);
    if (!ended) {
      leave(executionId, "Timed out waiting");
    }
    ExecutionRecord record =
        new ExecutionPrinter(terminal, executor.queries(), output.json()).print(executionId);
    return ended ? exitCode(record.status()) : ExitCode.TIMED_OUT;
  }

  private boolean waitFor(String executionId, Optional<Duration> timeout) {
    CompletableFuture<ExecutionOutcome> outcome = executor.outcome(executionId);
    long begun = System.nanoTime();
    try (Progress progress = Progress.on(terminal, executor.queries(), executionId)) {
      while (true) {
        try {
          outcome.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
          return true;
        } catch (TimeoutException e) {
          progress.update();
          if (timeout.isPresent() && System.nanoTime() - begun > timeout.get().toNanos()) {
            return false;
          }
        } catch (ExecutionException e) {
          throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
  }

  private void interrupted(String executionId) {
    leave(executionId, "Interrupted");
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

  private static ExitCode exitCode(ExecutionStatus status) {
    return switch (status) {
      case COMPLETED -> ExitCode.OK;
      case FAILED -> ExitCode.EXECUTION_FAILED;
      case CANCELLED -> ExitCode.CANCELLED;
      case PAUSED -> ExitCode.WAITING_FOR_PERSON;
      case PENDING, RUNNING ->
          throw new CommandException(
              ExitCode.DEFECT,
              "Temporal has closed the execution, but the history still says "
                  + status
                  + ": the history could not be written.");
    };
  }
}

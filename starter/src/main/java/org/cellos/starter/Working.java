package org.cellos.starter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.store.StoreException;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;

/** Performs executions of one history until the process is told to stop. */
final class Working {
  /** How often it looks for executions whose process has ended. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Session session;
  private final Terminal terminal;
  private final Function<WorkflowExecutor, Companion> beside;
  private final Optional<Path> healthy;
  private final Set<String> said = new HashSet<>();
  private Map<String, String> saidHolds = Map.of();
  private Optional<String> saidTrouble = Optional.empty();
  private boolean saidUntouched;

  /** What runs beside a worker and ends with it. */
  interface Companion extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param beside what else there is as long as the executor is open
   * @param healthy a file to be touched every few seconds while history and Temporal can be used,
   *     for whoever supervises the process
   */
  Working(Session session, Function<WorkflowExecutor, Companion> beside, Optional<Path> healthy) {
    this.session = session;
    this.terminal = session.terminal();
    this.beside = beside;
    this.healthy = healthy;
  }

  /** Returns when the process is told to stop and the steps under way have ended. */
  ExitCode untilStopped() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch drained = new CountDownLatch(1);
    AtomicInteger exitCode = new AtomicInteger(ExitCode.DEFECT.number());
    Thread onStop = new Thread(() -> stop(stopped, drained, exitCode), "on-stop");
    Runtime.getRuntime().addShutdownHook(onStop);
    try {
      boolean finished = true;
      while (stopped.getCount() > 0) {
        finished &= work(stopped);
      }
      ExitCode end = finished ? ExitCode.OK : ExitCode.EXECUTION_FAILED;
      exitCode.set(end.number());
      return end;
    } finally {
      // Whatever happened: the hook must not wait for ever.
      drained.countDown();
      forget(onStop);
    }
  }

  /**
   * Until it is stopped, or its Temporal server has come back as another.
   *
   * @return whether the steps under way have ended
   */
  private boolean work(CountDownLatch stopped) throws InterruptedException {
    try (WorkflowExecutor executor = session.open()) {
      Companion companion = beside.apply(executor);
      try {
        return work(executor, stopped);
      } finally {
        companion.close();
      }
    }
  }

  private boolean work(WorkflowExecutor executor, CountDownLatch stopped)
      throws InterruptedException {
    terminal.err().println("Working on " + executor.taskQueue() + ". Stop with Ctrl-C.");
    boolean isReplaced = false;
    do {
      lookAround(executor);
      isReplaced = !executor.isOnItsEngine();
    } while (!isReplaced && !stopped.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    terminal
        .err()
        .println(
            isReplaced
                ? "The Temporal server has come back without what it had: opening it anew."
                : "Stopping: waiting for the steps under way.");
    boolean finished = executor.stop();
    terminal
        .err()
        .println(
            finished
                ? "Stopped; what was under way has been finished."
                : "Stopped; steps that did not end in time were cut off.");
    return finished;
  }

  /**
   * A history that is locked, full or gone for a while must not end the worker: steps under way
   * would be cut off, and somebody would have to start it again.
   */
  private void lookAround(WorkflowExecutor executor) {
    Optional<String> trouble;
    try {
      executor.resumeAbandoned().forEach(id -> terminal.err().println("Goes on with " + id + "."));
      sayWhoIsAsked(executor);
      trouble = executor.storageTrouble();
    } catch (StoreException e) {
      trouble = Optional.of(String.valueOf(e.getMessage()));
    }
    if (!trouble.equals(saidTrouble)) {
      terminal
          .err()
          .println(
              trouble
                  .map(message -> "No physical step begins for now: " + message)
                  .orElse("The history can be used again."));
      saidTrouble = trouble;
    }
    if (healthy.isPresent() && trouble.isEmpty() && executor.reachesItsEngine()) {
      touch(healthy.get());
    }
  }

  /** Where it cannot be touched it grows old, which is what the supervisor is to see. */
  private void touch(Path file) {
    try {
      Files.write(file, new byte[0]);
    } catch (IOException e) {
      if (!saidUntouched) {
        terminal.err().println("The file of --healthy-file cannot be written: " + e);
      }
      saidUntouched = true;
    }
  }

  /** A question that nobody sees leaves cells waiting. */
  private void sayWhoIsAsked(WorkflowExecutor executor) {
    History history = History.of(executor.mirror());
    Map<String, String> holds = new LinkedHashMap<>();
    for (ExecutionRecord paused : executor.listExecutions(ExecutionStatus.PAUSED)) {
      String id = paused.executionId();
      history.hold(paused).ifPresent(reason -> holds.put(id, reason));
      history
          .openQuestion(id)
          .filter(asked -> said.add(id + " " + asked.openedAt()))
          .ifPresent(
              asked ->
                  terminal
                      .err()
                      .println(
                          "Waiting for a person: "
                              + id
                              + ". "
                              + asked.question().text()
                              + " See: cellos show "
                              + id));
    }
    holds.forEach(
        (id, reason) -> {
          if (!reason.equals(saidHolds.get(id))) {
            terminal.err().println("Waiting for a person: " + id + ". " + reason);
          }
        });
    saidHolds = holds;
  }

  /** A worker that could not begin has an exit code of its own. */
  private static void forget(Thread onStop) {
    try {
      Runtime.getRuntime().removeShutdownHook(onStop);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook is at work.
    }
  }

  /** The process must not end before the steps under way have. */
  private static void stop(CountDownLatch stopped, CountDownLatch drained, AtomicInteger exitCode) {
    stopped.countDown();
    try {
      drained.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // Java would say with the exit code which signal it was, and not that all is well.
    Runtime.getRuntime().halt(exitCode.get());
  }
}

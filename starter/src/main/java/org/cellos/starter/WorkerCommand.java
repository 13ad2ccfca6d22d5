package org.cellos.starter;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Performs executions of one history until it is stopped. */
@Command(
    name = "worker",
    description =
        "Performs executions until it is stopped: those of the Temporal server, and those whose"
            + " process has ended.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  /** How often it looks for executions whose process has ended. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

  private final Terminal terminal;
  private final Set<String> said = new HashSet<>();

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engineOptions = new EngineOptions();

  WorkerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    CountDownLatch drained = new CountDownLatch(1);
    AtomicInteger exitCode = new AtomicInteger(ExitCode.DEFECT.number());
    Session session = new Session(terminal, database, engineOptions, new OutputOptions());
    Thread onStop = new Thread(() -> stop(stopped, drained, exitCode), "on-stop");
    Runtime.getRuntime().addShutdownHook(onStop);
    try {
      boolean finished = true;
      while (stopped.getCount() > 0) {
        finished &= work(session, stopped);
      }
      exitCode.set((finished ? ExitCode.OK : ExitCode.EXECUTION_FAILED).number());
      return exitCode.get();
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
  private boolean work(Session session, CountDownLatch stopped) throws InterruptedException {
    try (WorkflowExecutor executor = session.open()) {
      terminal.err().println("Working on " + executor.taskQueue() + ". Stop with Ctrl-C.");
      boolean isReplaced = false;
      do {
        executor
            .resumeAbandoned()
            .forEach(id -> terminal.err().println("Goes on with " + id + "."));
        sayWhoIsAsked(executor);
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
  }

  /** A question that nobody sees leaves cells waiting. */
  private void sayWhoIsAsked(WorkflowExecutor executor) {
    History history = History.of(executor.mirror());
    for (ExecutionRecord paused : executor.listExecutions(ExecutionStatus.PAUSED)) {
      String id = paused.executionId();
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

package org.cellos.starter;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.cellos.engine.Engine;
import org.cellos.engine.Engines;
import org.cellos.handler.HandlerRegistry;
import org.cellos.instrument.VirtualInstruments;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.ExecutionWorker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Performs executions of one history until it is stopped. */
@Command(
    name = "worker",
    description = "Performs the executions of a Temporal server until it is stopped.",
    mixinStandardHelpOptions = true)
final class WorkerCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engineOptions = new EngineOptions();

  WorkerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    HandlerRegistry handlers = new HandlerRegistry();
    VirtualInstruments.register(handlers, Executors.witnessLog(terminal));
    handlers.registerProvided();
    // The engine first: without one no history may be left behind.
    try (Engine engine = Engines.open(engineOptions.choice(terminal))) {
      if (engine.endsWithProcess()) {
        throw new CommandException(
            ExitCode.NO_ENGINE,
            "A worker needs a Temporal server, and none was found: start one with 'temporal server"
                + " start-dev', or give --address. ('run' needs none: it brings one in memory.)");
      }
      CountDownLatch stopped = new CountDownLatch(1);
      CountDownLatch drained = new CountDownLatch(1);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stopped, drained), "on-stop"));
      try (MirrorDatabase mirror = MirrorDatabase.open(database.file(terminal));
          ExecutionWorker worker = ExecutionWorker.start(engine, mirror, handlers)) {
        terminal.err().println("Engine: " + engine.description() + ".");
        terminal
            .err()
            .println(
                "Working for "
                    + database.file(terminal)
                    + " on "
                    + worker.taskQueue()
                    + ". Stop with Ctrl-C.");
        stopped.await();
        terminal.err().println("Stopping: waiting for the steps under way.");
        terminal
            .err()
            .println(
                worker.stop()
                    ? "Stopped; what was under way has been finished."
                    : "Stopped; steps that did not end in time were cut off.");
        return ExitCode.OK.number();
      } finally {
        // Whatever happened: the hook must not wait for ever.
        drained.countDown();
      }
    }
  }

  /** The process must not end before the steps under way have. */
  private static void stop(CountDownLatch stopped, CountDownLatch drained) {
    stopped.countDown();
    try {
      drained.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

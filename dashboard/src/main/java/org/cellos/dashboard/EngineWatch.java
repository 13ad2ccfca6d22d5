package org.cellos.dashboard;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.cellos.worker.ExecutionDesk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether executions could be started: to ask Temporal for every page would
 * make pages as slow as a server that does not answer. Thread-safe.
 */
final class EngineWatch implements Managed {
  private static final Logger log = LoggerFactory.getLogger(EngineWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(3);

  private final ExecutionDesk desk;
  private final ScheduledExecutorService looking =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "engine-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Optional<String> trouble = Optional.empty();

  EngineWatch(ExecutionDesk desk) {
    this.desk = desk;
  }

  /** What keeps executions from being started, when somebody last looked; empty if nothing did. */
  Optional<String> trouble() {
    return trouble;
  }

  @Override
  public void start() {
    var unused =
        looking.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      trouble = desk.whyNotToStart();
    } catch (RuntimeException e) {
      log.warn("Temporal could not be looked at", e);
      trouble = Optional.of("Temporal does not answer: " + e.getMessage());
    }
  }

  @Override
  public void stop() {
    looking.shutdownNow();
  }
}

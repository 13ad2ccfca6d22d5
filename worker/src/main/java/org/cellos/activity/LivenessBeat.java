package org.cellos.activity;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Temporal every few seconds that the worker of an attempt is alive, so that a handler may
 * block for hours and a dead worker is noticed within the heartbeat timeout. Thread-safe.
 */
public final class LivenessBeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LivenessBeat.class);

  private final Duration interval;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "liveness-beat");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param interval well below the activities' heartbeat timeout
   */
  public LivenessBeat(Duration interval) {
    this.interval = interval;
  }

  Beat during(ActivityExecutionContext context) {
    return new Beat(context);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  /** Beats until closed. */
  final class Beat implements AutoCloseable {
    private final ActivityExecutionContext context;
    private final Thread handlerThread = Thread.currentThread();
    private final ScheduledFuture<?> schedule;
    private volatile @Nullable String progress;
    private boolean over;

    private Beat(ActivityExecutionContext context) {
      this.context = context;
      long millis = interval.toMillis();
      this.schedule =
          executor.scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    void report(String newProgress) {
      progress = newProgress;
      context.heartbeat(newProgress);
    }

    private void beat() {
      try {
        context.heartbeat(progress);
      } catch (ActivityCompletionException e) {
        // Cancelled, timed out or superseded: nobody waits for this attempt any more.
        log.warn("Interrupting the handler of {}: {}", context.getInfo().getActivityId(), e);
        interruptHandler();
      } catch (RuntimeException e) {
        // The next beat tries again; Temporal's heartbeat timeout is the judge.
        log.warn("Heartbeat of {} failed", context.getInfo().getActivityId(), e);
      }
    }

    private synchronized void interruptHandler() {
      if (!over) {
        handlerThread.interrupt();
      }
      schedule.cancel(false);
    }

    @Override
    public synchronized void close() {
      over = true;
      schedule.cancel(false);
    }
  }
}

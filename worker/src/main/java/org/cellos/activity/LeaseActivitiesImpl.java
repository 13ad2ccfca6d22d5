package org.cellos.activity;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.cellos.domain.LeaseRequest;
import org.cellos.store.Leases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for equipment, and waits for it. Thread-safe. Closing lets those that wait go: another
 * worker waits for them, at the same place in the queue.
 */
public final class LeaseActivitiesImpl implements LeaseActivities, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseActivitiesImpl.class);

  /** What another process gives back is noticed so soon. */
  private static final long SECONDS_BETWEEN_LOOKS = 1;

  private final Leases leases;
  private final Function<String, Map<String, Integer>> places;
  private final LivenessBeat livenessBeat;

  /** Its phase is over whenever something is given back in this process. */
  private final Phaser releases = new Phaser(1);

  private volatile String saidTrouble = "";

  /**
   * @param places how many executions can use what there is for a need at once, by unit; asked anew
   *     each time, and may throw where that cannot be read
   * @param livenessBeat of its own: a worker that ends does not wait for those that wait here
   */
  public LeaseActivitiesImpl(
      Leases leases, Function<String, Map<String, Integer>> places, LivenessBeat livenessBeat) {
    this.leases = leases;
    this.places = places;
    this.livenessBeat = livenessBeat;
  }

  /** Whatever is wrong with the list of equipment, nobody has it as long as that is so. */
  @Override
  public boolean ask(LeaseRequest request) {
    try {
      boolean isGranted = leases.ask(request, places);
      saidTrouble = "";
      return isGranted;
    } catch (RuntimeException e) {
      String trouble = String.valueOf(e.getMessage());
      if (!trouble.equals(saidTrouble)) {
        saidTrouble = trouble;
        log.warn("{} waits for {}: {}", request.executionId(), request.needs(), trouble);
      }
      return false;
    }
  }

  @Override
  public void await(LeaseRequest request) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    LivenessBeat.Beat beat = livenessBeat.during(context);
    try {
      int seen = releases.getPhase();
      while (!ask(request)) {
        seen = awaitNews(seen);
        if (beat.want() != LivenessBeat.Want.WANTED) {
          throw new ActivityCanceledException(context.getInfo());
        }
      }
    } catch (InterruptedException e) {
      throw new ActivityCanceledException(context.getInfo());
    } finally {
      beat.close();
      // The thread goes back to the SDK, which could not report the end if it were interrupted.
      boolean interrupted = Thread.interrupted();
      if (interrupted) {
        log.debug("{} does not wait any more", request.executionId());
      }
    }
  }

  private int awaitNews(int seen) throws InterruptedException {
    int phase;
    try {
      phase = releases.awaitAdvanceInterruptibly(seen, SECONDS_BETWEEN_LOOKS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      phase = releases.getPhase();
    }
    if (releases.isTerminated()) {
      throw ApplicationFailure.newFailure("This worker ends: another one waits on.", "closing");
    }
    return phase;
  }

  @Override
  public void release(String executionId) {
    leases.release(executionId);
    releases.arrive();
  }

  @Override
  public void close() {
    releases.forceTermination();
    livenessBeat.close();
  }
}

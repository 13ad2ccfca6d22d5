package org.cellos.activity;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.activity.EffectGate.NotWantedException;
import org.cellos.activity.EffectGate.UnreachableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Temporal every few seconds that the worker of an attempt is alive, so that a handler may
 * block for hours, a dead worker is noticed within the heartbeat timeout, and a cancel reaches the
 * handler at the next beat. Thread-safe.
 *
 * <p>It calls the service itself: {@code ActivityExecutionContext.heartbeat} holds beats back for
 * most of the heartbeat timeout, and refuses them while a worker drains, which would lose exactly
 * the steps that the worker waits for.
 */
public final class LivenessBeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LivenessBeat.class);
  private static final int DEADLINE_SECONDS = 2;

  private final WorkflowServiceStubs stubs;
  private final String namespace;
  private final String identity;
  private final Duration interval;
  private final Set<Beat> foundAgain = ConcurrentHashMap.newKeySet();
  private final AtomicInteger atWork = new AtomicInteger();
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "liveness-beat");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param identity of the worker
   * @param interval well below the activities' heartbeat timeout
   */
  public LivenessBeat(
      WorkflowServiceStubs stubs, String namespace, String identity, Duration interval) {
    this.stubs = stubs;
    this.namespace = namespace;
    this.identity = identity;
    this.interval = interval;
  }

  /** Beats for the attempt that the calling thread performs, until closed. */
  Beat during(ActivityExecutionContext context) {
    return during(context, false);
  }

  /**
   * @param isFoundAgain whether what the attempt follows goes on without it, and another finds it
   */
  Beat during(ActivityExecutionContext context, boolean isFoundAgain) {
    Beat beat = new Beat(context.getInfo().getTaskToken());
    if (isFoundAgain) {
      foundAgain.add(beat);
    }
    return beat;
  }

  /** The worker ends: leaves to others what they find again. The rest has to be waited for. */
  public void leaveToOthers() {
    foundAgain.forEach(Beat::leave);
  }

  /** Whether no handler is at work. */
  public boolean isIdle() {
    return atWork.get() == 0;
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  /** Whether anybody waits for an attempt. */
  enum Want {
    WANTED,
    CANCELLED,
    /** Its workflow has closed, or takes it for lost. */
    GIVEN_UP
  }

  /** The beats of one attempt. */
  final class Beat implements AutoCloseable {
    private final ByteString taskToken;
    private final Thread handlerThread = Thread.currentThread();
    private final ScheduledFuture<?> schedule;
    private volatile @Nullable Object progress;
    private volatile Want want = Want.WANTED;
    private boolean over;

    private Beat(byte[] taskToken) {
      this.taskToken = ByteString.copyFrom(taskToken);
      atWork.incrementAndGet();
      long millis = interval.toMillis();
      this.schedule =
          executor.scheduleAtFixedRate(this::beat, millis, millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Goes out with the next beat.
     *
     * @param newProgress what JSON can hold
     */
    void report(Object newProgress) {
      progress = newProgress;
    }

    /** What Temporal said last; the handler is interrupted when it is not wanted any more. */
    Want want() {
      return want;
    }

    /** Asks Temporal, now, whether anybody waits for this attempt. */
    void requireWanted() throws NotWantedException, UnreachableException {
      try {
        want = ask();
      } catch (StatusRuntimeException e) {
        throw new UnreachableException(e);
      }
      if (want != Want.WANTED) {
        throw new NotWantedException();
      }
    }

    private void beat() {
      try {
        Want answer = ask();
        if (answer != Want.WANTED) {
          endHandler(answer);
        }
      } catch (StatusRuntimeException e) {
        // The next beat tries again; Temporal's heartbeat timeout is the judge.
        log.warn("A heartbeat failed: {}", e.getStatus());
      } catch (RuntimeException e) {
        // Thrown on, it would end all further beats in silence.
        log.warn("A heartbeat failed", e);
      }
    }

    private Want ask() {
      RecordActivityTaskHeartbeatRequest.Builder request =
          RecordActivityTaskHeartbeatRequest.newBuilder()
              .setNamespace(namespace)
              .setIdentity(identity)
              .setTaskToken(taskToken);
      DefaultDataConverter.STANDARD_INSTANCE.toPayloads(progress).ifPresent(request::setDetails);
      try {
        return stubs
                .blockingStub()
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .recordActivityTaskHeartbeat(request.build())
                .getCancelRequested()
            ? Want.CANCELLED
            : Want.WANTED;
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
          return Want.GIVEN_UP;
        }
        throw e;
      }
    }

    /** Interrupts once for each news; stopping an instrument may take long, and is not lost. */
    private synchronized void endHandler(Want answer) {
      if (!over && want != answer) {
        want = answer;
        handlerThread.interrupt();
      }
      if (answer == Want.GIVEN_UP) {
        schedule.cancel(false);
      }
    }

    private synchronized void leave() {
      if (!over) {
        handlerThread.interrupt();
      }
    }

    /** After this the handler's thread is not interrupted any more. */
    @Override
    public synchronized void close() {
      over = true;
      foundAgain.remove(this);
      atWork.decrementAndGet();
      schedule.cancel(false);
    }
  }
}

package org.cellos.engine;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The in-memory server of temporal-testing on a clock that is steered: it stands still while
 * anything is at work, and jumps to the end of whatever a workflow waits for. Nobody outside of
 * this process reaches it. For one workflow that does one thing at a time.
 *
 * <p>Thread-safe.
 */
public final class SteeredServer implements AutoCloseable {
  private static final String NAMESPACE = "default";

  private final SteeredClock clock;
  private final SteeredTimer timer;
  private final AtomicReference<@Nullable Instant> expected = new AtomicReference<>();
  private final AtomicBoolean waiting = new AtomicBoolean();
  private final Server server;
  private final ManagedChannel channel;
  private final Engine engine;

  private SteeredServer(Instant begin) throws IOException {
    clock = new SteeredClock(begin);
    timer = new SteeredTimer(clock);
    String id = UUID.randomUUID().toString();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(id);
    GRPCServerHelper.registerServicesAndHealthChecks(
        timer.services(),
        builder,
        List.of(new TimerWatch(this::passTimer, () -> waiting.set(true))));
    server = builder.build().start();
    channel = InProcessChannelBuilder.forName(id).build();
    engine =
        new Engine(
            Engine.Kind.IN_MEMORY,
            id,
            "in-process",
            NAMESPACE,
            WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setChannel(channel).build()),
            true,
            null,
            this::stop);
  }

  /**
   * @param begin what the clock shows at first
   */
  public static SteeredServer start(Instant begin) {
    try {
      return new SteeredServer(begin);
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "The in-memory Temporal cannot be started: " + e.getMessage(), e);
    }
  }

  /** The engine; closing this closes it. */
  public Engine engine() {
    return engine;
  }

  /** The time of the server, for whatever is to agree with it. */
  public Clock clock() {
    return clock;
  }

  /**
   * Whether the workflow waits to be told something, and nothing goes on until then; said once each
   * time.
   */
  public boolean hasBegunToWait() {
    return waiting.getAndSet(false);
  }

  /**
   * Lets time pass for what is at work and reports so every few seconds, or for a person while the
   * workflow waits.
   */
  public void pass(Duration duration) {
    clock.putForward(duration);
  }

  /**
   * Says when the timer ends that the workflow starts next. Left to itself it ends a few
   * milliseconds too early, since workers put their workflow's clock forward by what their local
   * activities take in the real world.
   *
   * <p>A later time than the workflow asks for is an outage of everything on the host: what is due
   * while nothing is there to see it is done afterwards.
   */
  public void expectTimerUntil(Instant end) {
    expected.set(end);
  }

  /** Lets timers last as long as the workflow says. */
  public void expectNoTimer() {
    expected.set(null);
  }

  private void passTimer(Duration wait) {
    Instant end = expected.getAndSet(null);
    Duration left = end == null ? wait : Duration.between(clock.instant(), end);
    clock.putForward(left.isNegative() ? wait : left);
    timer.look();
  }

  /** Ends all calls, so that a worker that is stopped next does not wait for its polls. */
  public void hangUp() {
    server.shutdownNow();
  }

  private void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    timer.close();
  }

  @Override
  public void close() {
    engine.close();
  }
}

package org.cellos.rehearsal;

import com.google.protobuf.ByteString;
import io.temporal.activity.Activity;
import io.temporal.api.workflowservice.v1.RecordActivityTaskHeartbeatRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.EffectKey;
import org.cellos.domain.Minutes;
import org.cellos.domain.Step;
import org.cellos.domain.StepRequest;
import org.cellos.engine.SteeredServer;

/** The rehearsed laboratory: where time passes, faults strike, and vessels are. Thread-safe. */
final class Bench {
  /** Temporal takes a worker for dead that it has not heard of for 15 s. */
  private static final Duration BETWEEN_BEATS = Duration.ofSeconds(10);

  /** How long nobody knows that a worker has died. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  private final SteeredServer server;
  private final List<Step> steps;
  private final FaultPlan plan;
  private final List<EffectKey> effects = new ArrayList<>();
  private final Map<Fault, Instant> struck = new LinkedHashMap<>();
  private final Map<EffectKey, Double> lost = new HashMap<>();
  private final Map<Integer, Instant> due = new HashMap<>();
  private final Map<Integer, Duration> overdue = new LinkedHashMap<>();

  Bench(SteeredServer server, List<Step> steps, FaultPlan plan) {
    this.server = server;
    this.steps = steps;
    this.plan = plan;
  }

  /** What strikes this attempt; noted with its time. */
  synchronized Optional<Fault> strike(StepRequest request) {
    Optional<Fault> fault = plan.strike(request);
    fault.ifPresent(
        found -> {
          struck.put(found, now());
          if (found.kind() == FaultKind.LOST) {
            lost.put(EffectKey.of(request), found.share());
          }
        });
    return fault;
  }

  /** How long the step takes by itself, as planned. */
  Duration planned(StepRequest request) {
    return Minutes.toDuration(steps.get(request.stepIndex()).unitOp().durationMinutes());
  }

  /**
   * Lets time pass for the attempt of the calling thread, of which Temporal hears as it would of a
   * real one.
   */
  void work(Duration duration) {
    Duration left = duration;
    while (left.compareTo(Duration.ZERO) > 0) {
      Duration part = left.compareTo(BETWEEN_BEATS) < 0 ? left : BETWEEN_BEATS;
      server.pass(part);
      beat();
      left = left.minus(part);
    }
  }

  /** Lets so much time pass as a dead worker needs to be missed. */
  void beMissed() {
    work(SILENCE);
  }

  private void beat() {
    server
        .engine()
        .stubs()
        .blockingStub()
        .recordActivityTaskHeartbeat(
            RecordActivityTaskHeartbeatRequest.newBuilder()
                .setNamespace(server.engine().namespace())
                .setTaskToken(
                    ByteString.copyFrom(Activity.getExecutionContext().getInfo().getTaskToken()))
                .build());
  }

  /** An instrument has moved. */
  synchronized void moved(StepRequest request) {
    effects.add(EffectKey.of(request));
  }

  /**
   * The vessel is in, and is to come out when its time is over.
   *
   * @param outage how long after that everything is down
   */
  synchronized void vesselIn(StepRequest request, Duration outage) {
    Instant end = now().plus(request.parameters().minutes("minutes"));
    due.put(request.stepIndex(), end);
    server.expectTimerUntil(end.plus(outage));
  }

  /** Its time is over. What the workflow waits for from now on is something else. */
  void endWait() {
    server.expectNoTimer();
  }

  synchronized void vesselOut(StepRequest request) {
    Duration late = Duration.between(due.getOrDefault(request.stepIndex(), now()), now());
    if (late.compareTo(Duration.ZERO) > 0) {
      overdue.put(request.stepIndex(), late);
    }
  }

  /** What somebody who looks sees of an effect whose worker died; 1 for any other. */
  synchronized double share(EffectKey effect) {
    return lost.getOrDefault(effect, 1.0);
  }

  /** Everything that has moved, in its order. */
  synchronized List<EffectKey> effects() {
    return List.copyOf(effects);
  }

  /** What has gone wrong, and when. */
  synchronized Map<Fault, Instant> struck() {
    return new LinkedHashMap<>(struck);
  }

  /** By how much vessels came out too late, by the index of their steps. */
  synchronized Map<Integer, Duration> overdue() {
    return new LinkedHashMap<>(overdue);
  }

  private Instant now() {
    return server.clock().instant();
  }
}

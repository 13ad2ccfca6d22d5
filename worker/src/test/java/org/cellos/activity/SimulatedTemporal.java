package org.cellos.activity;

import io.temporal.api.enums.v1.RetryState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.client.ActivityCompletionException;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import org.cellos.activity.Chance.Mishap;
import org.cellos.activity.Chance.Point;
import org.cellos.activity.EffectGate.NotWantedException;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.StepResult;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.jspecify.annotations.Nullable;

/**
 * What Temporal does with attempts: repeats them as their effect class allows, loses them, cancels
 * them, and forgets all of them with its process.
 */
final class SimulatedTemporal {
  /** The process with Temporal and the workflow is no more. */
  static final class EngineDied extends Error {
    private static final long serialVersionUID = 1L;

    EngineDied() {
      super("engine died", null, false, false);
    }
  }

  private final EffectLedger ledger;
  private final ModelInstrument instrument;
  private final Chance chance;
  private final Executor threads;
  private final Runnable cancel;

  /** Those that have not ended, newest first; all but the first are zombies. */
  private final List<SimulatedAttempt> live = new ArrayList<>();

  private final Set<SimulatedAttempt> delivered = new HashSet<>();
  private int attempts;

  /**
   * @param cancel notes that the execution is being cancelled
   */
  SimulatedTemporal(
      EffectLedger ledger,
      ModelInstrument instrument,
      Chance chance,
      Executor threads,
      Runnable cancel) {
    this.ledger = ledger;
    this.instrument = instrument;
    this.chance = chance;
    this.threads = threads;
    this.cancel = cancel;
  }

  /** Whether the workflow has heard how the attempt ended, and has not forgotten it since. */
  boolean isDelivered(SimulatedAttempt attempt) {
    return delivered.contains(attempt);
  }

  /** Performs an activity as the workflow's stub does. */
  StepResult call(EffectKey key, EffectClass effectClass, String engineId, boolean cancelled) {
    int most = effectClass == EffectClass.ONCE ? 1 : 5;
    for (int number = 1; ; number++) {
      SimulatedAttempt attempt =
          new SimulatedAttempt(
              key,
              new Claimant(engineId, "attempt-" + ++attempts, "worker@" + engineId),
              effectClass,
              ledger,
              instrument,
              chance,
              threads);
      if (cancelled) {
        attempt.requestCancel();
      }
      live.add(0, attempt);
      Throwable failure = await(attempt);
      if (failure == null) {
        return Objects.requireNonNull(attempt.result());
      }
      boolean mayBeRepeated =
          failure instanceof TimeoutFailure
              || (failure instanceof ApplicationFailure thrown && !thrown.isNonRetryable());
      if (number == most || !mayBeRepeated) {
        throw failed(failure);
      }
      if (attempt.isCancelRequested()) {
        throw failed(new CanceledFailure("cancelled between two attempts"));
      }
    }
  }

  /** Time passes while the workflow does something else. */
  void passTime() {
    for (int i = chance.below(4); i > 0 && !live.isEmpty(); i--) {
      letSomeGoOn();
    }
    engineMayDie(Point.IN_WORKFLOW);
  }

  void letAllEnd() {
    while (!live.isEmpty()) {
      letSomeGoOn();
    }
  }

  private void letSomeGoOn() {
    live.get(chance.below(live.size())).goOn();
    live.removeIf(SimulatedAttempt::isOver);
  }

  private void engineMayDie(Point point) {
    if (chance.happens(Mishap.ENGINE_DIES, point)) {
      live.forEach(SimulatedAttempt::die);
      live.clear();
      forget();
    }
    if (chance.happens(Mishap.ENGINE_REPLACED, point)) {
      forget();
    }
  }

  /** Those that are left do not know that nobody waits for them. */
  void forget() {
    live.forEach(SimulatedAttempt::giveUp);
    delivered.clear();
    throw new EngineDied();
  }

  /** Null if it returned. */
  private @Nullable Throwable await(SimulatedAttempt attempt) {
    while (!attempt.isOver()) {
      Point point = attempt.point();
      engineMayDie(point);
      if (chance.happens(Mishap.WORKER_DIES, point)) {
        attempt.die();
      } else if (chance.happens(Mishap.ATTEMPT_LOST, point)) {
        attempt.giveUp();
        return timeout();
      } else {
        if (!attempt.isCancelRequested() && chance.happens(Mishap.CANCEL, point)) {
          attempt.requestCancel();
          cancel.run();
        }
        letSomeGoOn();
      }
    }
    live.remove(attempt);
    if (attempt.hasCrashed() || chance.happens(Mishap.ATTEMPT_LOST, Point.REPLIED)) {
      return timeout();
    }
    delivered.add(attempt);
    return attempt.thrown() == null ? null : reported(attempt.thrown());
  }

  /** As the SDK and the activity's own catch report it. */
  private static Throwable reported(Throwable thrown) {
    if (thrown instanceof NotWantedException || thrown instanceof ActivityCompletionException) {
      return new CanceledFailure("cancelled");
    }
    return thrown instanceof ApplicationFailure
        ? thrown
        : ApplicationFailure.newFailureWithCause("It broke.", "STEP_FAILED", thrown);
  }

  private static TimeoutFailure timeout() {
    return new TimeoutFailure("no heartbeat", null, TimeoutType.TIMEOUT_TYPE_HEARTBEAT);
  }

  private static ActivityFailure failed(Throwable cause) {
    return new ActivityFailure(
        "failed", 1, 2, "handler", "1", RetryState.RETRY_STATE_UNSPECIFIED, "worker", cause);
  }
}

package org.cellos.activity;

import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.cellos.FaultHook;
import org.cellos.activity.Chance.Behaviour;
import org.cellos.activity.Chance.Mishap;
import org.cellos.activity.Chance.Point;
import org.cellos.activity.EffectGate.NotWantedException;
import org.cellos.activity.EffectGate.UnreachableException;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.FaultPoint;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepResult;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt on its way through the real gate, which stops at every point where something could
 * come between.
 */
final class SimulatedAttempt {
  /** The process is no more. The gate must not see it, so it is none of what the gate catches. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  final EffectKey key;
  final Claimant claimant;
  private final EffectClass effectClass;
  private final EffectLedger ledger;
  private final ModelInstrument instrument;
  private final Chance chance;
  private final Behaviour behaviour;
  private final Fiber fiber;
  private final EffectGate gate;

  /** Where it waits. */
  private Point point = Point.BEFORE_CLAIM;

  /** It dies as soon as it goes on. */
  private boolean doomed;

  private boolean cancelRequested;
  private boolean givenUp;
  private @Nullable StepResult result;
  private @Nullable Throwable thrown;

  SimulatedAttempt(
      EffectKey key,
      Claimant claimant,
      EffectClass effectClass,
      EffectLedger ledger,
      ModelInstrument instrument,
      Chance chance,
      Executor threads) {
    this.key = key;
    this.claimant = claimant;
    this.effectClass = effectClass;
    this.ledger = ledger;
    this.instrument = instrument;
    this.chance = chance;
    this.behaviour = chance.behaviour();
    this.gate = new EffectGate(new Watched());
    this.fiber = new Fiber(threads, () -> FaultHook.during(this::passing, this::perform));
  }

  void goOn() {
    fiber.resume();
  }

  void die() {
    doomed = true;
    while (!fiber.isOver()) {
      fiber.resume();
    }
  }

  boolean isOver() {
    return fiber.isOver();
  }

  boolean hasCrashed() {
    return thrown instanceof Crash;
  }

  Point point() {
    return isOver() ? Point.REPLIED : point;
  }

  /** Temporal does not wait for it any more. */
  void giveUp() {
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  void requestCancel() {
    cancelRequested = true;
  }

  boolean isCancelRequested() {
    return cancelRequested;
  }

  /** Null if it threw. */
  @Nullable StepResult result() {
    return result;
  }

  @Nullable Throwable thrown() {
    return thrown;
  }

  private void perform() {
    try {
      stop(Point.BEFORE_CLAIM);
      result = gate.perform(key, effectClass, claimant, this::check, this::effect);
    } catch (Exception | Error e) {
      thrown = e;
    }
  }

  private void stop(Point newPoint) {
    point = newPoint;
    fiber.pause();
    if (doomed) {
      throw new Crash();
    }
  }

  private void passing(FaultPoint faultPoint) {
    switch (faultPoint) {
      case AFTER_INTENT -> stop(Point.AFTER_INTENT);
      case AFTER_SEND -> stop(Point.AFTER_SEND);
      case AFTER_EFFECT -> stop(Point.AFTER_EFFECT);
      case BEFORE_REPLY -> stop(Point.BEFORE_REPLY);
      case IN_MIRROR_TX -> {
        // Nobody else could write meanwhile, so there is nothing to wait for.
        if (doomed || chance.happens(Mishap.WORKER_DIES, Point.IN_MIRROR_TX)) {
          doomed = true;
          throw new Crash();
        }
      }
      case AFTER_UPLOAD, AFTER_RUN_CREATED, AFTER_PLAY ->
          throw new AssertionError("there is no robot");
    }
  }

  private void check() throws NotWantedException, UnreachableException {
    stop(Point.BEFORE_CHECK);
    if (chance.happens(Mishap.UNREACHABLE, Point.BEFORE_CHECK)) {
      throw new UnreachableException(new IllegalStateException("no route"));
    }
    if (cancelRequested || givenUp) {
      throw new NotWantedException();
    }
    stop(Point.AFTER_CHECK);
  }

  private StepResult effect() {
    switch (behaviour) {
      case REFUSES -> throw permanent(ErrorCode.STEP_FAILED);
      case NOT_READY -> throw permanent(ErrorCode.NOT_STARTED);
      case WORKS, FAILS, LOSES_TOUCH, BREAKS -> {}
    }
    FaultPoint.AFTER_SEND.pass();
    beInterrupted();
    instrument.move(this);
    FaultPoint.AFTER_EFFECT.pass();
    beInterrupted();
    if (behaviour == Behaviour.FAILS || behaviour == Behaviour.BREAKS) {
      instrument.fail(this);
    }
    switch (behaviour) {
      case FAILS -> throw ApplicationFailure.newFailure("It failed.", "SOMETHING_ELSE");
      case LOSES_TOUCH -> throw permanent(ErrorCode.OUTCOME_UNKNOWN);
      case BREAKS -> breakDown();
      case WORKS, REFUSES, NOT_READY -> {}
    }
    return new StepResult(Parameters.of(Map.of("by", "instrument")));
  }

  /** What a beat does to a handler whose attempt was cancelled. */
  private void beInterrupted() {
    if (cancelRequested && chance.happens(Mishap.INTERRUPTED, point)) {
      throw new ActivityCanceledException();
    }
  }

  private void breakDown() {
    switch (chance.below(4)) {
      case 0 -> throw new LinkageError("no such class");
      case 1 -> throw new AssertionError("never");
      case 2 -> throw new StackOverflowError();
      default -> throw new IllegalStateException("a defect");
    }
  }

  private static ApplicationFailure permanent(ErrorCode code) {
    return ApplicationFailure.newNonRetryableFailure("It said so.", code.wireValue());
  }

  /** The real ledger, with a stop before each call and the troubles of a disk. */
  private final class Watched implements EffectLedger {
    @Override
    public Permission claim(EffectKey effect, EffectClass ofClass, Claimant by) {
      return troubled(Point.BEFORE_CLAIM, () -> ledger.claim(effect, ofClass, by));
    }

    @Override
    public boolean stands(EffectKey effect, Claimant by) {
      return troubled(Point.AFTER_CHECK, () -> ledger.stands(effect, by));
    }

    @Override
    public void withdraw(EffectKey effect, Claimant by) {
      stop(Point.BEFORE_WITHDRAW);
      troubled(
          Point.BEFORE_WITHDRAW,
          () -> {
            ledger.withdraw(effect, by);
            return true;
          });
    }

    @Override
    public Instant close(EffectKey effect, Claimant by, StepOutcome outcome) {
      stop(Point.BEFORE_CLOSE);
      return troubled(
          Point.BEFORE_CLOSE,
          () -> {
            Instant at = ledger.close(effect, by, outcome);
            instrument.outcomeWritten(SimulatedAttempt.this);
            return at;
          });
    }

    @Override
    public LedgerEntry read(EffectKey effect, String engineId) {
      return ledger.read(effect, engineId);
    }

    private <T> T troubled(Point where, Supplier<T> call) {
      if (chance.happens(Mishap.STORE_FAILS, where)) {
        throw new StoreException("The disk is full.");
      }
      T answer = call.get();
      if (chance.happens(Mishap.STORE_FAILS_LATE, where)) {
        throw new StoreException("The disk did not answer.");
      }
      return answer;
    }
  }
}

package org.cellos.activity;

import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.FaultPoint;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepResult;
import org.cellos.store.Claimant;
import org.cellos.store.EffectLedger;
import org.cellos.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to an instrument: intent on disk, alive check, effect, outcome on disk. Thread-safe;
 * may be called again for the same effect at any time, by any process.
 */
final class EffectGate {
  private static final Logger log = LoggerFactory.getLogger(EffectGate.class);

  private final EffectLedger ledger;

  EffectGate(EffectLedger ledger) {
    this.ledger = ledger;
  }

  /** What moves something. */
  interface Effect {
    StepResult perform() throws Exception;
  }

  /** Finds out whether anybody still waits for the attempt. */
  interface AliveCheck {
    /**
     * @throws NotWantedException if nobody does
     * @throws UnreachableException if that cannot be found out
     */
    void check() throws NotWantedException, UnreachableException;
  }

  /** The attempt was cancelled or given up: it must not move anything. */
  static final class NotWantedException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Temporal does not answer. */
  static final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreachableException(Throwable cause) {
      super("Temporal does not answer: " + cause.getMessage(), cause);
    }
  }

  /**
   * Performs the effect, or answers with what is known of it.
   *
   * @throws ApplicationFailure with an {@link ErrorCode} as type, when the effect was not performed
   *     or nobody knows how it ended
   * @throws NotWantedException if nobody waits for it; nothing was moved
   * @throws Exception what the effect threw
   */
  StepResult perform(
      EffectKey key,
      EffectClass effectClass,
      Claimant claimant,
      AliveCheck aliveCheck,
      Effect effect)
      throws Exception {
    Permission permission = claim(key, effectClass, claimant);
    if (permission instanceof Permission.Answer answer) {
      return answered(answer);
    }
    if (permission instanceof Permission.Ask ask) {
      throw failure(ErrorCode.OUTCOME_UNKNOWN, ask.evidence());
    }
    if (permission instanceof Permission.Leave) {
      throw failure(ErrorCode.TAKEN_OVER, "Another process goes on with the execution.");
    }
    boolean begunBefore = ((Permission.Go) permission).begunBefore();
    FaultPoint.AFTER_INTENT.pass();
    // What goes on at an instrument has to be followed to its end, or stopped, even if the attempt
    // that began it was cancelled meanwhile.
    boolean goesOn = begunBefore && effectClass == EffectClass.REATTACHABLE;
    beAlive(key, claimant, goesOn ? () -> {} : aliveCheck, begunBefore);
    StepResult result;
    try {
      result = effect.perform();
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      closeFailed(key, effectClass, claimant, e);
      throw e;
    }
    Instant at = close(key, claimant, new StepOutcome.Completed(result.values()));
    FaultPoint.BEFORE_REPLY.pass();
    return new StepResult(result.values(), at);
  }

  private Permission claim(EffectKey key, EffectClass effectClass, Claimant claimant) {
    try {
      return ledger.claim(key, effectClass, claimant);
    } catch (StoreException e) {
      throw notStarted(e);
    }
  }

  private static StepResult answered(Permission.Answer answer) {
    if (answer.outcome() instanceof StepOutcome.Completed completed) {
      return new StepResult(completed.result(), answer.at());
    }
    if (answer.outcome() instanceof StepOutcome.Failed failed) {
      throw failure(failed.failure().code(), failed.failure().message());
    }
    throw failure(ErrorCode.ANSWERED, "A person has answered for the step.");
  }

  /** The last look before something moves. */
  private void beAlive(EffectKey key, Claimant claimant, AliveCheck aliveCheck, boolean begunBefore)
      throws NotWantedException {
    try {
      aliveCheck.check();
      if (!ledger.stands(key, claimant)) {
        throw notStanding(ledger.read(key, claimant.engineId()));
      }
    } catch (NotWantedException e) {
      withdrawOwn(key, claimant, begunBefore);
      throw e;
    } catch (UnreachableException | StoreException e) {
      withdrawOwn(key, claimant, begunBefore);
      throw notStarted(e);
    }
  }

  /**
   * A look in the middle of an effect that prepares for long, right before it moves something.
   *
   * @throws ApplicationFailure if another attempt counts instead, or nobody can find out
   * @throws NotWantedException if nobody waits for it
   */
  void requireStanding(EffectKey key, Claimant claimant, AliveCheck aliveCheck)
      throws NotWantedException {
    try {
      aliveCheck.check();
      if (!ledger.stands(key, claimant)) {
        throw notStanding(ledger.read(key, claimant.engineId()));
      }
    } catch (UnreachableException | StoreException e) {
      throw notStarted(e);
    }
  }

  /** An older attempt of a repeatable effect may have taken it: then the next one finds out. */
  private static ApplicationFailure notStanding(LedgerEntry entry) {
    return entry instanceof LedgerEntry.TakenOver
        ? failure(ErrorCode.TAKEN_OVER, "Another process goes on with the execution.")
        : failure(ErrorCode.NOT_STARTED, "Another attempt was faster.");
  }

  /** What an attempt before has left must stay: it may have moved something. */
  private void withdrawOwn(EffectKey key, Claimant claimant, boolean begunBefore) {
    if (!begunBefore) {
      withdraw(key, claimant);
    }
  }

  /** An intent that stays behind costs a person's decision, nothing else. */
  private void withdraw(EffectKey key, Claimant claimant) {
    try {
      ledger.withdraw(key, claimant);
    } catch (StoreException e) {
      log.warn("The intent of {} could not be withdrawn", key, e);
      throw failure(
          ErrorCode.OUTCOME_UNKNOWN,
          "Nothing was moved, but that could not be written down: " + e.getMessage());
    }
  }

  private void closeFailed(
      EffectKey key, EffectClass effectClass, Claimant claimant, Throwable thrown) {
    StepFailure failure = StepFailures.of(thrown);
    if (failure.code() == ErrorCode.NOT_STARTED) {
      // Closed with this, it would be answered to every later attempt, and never be begun.
      withdraw(key, claimant);
      return;
    }
    // What an instrument has ended is found as ended by every further attempt: to try it anew is to
    // begin it anew, which a person has to ask for.
    boolean isOver =
        effectClass == EffectClass.REATTACHABLE
            && thrown instanceof ApplicationFailure reported
            && reported.isNonRetryable();
    // What was interrupted by a cancel is not repeated, whatever its class.
    boolean mayBeRepeated =
        effectClass != EffectClass.ONCE && !isOver && failure.code() != ErrorCode.CANCELLED;
    if (mayBeRepeated || failure.code() == ErrorCode.OUTCOME_UNKNOWN) {
      return;
    }
    close(key, claimant, new StepOutcome.Failed(failure));
  }

  /** The effect has happened: whatever the disk says, its outcome must reach Temporal. */
  private Instant close(EffectKey key, Claimant claimant, StepOutcome outcome) {
    try {
      return ledger.close(key, claimant, outcome);
    } catch (StoreException e) {
      log.warn("The end of {} could not be written into the ledger", key, e);
      return Instant.now();
    }
  }

  private static ApplicationFailure notStarted(Exception e) {
    return ApplicationFailure.newNonRetryableFailureWithCause(
        StepFailures.messageOf(e), ErrorCode.NOT_STARTED.wireValue(), e);
  }

  private static ApplicationFailure failure(ErrorCode code, String message) {
    return ApplicationFailure.newNonRetryableFailure(message, code.wireValue());
  }
}

package org.cellos.store;

import java.time.Instant;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.StepOutcome;

/**
 * What instruments were told to do. An intent is on disk before anything moves, so that after any
 * crash it is known what may have happened; {@link org.cellos.domain.EffectRules} says what
 * follows.
 *
 * <p>Thread-safe; each method is one transaction. All throw {@link StoreException} when the file
 * cannot be written; nothing is half-written then.
 */
public interface EffectLedger {

  /**
   * Asks whether the effect may be performed; with {@link Permission.Go} the intent is written, and
   * is the claimant's.
   */
  Permission claim(EffectKey key, EffectClass effectClass, Claimant claimant);

  /**
   * Whether the intent still stands: it is the claimant's, nobody has answered for it, no newer
   * epoch exists and its engine still has the execution.
   */
  boolean stands(EffectKey key, Claimant claimant);

  /** Takes an intent back that nobody was told of. Changes nothing if it is not the claimant's. */
  void withdraw(EffectKey key, Claimant claimant);

  /**
   * Writes how the effect ended. If a person has answered for it meanwhile, the answer stays and
   * this is noted in the audit log.
   *
   * @return when it was written
   */
  Instant close(EffectKey key, Claimant claimant, StepOutcome outcome);

  /**
   * What is known of the effect.
   *
   * @param engineId the engine on whose behalf is asked
   */
  LedgerEntry read(EffectKey key, String engineId);
}

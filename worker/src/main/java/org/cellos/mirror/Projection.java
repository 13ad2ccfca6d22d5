package org.cellos.mirror;

import java.time.Instant;
import java.util.List;
import org.cellos.domain.EffectKey;
import org.cellos.domain.StepOutcome;
import org.cellos.store.AttemptKey;
import org.cellos.store.StoredExecution;
import org.jspecify.annotations.Nullable;

/**
 * What the histories of an execution say a mirror should have of it.
 *
 * @param rows as a mirror has them
 * @param firstStep the first step that the histories tell of; above 0 where a former engine lost it
 * @param isWhole whether the histories of all its runs were found, from the beginning on
 * @param isClosedByTemporal whether it was ended from outside, without a record of its own
 * @param tries what the histories have of attempts; local ones leave no trace there
 */
record Projection(
    StoredExecution rows,
    int firstStep,
    boolean isWhole,
    boolean isClosedByTemporal,
    List<Try> tries) {

  Projection {
    tries = List.copyOf(tries);
  }

  /**
   * An activity that was asked for. Of several attempts only the last is in a history.
   *
   * @param key of its first attempt
   * @param askedAt when it was asked for
   * @param attempt null if none has begun, as far as the history knows
   */
  record Try(AttemptKey key, Instant askedAt, @Nullable Attempt attempt) {
    EffectKey effect() {
      return key.effect();
    }
  }

  /**
   * @param worker who
   * @param endedAt null if that is not known
   * @param outcome null if that is not known
   */
  record Attempt(
      AttemptKey key,
      String worker,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable StepOutcome outcome) {}
}

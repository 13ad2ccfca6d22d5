package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The steps that leave a safe state behind are performed, or have been before a retry; a part of
 * {@link ExecutionState}. Only ever add optional fields.
 *
 * @param epoch with which these steps begin: each time a higher one, since each time is an effect
 *     of its own
 * @param newestEpoch the highest that any of them has had
 * @param stoppedAt index of the first ordinary step without an outcome; null once the execution has
 *     been taken up again
 * @param firstStep index of the first step of the safe state; null where {@code stoppedAt} is
 * @param notReached why the safe state is not reached, one clause a step; null as long as it may be
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Compensation(
    int epoch,
    int newestEpoch,
    @Nullable Integer stoppedAt,
    @Nullable Integer firstStep,
    @Nullable String notReached) {

  static Compensation begun(@Nullable Compensation former, int stoppedAt, int firstStep) {
    int epoch = former == null ? 1 : former.newestEpoch() + 1;
    return new Compensation(epoch, epoch, stoppedAt, firstStep, null);
  }

  /** Whether it has begun and the execution has not been taken up again since. */
  @JsonIgnore
  public boolean isUnderWay() {
    return stoppedAt != null;
  }

  Compensation withEpoch(int used) {
    return new Compensation(epoch, Math.max(newestEpoch, used), stoppedAt, firstStep, notReached);
  }

  Compensation withFailure(String why) {
    return new Compensation(
        epoch,
        newestEpoch,
        stoppedAt,
        firstStep,
        notReached == null ? why : notReached + "; " + why);
  }

  /** The same, of an execution that goes on. */
  Compensation over() {
    return new Compensation(epoch, newestEpoch, null, null, null);
  }
}

package org.cellos.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question to a person, and the answer if there is one, as the mirror has them.
 *
 * @param executionId the execution
 * @param question what was asked
 * @param openedAt when
 * @param choice the answer's word; {@code settled} when none was needed any more, {@code cancelled}
 *     when the execution ended without one; null while it is open
 * @param amountMillilitres how much was moved; null where nobody said
 * @param decidedBy who answered
 * @param reason why
 * @param decidedAt when
 */
public record DecisionRecord(
    String executionId,
    Question question,
    Instant openedAt,
    @Nullable String choice,
    @Nullable Double amountMillilitres,
    @Nullable String decidedBy,
    @Nullable String reason,
    @Nullable Instant decidedAt) {

  public boolean isOpen() {
    return decidedAt == null;
  }
}

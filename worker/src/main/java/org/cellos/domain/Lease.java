package org.cellos.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A place at a robot or at other equipment, or in the queue for it, of an execution that is open.
 *
 * @param need as {@link LeaseSpan} names it
 * @param unit which one it has; null while it waits
 * @param grantedAt null while it waits
 */
public record Lease(
    String executionId,
    String need,
    Priority priority,
    Instant askedAt,
    @Nullable Instant grantedAt,
    @Nullable String unit) {

  /** When it was granted, or asked for while it is not. */
  public Instant since() {
    return grantedAt == null ? askedAt : grantedAt;
  }

  public boolean isGranted() {
    return grantedAt != null;
  }
}

package org.cellos.domain;

import java.time.Instant;
import java.util.List;

/**
 * What an execution asks for. Stored in history: only ever add optional fields.
 *
 * @param needs as {@link LeaseSpan} names them; all are granted together
 * @param askedAt when it asked first, which its place in the queue counts from
 * @param isInUse whether what is asked for may be in use by this execution already, so that nobody
 *     else can have it whatever the queue says
 */
public record LeaseRequest(
    String executionId, List<String> needs, Instant askedAt, Priority priority, boolean isInUse) {
  public LeaseRequest {
    needs = List.copyOf(needs);
  }
}

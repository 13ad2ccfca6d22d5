package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did to an execution, as the audit log has it.
 *
 * @param at when
 * @param stepIndex to which step, from 0; null for the execution as a whole
 * @param who a person's name, or the part of this program that did it
 * @param what was done; {@link #NOTE} for a note
 * @param reason why, or the text of a note; null where nobody said
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditEntry(
    Instant at, @Nullable Integer stepIndex, String who, String what, @Nullable String reason) {
  /** What people do who only want something to be remembered. */
  public static final String NOTE = "note";
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Whether the audit log is as it was written.
 *
 * @param entries how many there are
 * @param headHash the hash of the newest entry that was written, or 64 zeros before the first; null
 *     if nobody knows it any more
 * @param firstBreak where the chain is broken first; null if it is whole
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditVerification(
    long entries, @Nullable String headHash, @Nullable Break firstBreak) {

  public boolean isWhole() {
    return firstBreak == null;
  }

  /**
   * Where a chain is broken.
   *
   * @param auditId the entry that is broken, or before which some are missing; where they are cut
   *     off, the newest that is left
   * @param problem what is wrong with it
   * @param explanation the same in a sentence
   */
  public record Break(long auditId, Problem problem, String explanation) {}

  /** What can be wrong with an entry. */
  public enum Problem {
    /** It does not say what it said when it was written. */
    CHANGED("changed"),
    /** The one that was written before it is not there. */
    MISSING("missing"),
    /** It was not written by this program. */
    INSERTED("inserted"),
    /** Those that were written after it are not there. */
    CUT_OFF("cut_off");

    private final String wireValue;

    Problem(String wireValue) {
      this.wireValue = wireValue;
    }

    /** The lower-case word of JSON. */
    @JsonValue
    public String wireValue() {
      return wireValue;
    }

    /**
     * @throws IllegalArgumentException naming the known words, if it is none of them
     */
    @JsonCreator
    public static Problem ofWireValue(String value) {
      return WireValues.parse(Problem.class, Problem::wireValue, value);
    }
  }
}

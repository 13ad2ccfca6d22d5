package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;

/** What the effect ledger knows of one effect. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "entry")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LedgerEntry.Absent.class, name = "absent"),
  @JsonSubTypes.Type(value = LedgerEntry.Open.class, name = "open"),
  @JsonSubTypes.Type(value = LedgerEntry.Closed.class, name = "closed"),
  @JsonSubTypes.Type(value = LedgerEntry.Superseded.class, name = "superseded"),
  @JsonSubTypes.Type(value = LedgerEntry.TakenOver.class, name = "taken_over"),
})
public sealed interface LedgerEntry {

  /** Nobody has intended it: nothing was moved. */
  record Absent() implements LedgerEntry {}

  /**
   * Somebody intended it and has not said how it ended.
   *
   * @param worker who
   * @param since when the intent was written
   */
  record Open(String worker, Instant since) implements LedgerEntry {
    /** How {@code worker} begins where a restored backup does not know whether it was done. */
    public static final String BACKUP = "the backup of ";
  }

  /**
   * Its outcome is known.
   *
   * @param outcome how it ended
   * @param at when that was written
   */
  record Closed(StepOutcome outcome, Instant at) implements LedgerEntry {}

  /**
   * A newer epoch of it exists: a person has decided to do it again.
   *
   * @param newestEpoch the newest one
   */
  record Superseded(int newestEpoch) implements LedgerEntry {}

  /** Another engine has the execution. */
  record TakenOver() implements LedgerEntry {}
}

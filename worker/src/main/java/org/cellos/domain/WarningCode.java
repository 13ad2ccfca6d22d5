package org.cellos.domain;

/** What a resolved protocol can be warned of. The constant's name is its wire value. */
public enum WarningCode {
  /** A step takes more than its source holds. */
  OVER_ASPIRATION(Severity.BLOCKING),
  /** A step fills its target above the safe fill. */
  OVER_FILL(Severity.BLOCKING),
  /** A coating is dispensed undiluted. */
  COATING_NEAT(Severity.BLOCKING),
  /** Liquid stays above the pellet and dilutes the resuspension. */
  RESIDUE(Severity.WARNING),
  /** Trypsin is stopped with a medium that holds no serum. */
  SERUM_FREE_QUENCH(Severity.WARNING),
  /** Single pluripotent cells are plated without a ROCK inhibitor. */
  NO_ROCK_INHIBITOR(Severity.WARNING),
  /** The coating is taken off long before the cells come. */
  COATING_DRY(Severity.WARNING),
  /** The protocol collects into a tube that it never names. */
  TUBE_IMPLIED(Severity.INFO),
  /** The protocol ends with cells in a tube. */
  NOT_REPLATED(Severity.INFO),
  /** A sample is drawn for a count that never happens. */
  COUNT_SAMPLE_UNUSED(Severity.INFO),
  /** Something the protocol uses has no price, and the cost leaves it out. */
  UNPRICED(Severity.INFO);

  private final Severity severity;

  WarningCode(Severity severity) {
    this.severity = severity;
  }

  public Severity severity() {
    return severity;
  }
}

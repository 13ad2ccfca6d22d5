package org.cellos.faults;

/**
 * A row of {@code effect_ledger}.
 *
 * @param open whether nobody has said how it ended
 * @param completed whether it is known to have been done
 * @param asked whether a person was asked about it
 * @param answered whether that person has answered, or a cancel did away with the question
 * @param audited whether the audit log says that nobody knows how it ended
 */
record LedgerRow(
    String executionId,
    int stepIndex,
    String action,
    int epoch,
    boolean open,
    boolean completed,
    boolean asked,
    boolean answered,
    boolean audited) {

  /** Taking a vessel out is not a second effect: only what begins something is witnessed. */
  boolean isWitnessed() {
    return !action.equals("stop");
  }

  boolean isOf(Effect effect) {
    return isWitnessed()
        && executionId.equals(effect.executionId())
        && stepIndex == effect.stepIndex()
        && epoch == effect.epoch();
  }
}

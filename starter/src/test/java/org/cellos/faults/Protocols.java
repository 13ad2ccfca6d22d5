package org.cellos.faults;

/** Small protocols: what a big one adds is time. */
final class Protocols {
  /**
   * Four effects; the incubation is told to start and to stop, and only the start moves anything.
   */
  static final String SMALL =
      """
      protocol: small
      cell_line: iPSC
      vessel: T75
      starts_with_ml: 15.0
      steps:
        - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}
        - {operation: dispense, reagent: medium, volume_ml: 5.0, to: vessel}
        - {operation: incubate, vessel: vessel, minutes: 30, temperature_c: 37.0}
        - {operation: aspirate, volume_ml: 1.0, from: vessel, to: waste}
      """;

  static final int EFFECTS_OF_SMALL = 4;
  static final int CALLS_OF_SMALL = 5;

  /** With that of the start of the incubation. */
  static final int EFFECTS_BEFORE_REST = 3;

  /** How all executions of a small protocol are begun here. */
  static final String RUN = "run --protocol small.yaml --execute --speed-up 100000 --id ";

  /** A speed-up with as many in the incubator: time to make trouble. */
  static final int SIX_SECONDS = 300;

  /** So that it is at rest for a while. */
  static final String RUN_SLOWLY =
      "run --protocol small.yaml --execute --speed-up " + SIX_SECONDS + " --id ";

  private Protocols() {}
}

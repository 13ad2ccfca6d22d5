package org.cellos.engine;

import java.util.List;

/** What executions can be searched for in the Temporal Web UI, where it is registered. */
public final class SearchAttributes {
  public static final String CELL_LINE = "CellosCellLine";
  public static final String VESSEL = "CellosVessel";
  public static final String OPERATION = "CellosOperation";
  public static final String INSTRUMENTS = "CellosInstruments";

  /** All of them; each is a keyword. */
  public static final List<String> ALL = List.of(CELL_LINE, VESSEL, OPERATION, INSTRUMENTS);

  private SearchAttributes() {}
}

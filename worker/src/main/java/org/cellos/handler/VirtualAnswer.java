package org.cellos.handler;

import java.util.Map;
import org.cellos.domain.Mode;

/** What a handler of real instruments answers where the instruments are virtual. */
public final class VirtualAnswer {
  private VirtualAnswer() {}

  /**
   * @param note what was not done, a sentence
   */
  public static Map<String, ?> of(String note) {
    return Map.of(
        "status", "success", "mode", Mode.VIRTUAL.wireValue(), "simulated", true, "note", note);
  }
}

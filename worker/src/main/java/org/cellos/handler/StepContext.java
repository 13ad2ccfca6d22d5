package org.cellos.handler;

import org.cellos.domain.Parameters;
import org.cellos.domain.StepRequest;

/** What a handler sees of the attempt it performs. */
public interface StepContext {

  /** The step and everything known about it. */
  StepRequest request();

  /** The step's quantities; its typed accessors name what is missing. */
  default Parameters parameters() {
    return request().parameters();
  }

  /** From 1, as Temporal counts. */
  int attempt();

  /**
   * Tells how far the work is, for people who watch. The program proves by itself that the worker
   * lives, so a handler that has nothing to tell need not call this.
   */
  void heartbeat(String progress);
}

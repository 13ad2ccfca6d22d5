package org.cellos.handler;

import java.util.Map;
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
  default void heartbeat(String progress) {
    heartbeat(progress, Map.of());
  }

  /**
   * @param progress one line for people
   * @param details for programs that look at the activity in Temporal
   */
  void heartbeat(String progress, Map<String, ?> details);

  /**
   * Asks Temporal and the ledger, now, whether anybody still waits for this attempt. To be called
   * right before something moves, by a handler that has prepared for longer than some seconds.
   *
   * @throws Exception if nobody does, or that cannot be found out; to be thrown on
   */
  void requireWanted() throws Exception;

  /**
   * Whether the calling thread was interrupted by a cancel or a pause, and not because its worker
   * ends: only then is the instrument to be stopped.
   */
  boolean isCancelled();
}

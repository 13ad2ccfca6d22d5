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
   * Says that the instrument has paused by itself and waits for a person who stands before it: the
   * execution shows as paused until {@link #goesOn}, or until the attempt ends. The handler goes on
   * waiting. Saying the same again does nothing.
   *
   * @param reason what the instrument says and what is to be done there, a sentence or two
   */
  void heldByInstrument(String reason);

  /** Says that the instrument is not paused, or not any more; costs nothing to repeat. */
  void goesOn();

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

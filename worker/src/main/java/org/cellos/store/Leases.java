package org.cellos.store;

import java.util.Map;
import java.util.function.Function;
import org.cellos.domain.LeaseRequest;

/**
 * Who may use robots and other equipment. A lease counts as long as its execution is open, however
 * that ends: nothing has to be given back by who cannot do so any more.
 *
 * <p>Thread-safe; each method is one transaction. All throw {@link StoreException} when the file
 * cannot be written.
 */
public interface Leases {

  /**
   * Takes a place in each queue, and all of what is asked for as soon as it is this execution's
   * turn everywhere. To be repeated while it waits: who is not heard of for a minute, or is paused,
   * keeps the place, but others are let pass.
   *
   * @param places how many executions can use what there is for a need at once, by unit; empty
   *     where nobody has to wait
   * @return whether the execution has all of it
   */
  boolean ask(LeaseRequest request, Function<String, Map<String, Integer>> places);

  /** Gives back what an execution has, and its places in queues. */
  void release(String executionId);
}

package org.cellos.activity;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;
import org.cellos.domain.LeaseRequest;

/** Robots and other equipment that executions have to share. May be repeated at will. */
@ActivityInterface
public interface LeaseActivities {
  /** The only activity in a history that performs no step. */
  String WAIT = "WaitForEquipment";

  /**
   * Takes a place in the queue, or what is asked for.
   *
   * @return whether the execution has it
   */
  @ActivityMethod(name = "AskForEquipment")
  boolean ask(LeaseRequest request);

  /** The same, and returns when the execution has it, however long that takes. */
  @ActivityMethod(name = WAIT)
  void await(LeaseRequest request);

  /** Gives back what the execution has. */
  @ActivityMethod(name = "ReleaseEquipment")
  void release(String executionId);
}

package org.cellos.handler;

import java.util.Map;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;

/**
 * Performs the steps of an operation type that mostly wait: a start, then the time in the step's
 * {@code minutes} as a durable timer, then a stop. Between the two nothing of this program needs to
 * be alive.
 */
public interface TimedStepHandler {

  /** Puts the vessel in and returns as soon as it is in. */
  Map<String, ?> start(StepContext step) throws Exception;

  /**
   * Takes the vessel out.
   *
   * @return the result of the whole step
   */
  Map<String, ?> stop(StepContext step) throws Exception;

  /**
   * Refuses parameters that the handler could not work with, before anything is moved.
   *
   * @throws ParameterException naming the key
   */
  default void verify(Parameters parameters) {
    parameters.minutes("minutes");
  }
}

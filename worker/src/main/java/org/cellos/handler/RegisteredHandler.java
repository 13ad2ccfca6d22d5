package org.cellos.handler;

import org.cellos.domain.EffectClass;
import org.cellos.domain.Parameters;

/** A handler with what its author declared about repeating it. */
public sealed interface RegisteredHandler {
  EffectClass effectClass();

  /**
   * @throws org.cellos.domain.ParameterException naming the key that the handler could not work
   *     with
   */
  void verify(Parameters parameters);

  /** Does all of the step in one call. */
  record Single(EffectClass effectClass, StepHandler handler) implements RegisteredHandler {
    @Override
    public void verify(Parameters parameters) {
      handler.verify(parameters);
    }
  }

  /** Starts, waits on a durable timer, stops. */
  record Timed(EffectClass effectClass, TimedStepHandler handler) implements RegisteredHandler {
    @Override
    public void verify(Parameters parameters) {
      handler.verify(parameters);
    }
  }
}

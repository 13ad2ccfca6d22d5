package org.cellos.remote;

import io.temporal.client.WorkflowClient;
import org.cellos.domain.EffectClass;
import org.cellos.handler.HandlerRegistry;
import org.cellos.protocol.HandlersFile;

/** Brings the handlers in other languages to the steps. */
public final class RemoteHandlers {
  private RemoteHandlers() {}

  /**
   * @param ownQueue of the worker that performs {@link RemoteCallWorkflow}
   */
  public static void register(
      HandlerRegistry handlers, HandlersFile file, WorkflowClient temporal, String ownQueue) {
    file.handlers()
        .values()
        .forEach(
            handler ->
                handlers.register(
                    handler.operationType(),
                    EffectClass.REATTACHABLE,
                    new RemoteStep(handler, temporal, ownQueue)));
  }
}

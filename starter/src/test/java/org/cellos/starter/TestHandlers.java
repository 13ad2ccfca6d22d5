package org.cellos.starter;

import java.util.Map;
import org.cellos.handler.HandlerProvider;
import org.cellos.handler.HandlerRegistry;

/** Handlers that tests name in their protocols. */
public final class TestHandlers implements HandlerProvider {
  @Override
  public void registerHandlers(HandlerRegistry registry) {
    registry.register(
        "image_broken",
        step -> {
          throw new IllegalStateException("the lamp is broken");
        });
    registry.register(
        "image_refused", step -> Map.of("status", "error", "message", "no focus found"));
  }
}

package org.cellos.starter;

import java.time.Duration;
import java.util.Map;
import org.cellos.handler.HandlerProvider;
import org.cellos.handler.HandlerRegistry;
import org.cellos.handler.StepContext;
import org.cellos.handler.StoppedStepException;

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
    registry.register(
        "fail_once",
        step -> {
          if (step.request().epoch() == 1) {
            throw new IllegalStateException("the lamp is broken");
          }
          return Map.of("status", "success");
        });
    registry.register("image_stoppable", TestHandlers::imageUntilStopped);
    registry.register("image_unstoppable", TestHandlers::image);
  }

  private static Map<String, ?> imageUntilStopped(StepContext step) throws StoppedStepException {
    try {
      return image(step);
    } catch (InterruptedException e) {
      throw new StoppedStepException("Stopped after 3 of 12 images.", e);
    }
  }

  /** Takes longer than any test waits. */
  private static Map<String, ?> image(StepContext step) throws InterruptedException {
    Thread.sleep(Duration.ofMinutes(5).toMillis());
    return Map.of("images", step.parameters().number("minutes"));
  }
}

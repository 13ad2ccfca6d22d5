package org.cellos;

import java.util.function.Consumer;
import org.cellos.domain.FaultPoint;
import org.jspecify.annotations.Nullable;

/** Lets a test see the fault points that its own threads pass. Inert in every other thread. */
public final class FaultHook implements FaultPoint.Observer {
  private static final ThreadLocal<@Nullable Consumer<FaultPoint>> HOOK = new ThreadLocal<>();

  /** Runs the work with every fault point that this thread passes shown to the hook. */
  public static void during(Consumer<FaultPoint> hook, Runnable work) {
    HOOK.set(hook);
    try {
      work.run();
    } finally {
      HOOK.remove();
    }
  }

  @Override
  public void passing(FaultPoint point) {
    Consumer<FaultPoint> hook = HOOK.get();
    if (hook != null) {
      hook.accept(point);
    }
  }
}

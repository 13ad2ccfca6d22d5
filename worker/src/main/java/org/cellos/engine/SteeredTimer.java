package org.cellos.engine;

import io.grpc.BindableService;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;

/**
 * The parts of temporal-testing's server, put together as {@code TestServicesStarter} does, but
 * with a clock of one's own.
 *
 * <p>The server can skip time by itself, but it is not exact enough for a report that is the same
 * each time: time goes on while tasks are at work, and jumps to timeouts that have long lost their
 * meaning. Its classes take another clock only inside their package; hence the reflection. A
 * version without them is noticed by the tests.
 */
final class SteeredTimer implements AutoCloseable {
  private static final String PACKAGE = "io.temporal.internal.testservice.";
  private static final boolean NEVER_BY_ITSELF = true;
  private static final long AS_THE_CLOCK_SAYS = 0;

  private final Object timer;
  private final List<BindableService> services;

  SteeredTimer(Clock clock) {
    timer = make("SelfAdvancingTimerImpl", AS_THE_CLOCK_SAYS, clock);
    Object visibility = make("TestVisibilityStoreImpl");
    Object nexus = make("TestNexusEndpointStoreImpl");
    Object store = make("TestWorkflowStoreImpl", timer);
    services =
        List.of(
            (BindableService) make("TestOperatorService", visibility, nexus),
            (BindableService) make("TestService", store, timer, NEVER_BY_ITSELF),
            (BindableService) make("TestWorkflowService", store, visibility, nexus, timer));
  }

  List<BindableService> services() {
    return services;
  }

  /** Lets the timers fire that are due now. */
  void look() {
    call(timer, "pump");
  }

  @Override
  public void close() {
    for (BindableService service : services) {
      call(service, "close");
    }
    call(timer, "shutdown");
  }

  private static Object make(String name, Object... arguments) {
    try {
      Constructor<?> constructor =
          Arrays.stream(Class.forName(PACKAGE + name).getDeclaredConstructors())
              .filter(candidate -> candidate.getParameterCount() == arguments.length)
              .findFirst()
              .orElseThrow(() -> new NoSuchMethodException(name));
      constructor.setAccessible(true);
      return constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw otherVersion(e);
    }
  }

  private static void call(Object target, String name) {
    try {
      Method method = target.getClass().getDeclaredMethod(name);
      method.setAccessible(true);
      method.invoke(target);
    } catch (InvocationTargetException e) {
      throw new EngineUnavailableException("The in-memory Temporal has failed: " + e.getCause(), e);
    } catch (ReflectiveOperationException e) {
      throw otherVersion(e);
    }
  }

  private static EngineUnavailableException otherVersion(ReflectiveOperationException e) {
    return new EngineUnavailableException(
        "This version of temporal-testing lets nobody steer its time: " + e, e);
  }
}

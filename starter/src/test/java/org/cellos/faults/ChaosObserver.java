package org.cellos.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.domain.FaultPoint;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at the {@value #KILL_ON}-th passing of the point {@value #KILL_AT}, as {@code
 * kill -9} would. With {@value #TRACE} it notes all passings in a file. Without these properties it
 * does nothing.
 */
public final class ChaosObserver implements FaultPoint.Observer {
  static final String KILL_AT = "cellos.chaos.killAt";
  static final String KILL_ON = "cellos.chaos.killOn";
  static final String TRACE = "cellos.chaos.trace";
  static final int KILLED = 137;

  private final @Nullable FaultPoint killAt;
  private final int killOn = Integer.getInteger(KILL_ON, 1);
  private final @Nullable String trace = System.getProperty(TRACE);
  private final AtomicInteger passings = new AtomicInteger();

  public ChaosObserver() {
    String name = System.getProperty(KILL_AT);
    killAt = name == null ? null : point(name);
  }

  @Override
  public void passing(FaultPoint point) {
    if (trace != null) {
      note(trace, point);
    }
    if (point == killAt && passings.incrementAndGet() == killOn) {
      Runtime.getRuntime().halt(KILLED);
    }
  }

  private static FaultPoint point(String name) {
    return FaultPoint.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  private static synchronized void note(String file, FaultPoint point) {
    try {
      Files.writeString(
          Path.of(file), point + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

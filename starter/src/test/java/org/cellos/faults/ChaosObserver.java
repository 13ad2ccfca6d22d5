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
 * kill -9} would; with {@value #STOP_AT} it says so there with the file {@value #STANDING} and
 * waits until that is gone, so that it can be frozen there. With {@value #TRACE} it notes all
 * passings in a file. Without these properties it does nothing.
 */
public final class ChaosObserver implements FaultPoint.Observer {
  static final String KILL_AT = "cellos.chaos.killAt";
  static final String KILL_ON = "cellos.chaos.killOn";
  static final String STOP_AT = "cellos.chaos.stopAt";
  static final String STANDING = "cellos.chaos.standing";
  static final String TRACE = "cellos.chaos.trace";
  static final int KILLED = 137;

  private final @Nullable FaultPoint killAt;
  private final @Nullable FaultPoint stopAt;
  private final int killOn = Integer.getInteger(KILL_ON, 1);
  private final @Nullable String trace = System.getProperty(TRACE);
  private final AtomicInteger passings = new AtomicInteger();

  public ChaosObserver() {
    killAt = point(KILL_AT);
    stopAt = point(STOP_AT);
  }

  @Override
  public void passing(FaultPoint point) {
    if (trace != null) {
      note(trace, point);
    }
    if ((point == killAt || point == stopAt) && passings.incrementAndGet() == killOn) {
      if (point == killAt) {
        Runtime.getRuntime().halt(KILLED);
      }
      standStill();
    }
  }

  private static @Nullable FaultPoint point(String property) {
    String name = System.getProperty(property);
    return name == null
        ? null
        : FaultPoint.valueOf(name.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /** Returns when somebody lets it go on. */
  private static void standStill() {
    Path standing = Path.of(System.getProperty(STANDING));
    try {
      Files.createFile(standing);
      while (Files.exists(standing)) {
        Thread.sleep(10);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

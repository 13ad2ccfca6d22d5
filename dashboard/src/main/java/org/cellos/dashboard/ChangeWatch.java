package org.cellos.dashboard;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.cellos.store.StoreException;

/**
 * Tells whoever listens that the mirror has changed, whichever process has changed it. Looks only
 * while somebody listens. Thread-safe.
 */
final class ChangeWatch implements Managed, Runnable {
  /** Short enough that people see a step change as it happens; a look takes microseconds. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  /** Busy hours must not make every browser ask for its page a hundred times a second. */
  private static final Duration TELL_EVERY = Duration.ofMillis(150);

  /** Whoever is told. */
  interface Listener {
    /**
     * @param version differs from that of the call before
     */
    void changed(long version);
  }

  private final MirrorReader mirror;
  private final Thread watching = new Thread(this, "change-watch");

  @GuardedBy("this")
  private final Set<Listener> listeners = new LinkedHashSet<>();

  ChangeWatch(MirrorReader mirror) {
    this.mirror = mirror;
    watching.setDaemon(true);
  }

  synchronized void add(Listener listener) {
    listeners.add(listener);
    notifyAll();
  }

  synchronized void remove(Listener listener) {
    listeners.remove(listener);
  }

  @Override
  public void start() {
    watching.start();
  }

  @Override
  public void stop() {
    watching.interrupt();
  }

  @Override
  public void run() {
    long known = Long.MIN_VALUE;
    try {
      while (true) {
        List<Listener> present = awaitListeners();
        long version = version();
        if (version == known) {
          Thread.sleep(LOOK_EVERY.toMillis());
          continue;
        }
        known = version;
        for (Listener listener : present) {
          listener.changed(version);
        }
        Thread.sleep(TELL_EVERY.toMillis());
      }
    } catch (InterruptedException e) {
      // The dashboard ends.
    }
  }

  private synchronized List<Listener> awaitListeners() throws InterruptedException {
    while (listeners.isEmpty()) {
      wait();
    }
    return List.copyOf(listeners);
  }

  private long version() {
    try {
      return mirror.version();
    } catch (NoHistoryException | StoreException e) {
      return -1;
    }
  }
}

package org.cellos.worker;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionClient.Sight;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.HungStep;
import org.cellos.engine.EngineLocks;
import org.cellos.mirror.HistoryExports;
import org.cellos.store.ExecutionQueries.Unfinished;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the open executions of one engine with what Temporal says of them, every few seconds: a
 * workflow that was terminated records nothing. Of several processes with a worker one does so.
 */
final class Reconciler implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
  private static final Duration EVERY = Duration.ofSeconds(10);

  /** So many calls a round cost the server little; with more open executions it takes rounds. */
  private static final int MOST_LOOKS = 200;

  private static final int MOST_EXPORTS = 50;

  private final MirrorDatabase mirror;
  private final EngineLocks locks;
  private final EngineIdentity here;
  private final ExecutionClient client;
  private final String who;
  private final HistoryExports exports;
  private final BooleanSupplier isEngineItself;
  private final InstantSource clock;
  private final Map<String, String> troubles = new HashMap<>();
  private final Set<String> recentlyUnknown = new HashSet<>();
  private EngineLocks.@Nullable Held elected;
  private int next;

  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable String storageTrouble;
  private final Thread rounds = new Thread(this::rounds, "reconciler");

  /**
   * @param here the engine whose executions it looks at
   * @param exports keeps the histories of what has closed
   * @param isEngineItself whether what answers is still the engine
   * @param clock tells how long a step has been under way
   * @param who this worker, for people
   */
  Reconciler(
      MirrorDatabase mirror,
      EngineLocks locks,
      EngineIdentity here,
      ExecutionClient client,
      HistoryExports exports,
      BooleanSupplier isEngineItself,
      InstantSource clock,
      String who) {
    this.mirror = mirror;
    this.locks = locks;
    this.here = here;
    this.client = client;
    this.exports = exports;
    this.isEngineItself = isEngineItself;
    this.clock = clock;
    this.who = who;
    rounds.setDaemon(true);
  }

  /** Why nothing could be written in the last round, if so. */
  Optional<String> storageTrouble() {
    return Optional.ofNullable(storageTrouble);
  }

  void start() {
    rounds.start();
  }

  private void rounds() {
    try {
      do {
        round();
      } while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (elected != null) {
        elected.close();
      }
    }
  }

  /** One look at everything; by itself it comes every few seconds. */
  void round() {
    try {
      beSeen();
      // Another server may have taken the address: what it does not know is not lost.
      if (isElected() && isEngineItself.getAsBoolean()) {
        export();
        look();
      }
    } catch (StoreException | StatusRuntimeException e) {
      // The next round tries again; what is wrong is said by those who wait for it.
      log.debug("Not reconciled: {}", e.toString());
    } catch (RuntimeException e) {
      // Thrown on, it would end all further rounds in silence.
      log.warn("Not reconciled", e);
    }
  }

  private void beSeen() {
    try {
      mirror.upkeep().seen(who, here.id());
      storageTrouble = null;
    } catch (StoreException e) {
      storageTrouble = e.getMessage();
      throw e;
    }
  }

  private boolean isElected() {
    if (elected == null) {
      elected = locks.tryHold("reconciler-" + here.id()).orElse(null);
    }
    return elected != null;
  }

  /** Servers forget; an in-memory one has nothing to remember for. */
  private void export() {
    if (here.kind() == EngineIdentity.Kind.IN_MEMORY) {
      return;
    }
    try {
      exports.exportClosed(MOST_EXPORTS);
    } catch (IOException e) {
      log.warn("A history could not be exported: {}", e.toString());
    }
  }

  private void look() {
    List<Unfinished> mine =
        mirror.queries().unfinished().stream()
            .filter(execution -> execution.engine().id().equals(here.id()))
            .toList();
    Optional<Set<String>> open = client.open();
    int looks = Math.min(MOST_LOOKS, mine.size());
    for (int i = 0; i < mine.size(); i++) {
      String executionId = mine.get((next + i) % mine.size()).executionId();
      // Those that are open are looked at in turn, for what may keep them from going on.
      if (i < looks || open.filter(ids -> !ids.contains(executionId)).isPresent()) {
        reconcileAlone(executionId);
      }
    }
    forgetTroublesBut(mine);
    next = mine.isEmpty() ? 0 : (next + looks) % mine.size();
  }

  /** What is wrong with one must not keep the others from being looked at. */
  private void reconcileAlone(String executionId) {
    try {
      reconcile(executionId);
    } catch (StatusRuntimeException e) {
      // The server's trouble, not the execution's.
      throw e;
    } catch (RuntimeException e) {
      log.warn("{} could not be reconciled: {}", executionId, e.toString());
    }
  }

  private void reconcile(String executionId) {
    Sight sight = client.look(executionId);
    if (sight instanceof Sight.Open open) {
      // A workflow that cannot go on would not notice that its step has ended.
      sayTrouble(executionId, open.trouble() != null ? open.trouble() : hungStep(executionId));
    } else if (sight instanceof Sight.Closed closed && closed.outcome().isPresent()) {
      close(mirror, executionId, closed);
      sayTrouble(executionId, null);
    } else if (!recentlyUnknown.add(executionId)) {
      // Twice in a row: one that is just being taken over is not started yet.
      lost(executionId);
      recentlyUnknown.remove(executionId);
    }
  }

  /** Records the end of an execution whose workflow has ended without doing so. */
  static void closeEnded(MirrorDatabase mirror, ExecutionClient client, String executionId) {
    if (client.look(executionId) instanceof Sight.Closed closed) {
      close(mirror, executionId, closed);
    }
  }

  private static void close(MirrorDatabase mirror, String executionId, Sight.Closed closed) {
    closed
        .outcome()
        .filter(
            outcome ->
                closed.fromOutside()
                    ? mirror
                        .recorder()
                        .close(executionId, closed.temporalRunId(), outcome, "reconciler")
                    : mirror.upkeep().lost(executionId, lacksRecords(outcome)))
        .ifPresent(outcome -> log.warn("{}: {}", executionId, outcome.errorMessage()));
  }

  /** A workflow records its end before it ends; so the file is not the one it recorded it in. */
  private static String lacksRecords(ExecutionOutcome outcome) {
    return "Temporal says that this execution is "
        + outcome.status()
        + ", but the history has no record of it: an older file was put in its place. Bring it up to"
        + " date with: cellos mirror rebuild";
  }

  private void sayTrouble(String executionId, @Nullable String trouble) {
    String known =
        troubles.containsKey(executionId)
            ? troubles.get(executionId)
            : mirror.queries().trouble(executionId).orElse(null);
    recentlyUnknown.remove(executionId);
    if (!Objects.equals(known, trouble)) {
      mirror.upkeep().trouble(executionId, trouble);
      // Shown as it is now, but said in the log once.
      if (trouble != null && known == null) {
        log.warn("{}: {}", executionId, trouble);
      }
    }
    if (trouble == null) {
      troubles.remove(executionId);
    } else {
      troubles.put(executionId, trouble);
    }
  }

  /** What has ended is not looked at any more; nothing keeps it from going on. */
  private void forgetTroublesBut(List<Unfinished> open) {
    Set<String> ended = new HashSet<>(troubles.keySet());
    open.forEach(execution -> ended.remove(execution.executionId()));
    ended.forEach(executionId -> sayTrouble(executionId, null));
  }

  private @Nullable String hungStep(String executionId) {
    Instant now = clock.instant();
    return mirror
        .queries()
        .underWay(executionId)
        .filter(newest -> !HungStep.isTooEarly(newest, now))
        .flatMap(
            newest ->
                mirror
                    .queries()
                    .details(executionId)
                    .flatMap(details -> HungStep.trouble(newest, details.input(), now)))
        .orElse(null);
  }

  private void lost(String executionId) {
    String message =
        "The Temporal server of this execution ("
            + here.address()
            + ") does not perform it any more. Look at the vessel, then go on with: cellos execute "
            + executionId
            + (here.kind() == EngineIdentity.Kind.MANAGED ? "; a 'cellos worker' does so too" : "");
    if (mirror.upkeep().lost(executionId, message)) {
      log.warn("{}: {}", executionId, message);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      rounds.join(EVERY.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

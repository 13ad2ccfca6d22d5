package org.cellos.rehearsal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.SteeredServer;
import org.cellos.handler.HandlerRegistry;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.cellos.worker.ExecutionWorker;

/**
 * Performs a protocol once, on a clock that jumps over every wait, with a history that is thrown
 * away.
 *
 * <p>An outage is rehearsed as one of the whole computer, server and worker: time jumps over it,
 * and the timer that was due meanwhile fires when it is over. What the workflow gets to see is the
 * same as if only the worker had been away.
 */
public final class Rehearsal {
  private static final String ID = "rehearsal";
  private static final double REAL_SPEED = 1;
  private static final Duration ANSWER_DEADLINE = Duration.ofSeconds(30);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  /** In real time; a step takes milliseconds. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ResolvedProtocol protocol;
  private final RehearsalRequest request;
  private final SteeredServer server;
  private final MirrorDatabase mirror;
  private final ExecutionClient client;
  private final Bench bench;
  private final RehearsingPerson person;

  private Rehearsal(
      ResolvedProtocol protocol,
      RehearsalRequest request,
      SteeredServer server,
      MirrorDatabase mirror,
      Bench bench,
      Random random) {
    this.protocol = protocol;
    this.request = request;
    this.server = server;
    this.mirror = mirror;
    this.client =
        new ExecutionClient(
            ExecutionClient.temporalClient(server.engine().stubs(), server.engine().namespace()),
            ExecutionWorker.taskQueue(mirror));
    this.bench = bench;
    this.person = new RehearsingPerson(random);
  }

  /**
   * What there is to say about a rehearsal.
   *
   * @param effects everything that the instruments did, in its order
   */
  record Performance(RehearsalReport report, List<EffectKey> effects) {}

  /**
   * Takes seconds. Nothing is left behind.
   *
   * @throws StoreException if there is no room for a temporary history
   */
  public static RehearsalReport perform(ResolvedProtocol protocol, RehearsalRequest request) {
    return performance(protocol, request).report();
  }

  static Performance performance(ResolvedProtocol protocol, RehearsalRequest request) {
    Path folder = temporaryFolder();
    try (SteeredServer server = SteeredServer.start(request.begin().toInstant(ZoneOffset.UTC));
        MirrorDatabase mirror =
            MirrorDatabase.open(folder.resolve("rehearsal.db"), server.clock())) {
      Random random = new Random(request.seed());
      RehearsedHandlers handlers = new RehearsedHandlers();
      FaultPlan plan =
          FaultPlan.draw(protocol.steps(), handlers::isTimed, request.faults(), random);
      Bench bench = new Bench(server, protocol.steps(), plan);
      return new Rehearsal(protocol, request, server, mirror, bench, random)
          .perform(handlers.on(bench, protocol.steps()));
    } finally {
      delete(folder);
    }
  }

  private Performance perform(HandlerRegistry handlers) {
    ExecutionWorker worker =
        ExecutionWorker.start(
            server.engine(), mirror, handlers, EngineLocks.beside(mirror.file()), client);
    try {
      client.start(input(), null);
      seeThrough(client.outcome(ID));
    } finally {
      server.hangUp();
      worker.close();
    }
    return new Performance(
        new Findings(protocol, request, mirror.queries(), ID, bench).report(), bench.effects());
  }

  private ExecutionInput input() {
    return ExecutionInputs.ofResolved(
        ID, protocol, Parameters.none(), Instruments.VIRTUAL, REAL_SPEED, new Begin(false));
  }

  private void seeThrough(CompletableFuture<ExecutionOutcome> outcome) {
    long progress = -1;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!hasEnded(outcome)) {
      if (server.hasBegunToWait()) {
        answer();
      }
      if (System.nanoTime() > deadline) {
        long now = mirror.queries().state(ID).map(ExecutionState::sequence).orElse(0L);
        if (now == progress) {
          throw new IllegalStateException("The rehearsal has come to a standstill.");
        }
        progress = now;
        deadline = System.nanoTime() + PATIENCE.toNanos();
      }
    }
  }

  private static boolean hasEnded(CompletableFuture<ExecutionOutcome> outcome) {
    try {
      outcome.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("The rehearsal was lost: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before the rehearsal had ended.", e);
    }
  }

  private void answer() {
    Question question =
        mirror.queries().decisions(ID).stream()
            .filter(DecisionRecord::isOpen)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("The rehearsal waits for nothing."))
            .question();
    server.pass(person.reaction(Findings.onTheWall(server.clock().instant())));
    client.answer(
        ID,
        person.answer(question, bench.share(question.effect(ID))),
        ANSWER_DEADLINE,
        () -> false);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("cellos-rehearsal-");
    } catch (IOException e) {
      throw new StoreException(
          "There is no room for a temporary history in "
              + System.getProperty("java.io.tmpdir")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It lies where the system keeps what nobody needs any more.
    }
  }
}

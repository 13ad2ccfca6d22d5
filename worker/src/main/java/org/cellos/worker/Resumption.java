package org.cellos.worker;

import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionElsewhereException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ControlRules;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepAction;
import org.cellos.engine.EngineLocks;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.ExecutionQueries.Unfinished;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes executions over whose engine is no more or has forgotten them, and lets them go on here
 * from what the mirror and the ledger know. Thread-safe; of several processes one succeeds.
 *
 * <p>By itself it does so where the engine was in memory, or a managed server of the same file.
 * What a server of somebody else's has lost goes on when a person says so.
 */
final class Resumption {
  private static final Logger log = LoggerFactory.getLogger(Resumption.class);

  private final MirrorDatabase mirror;
  private final EngineLocks locks;
  private final EngineIdentity here;
  private final ExecutionClient client;
  private final String who;

  /** Taken over, and for some reason not begun again yet. */
  private final Set<String> notStarted = ConcurrentHashMap.newKeySet();

  private final Map<String, String> said = new ConcurrentHashMap<>();

  /**
   * @param here the engine that goes on with them
   * @param who for people
   */
  Resumption(
      MirrorDatabase mirror,
      EngineLocks locks,
      EngineIdentity here,
      ExecutionClient client,
      String who) {
    this.mirror = mirror;
    this.locks = locks;
    this.here = here;
    this.client = client;
    this.who = who;
  }

  /**
   * Takes over every execution of this mirror that nobody performs any more.
   *
   * @return which were taken over
   */
  List<String> resumeAll() {
    List<String> resumed = new ArrayList<>();
    try {
      for (Unfinished execution : queries().unfinished()) {
        if (isToBeResumed(execution) && tryToResume(execution.executionId())) {
          resumed.add(execution.executionId());
        }
      }
    } catch (StoreException e) {
      say("", e);
    } catch (StatusRuntimeException e) {
      // Temporal does not answer; who looks again sees whether it does.
      log.debug("Not resumed: {}", e.toString());
    }
    return resumed;
  }

  private boolean isToBeResumed(Unfinished execution) {
    EngineIdentity former = execution.engine();
    return former.id().equals(here.id())
        ? notStarted.contains(execution.executionId()) || isForgotten(execution.executionId())
        : isAbandoned(former) || isFormerServerOfSameFile(former);
  }

  /**
   * Past its retention, or a backup of the server's database was restored: the reconciler says so.
   */
  private boolean isForgotten(String executionId) {
    return here.kind() == EngineIdentity.Kind.MANAGED
        && queries().find(executionId).stream()
            .anyMatch(record -> record.status() == ExecutionStatus.PAUSED)
        && queries().decisions(executionId).stream().noneMatch(DecisionRecord::isOpen)
        && isGivenUp(client.look(executionId));
  }

  private boolean isAbandoned(EngineIdentity former) {
    return former.kind() == EngineIdentity.Kind.IN_MEMORY && !locks.isHeld(former.id());
  }

  /** A managed server has one database; if that says it is another, the former one was deleted. */
  private boolean isFormerServerOfSameFile(EngineIdentity former) {
    return former.kind() == EngineIdentity.Kind.MANAGED
        && here.kind() == EngineIdentity.Kind.MANAGED
        && former.address().equals(here.address());
  }

  /** What is wrong with one must not keep the others from going on; it is tried again later. */
  private boolean tryToResume(String executionId) {
    try {
      resume(executionId, null);
      return true;
    } catch (ExecutionElsewhereException e) {
      // Another process was faster.
    } catch (RuntimeException e) {
      say(executionId, e);
    }
    return false;
  }

  /** Says it once. */
  private void say(String executionId, RuntimeException e) {
    String message =
        e.getMessage()
            + (e instanceof WorkflowServiceException && e.getCause() != null
                ? " (" + e.getCause().getMessage() + ")"
                : "");
    if (!message.equals(said.put(executionId, message))) {
      log.warn("{}", message);
    }
  }

  /**
   * Takes one execution over; harmless where this engine has it already.
   *
   * @param cancelReason where it goes on only to be cancelled
   * @throws ExecutionElsewhereException if a living process has it
   * @throws ExecutionRefusedException if it has ended, or cannot be performed by this program
   */
  void resume(String executionId, @Nullable String cancelReason) {
    requireOpen(executionId);
    ExecutionDetails details = details(executionId);
    EngineIdentity former = details.engine();
    if (former.id().equals(here.id()) && isPerformed(executionId)) {
      return;
    }
    takeOver(executionId, former, false);
    ExecutionState state = requireState(executionId);
    start(details, cancelReason == null ? state : state.cancelling(cancelReason));
  }

  private void start(ExecutionDetails details, ExecutionState state) {
    String executionId = details.input().executionId();
    notStarted.add(executionId);
    client.start(details.input(), state);
    if (state.cancelReason() != null) {
      client.cancel(executionId, state.cancelReason());
    }
    notStarted.remove(executionId);
  }

  /**
   * Takes one execution over as {@link #resume} does, but no step of it begins before it follows
   * what is asked. A failed one is taken up again if that is what is asked.
   *
   * @return whether it follows by now; otherwise it is performed, and has to be asked
   * @throws ExecutionElsewhereException if a living process has it
   * @throws ExecutionRefusedException if it cannot follow, saying why, or be performed by this
   *     program
   */
  boolean follow(String executionId, ControlRequest request) {
    ExecutionRecord record =
        queries()
            .find(executionId)
            .orElseThrow(
                () -> new ExecutionRefusedException("There is no execution " + executionId + "."));
    ExecutionDetails details = details(executionId);
    ExecutionState known = requireState(executionId);
    if (known.steering().hasHandled(request.requestId())) {
      return true;
    }
    if (record.status().isTerminal()) {
      int failedStep = Reopening.failedStep(record, details.input().steps(), known, request);
      if (!details.engine().id().equals(here.id())) {
        takeOver(executionId, details.engine(), true);
      }
      start(
          details,
          Reopening.reopened(
              requireState(executionId),
              failedStep,
              queries().effects(executionId, failedStep, here.id()),
              request));
      return true;
    }
    if (details.engine().id().equals(here.id()) && isPerformed(executionId)) {
      return false;
    }
    takeOver(executionId, details.engine(), false);
    start(details, steered(details, requireState(executionId), request));
    return true;
  }

  private ExecutionState steered(
      ExecutionDetails details, ExecutionState state, ControlRequest request) {
    boolean mayHaveBegun =
        queries()
            .effects(details.input().executionId(), state.nextStep(), here.id())
            .keySet()
            .stream()
            .filter(effect -> effect.action() != StepAction.BEGIN)
            .anyMatch(effect -> effect.epoch() == state.epoch(effect.action()));
    ControlRules.Ruling ruling =
        ControlRules.rule(
            new ControlRules.Situation(
                details.input().steps(), state, mayHaveBegun, state.cancelReason() != null, false),
            request);
    if (ruling instanceof ControlRules.Ruling.Refused refused) {
      throw new ExecutionRefusedException(refused.why());
    }
    return ruling instanceof ControlRules.Ruling.Accepted accepted
        ? state.steeredBy(accepted.controls(), request)
        : state;
  }

  /** Whether this engine has it; a server may have forgotten it, or its process may have died. */
  private boolean isPerformed(String executionId) {
    return !notStarted.contains(executionId) && !isGivenUp(client.look(executionId));
  }

  /** A workflow that thought that another process had the execution ended without an outcome. */
  private static boolean isGivenUp(ExecutionClient.Sight sight) {
    return sight instanceof ExecutionClient.Sight.Unknown
        || (sight instanceof ExecutionClient.Sight.Closed closed && closed.outcome().isEmpty());
  }

  private void takeOver(String executionId, EngineIdentity former, boolean hasEnded) {
    boolean isHere = former.id().equals(here.id());
    if (!isHere && !isLostByItsEngine(former)) {
      throw new ExecutionElsewhereException(executionId);
    }
    requireState(executionId);
    if (isHere && here.kind() == EngineIdentity.Kind.IN_MEMORY) {
      // This process has taken it over before, and only the start is missing.
      return;
    }
    // Held meanwhile, so that nobody can take a process that just starts for the former one.
    try (EngineLocks.Held held =
        locks
            .tryHold(former.id())
            .orElseThrow(() -> new ExecutionElsewhereException(executionId))) {
      boolean isOurs =
          hasEnded
              ? mirror.recorder().adoptEnded(executionId, former.id(), here, who)
              : mirror.recorder().adopt(executionId, former.id(), here, who);
      if (!isOurs) {
        throw new ExecutionElsewhereException(executionId);
      }
      log.debug("Took {} over, holding {}", executionId, held);
    }
  }

  /** The engine at a former one's address is another now: the former one is no more. */
  private boolean isLostByItsEngine(EngineIdentity former) {
    return switch (former.kind()) {
      case IN_MEMORY -> !locks.isHeld(former.id());
      case MANAGED, EXTERNAL, LOCAL ->
          former.address().equals(here.address()) && former.namespace().equals(here.namespace());
    };
  }

  private void requireOpen(String executionId) {
    ExecutionRecord record =
        queries()
            .find(executionId)
            .orElseThrow(
                () -> new ExecutionRefusedException("There is no execution " + executionId + "."));
    if (record.status().isTerminal()) {
      throw new ExecutionRefusedException(
          "The execution " + executionId + " has ended already: it is " + record.status() + ".");
    }
  }

  private ExecutionDetails details(String executionId) {
    return queries()
        .details(executionId)
        .orElseThrow(
            () ->
                new ExecutionRefusedException(
                    "The execution "
                        + executionId
                        + " was written by another program and cannot be performed here."));
  }

  private ExecutionState requireState(String executionId) {
    Optional<ExecutionState> state = queries().state(executionId);
    if (state.isEmpty()) {
      throw new ExecutionRefusedException(
          "The execution "
              + executionId
              + " was begun by an older version of cellos, which did not note how far it was. Look"
              + " at the vessel and start a new one.");
    }
    if (state.get().version() > ExecutionState.VERSION) {
      throw new ExecutionRefusedException(
          "The execution "
              + executionId
              + " was performed by a newer version of cellos. Use that version to go on.");
    }
    return state.get();
  }

  private ExecutionQueries queries() {
    return mirror.queries();
  }
}

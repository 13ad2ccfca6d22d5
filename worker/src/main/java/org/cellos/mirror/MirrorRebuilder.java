package org.cellos.mirror;

import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.MirrorRebuild;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.mirror.Projection.Attempt;
import org.cellos.mirror.Projection.Try;
import org.cellos.store.MirrorRows.Known;
import org.cellos.store.RebuiltMirror;
import org.cellos.store.StoredExecution;
import org.cellos.store.StoredRow;
import org.jspecify.annotations.Nullable;

/**
 * Makes a mirror anew: what histories say from the histories, what is in none of them from the
 * former file. Not thread-safe.
 */
public final class MirrorRebuilder {
  private final WorkflowClient temporal;
  private final EngineIdentity engine;
  private final Class<?> workflow;
  private final Function<Throwable, StepFailure> failureOf;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, Projection> projections = new LinkedHashMap<>();
  private final Set<String> stale = new TreeSet<>();
  private final Set<String> asking = new TreeSet<>();

  /**
   * @param temporal of the engine that has the histories
   * @param workflow the implementation of the workflow
   * @param failureOf reads what an activity threw
   */
  public MirrorRebuilder(
      WorkflowClient temporal,
      EngineIdentity engine,
      Class<?> workflow,
      Function<Throwable, StepFailure> failureOf) {
    this.temporal = temporal;
    this.engine = engine;
    this.workflow = workflow;
    this.failureOf = failureOf;
  }

  /** The task queues of all executions on the engine: where a mirror's id is lost, it is in one. */
  public Set<String> taskQueues() {
    return Histories.taskQueues(temporal);
  }

  /**
   * Writes a new file and puts it in the place of the former one.
   *
   * @param mirror the new file, with what the former one still tells and with its id
   * @param database the mirror's file
   * @param taskQueue where the executions of this mirror are
   * @param who for the audit log
   */
  public MirrorRebuild rebuild(RebuiltMirror mirror, Path database, String taskQueue, String who) {
    Histories histories =
        new Histories(
            temporal, new HistoryArchive(database, temporal.getOptions().getDataConverter()));
    Map<String, Known> known = new LinkedHashMap<>();
    mirror.rows().all().forEach(execution -> known.put(execution.executionId(), execution));
    Set<String> ids = new TreeSet<>(known.keySet());
    ids.addAll(histories.executionIds(taskQueue));
    Path folder = MirrorVerifier.temporaryFolder();
    try (Projector projector =
        new Projector(temporal, workflow, failureOf, folder.resolve("projection.db"))) {
      for (String id : ids) {
        project(id, known.get(id), mirror, histories, projector);
      }
    } finally {
      MirrorVerifier.delete(folder);
    }
    doubt(mirror);
    int kept = ids.size() - projections.size();
    problems.addAll(0, mirror.problems());
    mirror.audit(
        who,
        "rebuilt the mirror: "
            + projections.size()
            + " executions from their histories, "
            + kept
            + " from the former file",
        asking.isEmpty() ? null : "asks about steps of " + String.join(", ", asking));
    int before = mirror.problems().size();
    Optional<Path> former = mirror.takeItsPlace();
    problems.addAll(mirror.problems().subList(before, mirror.problems().size()));
    return new MirrorRebuild(
        projections.size(),
        kept,
        List.copyOf(asking),
        former.map(Path::toString).orElse(null),
        problems);
  }

  private void project(
      String executionId,
      @Nullable Known known,
      RebuiltMirror mirror,
      Histories histories,
      Projector projector) {
    if (known != null && known.engineId() == null) {
      // Another program's.
      return;
    }
    boolean isHere = known == null || engine.id().equals(known.engineId());
    Optional<StoredExecution> former = mirror.rows().find(executionId);
    List<RunHistory> runs =
        (isHere ? histories : histories.inFiles())
            .find(
                executionId,
                former.map(StoredExecution::temporalRunIds).orElse(List.of()),
                problems);
    if (runs.isEmpty()) {
      return;
    }
    try {
      Optional<Projection> projected =
          projector.project(executionId, runs, engine, former.orElse(null));
      // Without all of its runs a history says less than the former file does.
      if (projected.isPresent() && isMore(projected.get(), former)) {
        write(projected.get(), former, mirror);
      }
    } catch (UnprojectableException e) {
      problems.add("The execution " + executionId + " was kept as it was: " + e.getMessage() + ".");
    }
  }

  private static boolean isMore(Projection projection, Optional<StoredExecution> former) {
    return projection.isWhole()
        || projection.firstStep() > 0
        || former.isEmpty()
        || former.get().execution().isEmpty();
  }

  private void write(
      Projection projection, Optional<StoredExecution> former, RebuiltMirror mirror) {
    String id = projection.rows().executionId();
    projections.put(id, projection);
    if (former.isEmpty() || isBehind(former.get(), projection.rows())) {
      stale.add(id);
    }
    mirror.replace(former.map(rows -> merged(rows, projection)).orElse(projection.rows()));
    for (Try made : projection.tries()) {
      Attempt attempt = made.attempt();
      if (attempt != null && mirror.lacksAttempts(id)) {
        mirror.addAttempt(
            attempt.key(),
            attempt.worker(),
            attempt.startedAt(),
            attempt.endedAt(),
            attempt.outcome());
      }
    }
  }

  /** Whether the former file has lost records; it may have lost rows of the ledger with them. */
  private static boolean isBehind(StoredExecution former, StoredExecution history) {
    return former.execution().isEmpty()
        || !former.temporalRunIds().containsAll(history.newestRunId().stream().toList())
        || former.sequence() < history.sequence();
  }

  /** What histories say, with what only the former file has. */
  private static StoredExecution merged(StoredExecution former, Projection projection) {
    StoredExecution merged = projection.rows();
    boolean isSameRecord =
        former.newestRunId().equals(merged.newestRunId())
            && (former.sequence() == merged.sequence()
                || (former.isFinished() && merged.isFinished()));
    if (former.isOurs()) {
      merged =
          merged.withColumns(
              former,
              StoredExecution.DETAILS,
              "engine_kind",
              "engine_id",
              "engine_address",
              "engine_namespace");
    }
    if (projection.isClosedByTemporal() && former.isFinished()) {
      merged = merged.withColumns(former, StoredExecution.EXECUTIONS, "completed_at");
    }
    if (former.temporalRunIds().containsAll(merged.temporalRunIds())) {
      merged = merged.withRunsOf(former);
    }
    if (isSameRecord) {
      merged = merged.withColumns(former, StoredExecution.PROGRESS, "latest_at");
      merged = merged.with(StoredExecution.STEPS, steps(former, merged));
    }
    return merged.with(StoredExecution.DECISIONS, decisions(former, merged, projection.isWhole()));
  }

  /** What interceptors have shown of steps without a recorded outcome is in no history. */
  private static List<StoredRow> steps(StoredExecution former, StoredExecution projected) {
    Map<Integer, StoredRow> stored = former.steps();
    return projected.steps().entrySet().stream()
        .map(
            step -> {
              StoredRow row = stored.get(step.getKey());
              return row == null
                      || projected.hasOutcome(step.getKey())
                      || former.hasOutcome(step.getKey())
                  ? step.getValue()
                  : step.getValue()
                      .withThoseOf(
                          row, "status", "start_time", "end_time", "error_message", "result");
            })
        .toList();
  }

  /** Who decided what and why is kept; the former file knows to the second when it was asked. */
  private static List<StoredRow> decisions(
      StoredExecution former, StoredExecution projected, boolean isWhole) {
    List<StoredRow> stored = new ArrayList<>(former.rows(StoredExecution.DECISIONS));
    List<StoredRow> merged = new ArrayList<>();
    for (StoredRow row : projected.rows(StoredExecution.DECISIONS)) {
      Optional<StoredRow> same =
          stored.stream()
              .filter(other -> other.isSameIn(row, "step_index", "action", "epoch"))
              .findFirst();
      same.ifPresent(stored::remove);
      merged.add(
          same.filter(other -> other.isSameIn(row, "choice", "decided_by", "reason", "amount_ml"))
              .orElse(row.with("decision_id", null)));
    }
    stored.stream().filter(row -> !isWhole || row.text("decided_by") != null).forEach(merged::add);
    return merged;
  }

  /**
   * Where the ledger may have lost what instruments were told, a person is asked before they are
   * told again.
   */
  private void doubt(RebuiltMirror mirror) {
    for (Known known : mirror.rows().all()) {
      Optional<StoredExecution> execution = mirror.rows().find(known.executionId());
      if (known.engineId() == null || execution.isEmpty() || execution.get().isFinished()) {
        continue;
      }
      Projection projection = projections.get(known.executionId());
      execution
          .get()
          .state()
          .ifPresent(
              state -> {
                if (!mirror.hasWholeLedger() || stale.contains(known.executionId())) {
                  doubtAll(mirror, execution.get(), state, projection);
                } else if (projection != null) {
                  doubtAsked(mirror, state, projection);
                }
              });
    }
  }

  private void doubtAll(
      RebuiltMirror mirror,
      StoredExecution execution,
      ExecutionState state,
      @Nullable Projection projection) {
    boolean isKnownNotBegun = projection != null && projection.isWhole() && !state.hasBegun();
    if (isKnownNotBegun) {
      return;
    }
    String id = execution.executionId();
    List<Step> steps = execution.input().map(ExecutionInput::steps).orElse(List.of());
    for (Step step : steps) {
      int i = step.stepIndex();
      if (!execution.steps().containsKey(i) || !state.mayCome(steps, i)) {
        continue;
      }
      for (StepAction action : mayHaveBegun(state, i)) {
        int epoch = state.epochToCome(step, action);
        if (mirror.doubt(new EffectKey(id, i, epoch, action))) {
          asking.add(id);
        }
      }
    }
  }

  private static List<StepAction> mayHaveBegun(ExecutionState state, int stepIndex) {
    if (!state.hasBegun()) {
      return List.of(StepAction.PERFORM, StepAction.START);
    }
    Route route = state.routes().get(stepIndex);
    if (route.kind() != RouteKind.HANDLER && route.kind() != RouteKind.MANUAL) {
      return List.of();
    }
    if (!route.timed()) {
      return List.of(StepAction.PERFORM);
    }
    // A later step cannot have been stopped, since it had not begun.
    return stepIndex == state.nextStep()
        ? List.of(StepAction.START, StepAction.STOP)
        : List.of(StepAction.START);
  }

  /** The last transaction before a sudden end may be lost from a file that looks whole. */
  private void doubtAsked(RebuiltMirror mirror, ExecutionState state, Projection projection) {
    for (Try made : projection.tries()) {
      int index = made.effect().stepIndex();
      Attempt attempt = made.attempt();
      boolean isOpen =
          index == state.nextStep()
              && state.hasBegun()
              && state.routes().get(index).kind() == RouteKind.HANDLER
              && made.effect().epoch() == state.epoch(made.effect().action())
              && !(attempt != null && saysHowItEnded(attempt));
      if (isOpen && !mirror.knows(made.key()) && mirror.doubt(made.effect())) {
        asking.add(made.effect().executionId());
      }
    }
  }

  /** One that completed has its row; one that had not started has none, and nothing was moved. */
  private static boolean saysHowItEnded(Attempt attempt) {
    StepOutcome outcome = attempt.outcome();
    return outcome instanceof StepOutcome.Failed failed
        && Objects.equals(failed.failure().code(), ErrorCode.NOT_STARTED);
  }
}

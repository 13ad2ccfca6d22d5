package org.cellos.mirror;

import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.cellos.activity.BegunExecution;
import org.cellos.activity.RecordActivities.BeginExecutionRequest;
import org.cellos.activity.RecordActivities.CloseDecisionRequest;
import org.cellos.activity.RecordActivities.OpenDecisionRequest;
import org.cellos.activity.RecordActivities.OpenExecutionRequest;
import org.cellos.activity.RecordActivities.RecordCancellingRequest;
import org.cellos.activity.RecordActivities.RecordControlRequest;
import org.cellos.activity.RecordActivities.RecordDetourRequest;
import org.cellos.activity.RecordActivities.RecordExecutionRequest;
import org.cellos.activity.RecordActivities.RecordPausedRequest;
import org.cellos.activity.RecordActivities.RecordStepRequest;
import org.cellos.client.ClosedWorkflows;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepTimes;
import org.cellos.json.Fingerprint;
import org.cellos.mirror.HistoryRecords.Recorded;
import org.cellos.store.DraftMirror;
import org.cellos.store.Snapshot;
import org.cellos.store.StoreException;
import org.cellos.store.StoredExecution;
import org.jspecify.annotations.Nullable;

/**
 * Shows histories as the rows that a mirror should have of them: what the workflow has recorded is
 * recorded once more, into a draft, by the same recorder and with the times of then. Not
 * thread-safe.
 */
final class Projector implements AutoCloseable {
  private final HistoryRecords records;
  private final DraftMirror draft;
  private final Function<Throwable, StepFailure> failureOf;

  /**
   * @param temporal with the form of what is in histories
   * @param workflow the implementation of the workflow
   * @param failureOf reads what an activity threw
   * @param draft a file of no value to anybody
   */
  Projector(
      WorkflowClient temporal,
      Class<?> workflow,
      Function<Throwable, StepFailure> failureOf,
      Path draft) {
    this.records = new HistoryRecords(temporal, workflow);
    this.failureOf = failureOf;
    this.draft = DraftMirror.open(draft);
  }

  /**
   * Projects an execution.
   *
   * @param runs its histories, at least one
   * @param engine which Temporal holds it
   * @param former what a mirror has of it, for what a former engine has lost; null for nothing
   * @return empty if they hold no record: nothing was recorded yet, or it was refused
   * @throws UnprojectableException if the histories cannot be understood
   */
  Optional<Projection> project(
      String executionId,
      List<RunHistory> runs,
      EngineIdentity engine,
      @Nullable StoredExecution former)
      throws UnprojectableException {
    draft.clear(executionId);
    List<RunHistory> ordered =
        runs.stream().sorted(Comparator.comparing(RunHistory::begin)).toList();
    Writing writing = new Writing(executionId, engine, former);
    try {
      for (RunHistory run : ordered) {
        writing.add(run);
      }
      boolean closed = writing.close(ordered.get(ordered.size() - 1));
      return draft
          .find(executionId)
          .map(
              rows ->
                  new Projection(
                      rows,
                      writing.firstStep,
                      writing.firstStep == 0 && isWhole(ordered),
                      closed,
                      writing.tries));
    } catch (StoreException | IllegalArgumentException e) {
      throw new UnprojectableException("its history cannot be shown: " + e.getMessage(), e);
    }
  }

  private static boolean isWhole(List<RunHistory> runs) {
    Set<String> known = new HashSet<>();
    runs.forEach(run -> known.add(run.runId()));
    return runs.stream().allMatch(run -> known.containsAll(run.otherRuns()));
  }

  @Override
  public void close() {
    records.close();
    draft.close();
  }

  /** One execution, run after run. */
  private final class Writing {
    private final String executionId;
    private final EngineIdentity engine;
    private final @Nullable StoredExecution former;
    private final Set<String> seen = new HashSet<>();
    private final List<Projection.Try> tries = new ArrayList<>();
    private @Nullable ExecutionState state;
    private int firstStep;

    Writing(String executionId, EngineIdentity engine, @Nullable StoredExecution former) {
      this.executionId = executionId;
      this.engine = engine;
      this.former = former;
    }

    void add(RunHistory run) throws UnprojectableException {
      List<Recorded> recorded = records.of(run);
      for (int i = 0; i < recorded.size(); i++) {
        Recorded record = recorded.get(i);
        // A reset run begins with what its base had recorded.
        if (seen.add(record.temporalRunId() + " " + i)) {
          draft.at(time(recorded, i));
          write(record);
        }
      }
      for (Projection.Try made : Tries.of(run, failureOf)) {
        if (tries.stream().noneMatch(known -> known.equals(made))) {
          tries.add(made);
        }
      }
    }

    /** The time of the record, or where it returned none, one between those around it. */
    private Instant time(List<Recorded> recorded, int index) {
      Optional<Instant> returned = returnedTime(recorded.get(index));
      if (returned.isPresent()) {
        return returned.get();
      }
      Instant noted = recorded.get(index).at();
      for (Recorded later : recorded.subList(index + 1, recorded.size())) {
        Optional<Instant> next = returnedTime(later);
        if (next.isPresent()) {
          return next.get().isBefore(noted) ? next.get() : noted;
        }
      }
      return noted;
    }

    private Optional<Instant> returnedTime(Recorded record) {
      if (record.request() instanceof CloseDecisionRequest request
          && request.question().action() == StepAction.START) {
        // It returns when the vessel went in.
        return Optional.empty();
      }
      if (record.result() instanceof BegunExecution begun) {
        return Optional.of(begun.startedAt());
      }
      if (record.result() instanceof StepTimes times) {
        return Optional.of(times.endedAt());
      }
      return record.result() instanceof Instant time ? Optional.of(time) : Optional.empty();
    }

    private void write(Recorded record) throws UnprojectableException {
      Object request = record.request();
      String run = record.temporalRunId();
      if (request instanceof OpenExecutionRequest open) {
        boolean isFirst = state == null;
        draft
            .recorder()
            .open(
                open.input(),
                Fingerprint.of(open.input()),
                engine,
                new Snapshot(run, open.state()));
        if (isFirst && open.state().sequence() > 0) {
          firstStep = open.state().nextStep();
          draft.continueFrom(executionId, open.state(), former);
        }
        state = open.state();
      } else if (request instanceof BeginExecutionRequest begin
          && record.result() instanceof BegunExecution begun) {
        state = begun.applyTo(begin.state());
        draft.recorder().begin(executionId, new Snapshot(run, state), begin.dryRun());
      } else if (request instanceof RecordStepRequest step) {
        state = step.state();
        draft
            .recorder()
            .recordStep(executionId, new Snapshot(run, state), step.stepIndex(), step.outcome());
        if (record.result() instanceof StepTimes times && times.startedAt() != null) {
          draft.stepBegan(executionId, step.stepIndex(), times.startedAt());
        }
      } else if (request instanceof OpenDecisionRequest asked) {
        state = asked.state();
        draft.recorder().openDecision(executionId, new Snapshot(run, state), asked.question());
      } else if (request instanceof CloseDecisionRequest answered) {
        state = answered.state();
        draft
            .recorder()
            .closeDecision(
                executionId,
                new Snapshot(run, state),
                answered.question(),
                answered.answer(),
                answered.outcome());
      } else if (request instanceof RecordControlRequest asked) {
        state = asked.state();
        draft.recorder().recordControl(executionId, new Snapshot(run, state), asked.request());
      } else if (request instanceof RecordPausedRequest paused) {
        state = paused.state();
        draft.recorder().recordPaused(executionId, new Snapshot(run, state), paused.pause());
      } else if (request instanceof RecordDetourRequest detour) {
        state = detour.state();
        draft
            .recorder()
            .recordDetour(executionId, new Snapshot(run, state), detour.lastStep(), detour.why());
      } else if (request instanceof RecordCancellingRequest cancelling) {
        state = cancelling.state();
        draft
            .recorder()
            .recordCancelling(executionId, new Snapshot(run, state), cancelling.reason());
      } else if (request instanceof RecordExecutionRequest ended) {
        state = ended.state();
        draft.recorder().recordExecution(executionId, new Snapshot(run, state), ended.outcome());
      } else {
        throw new UnprojectableException(
            "its history has a record that this version does not know: "
                + request.getClass().getSimpleName(),
            null);
      }
    }

    /**
     * Ends an execution that Temporal has ended without a record of its own.
     *
     * @return whether that was so
     */
    boolean close(RunHistory lastRun) {
      Optional<StoredExecution> rows = draft.find(executionId);
      if (state == null || rows.isEmpty() || rows.get().isFinished()) {
        return false;
      }
      HistoryEvent last = lastRun.last();
      Optional<ExecutionOutcome> outcome = ClosedWorkflows.outcome(last);
      if (outcome.isEmpty()) {
        return false;
      }
      // What was under way is shown as such first, so that it ends as failed, not as skipped.
      int next = state.nextStep();
      tries.stream()
          .filter(made -> made.effect().stepIndex() == next)
          .filter(made -> made.attempt() != null)
          .findFirst()
          .ifPresent(made -> draft.stepIsUnderWay(executionId, next, made.askedAt()));
      draft.at(RunHistory.time(last));
      draft.recorder().close(executionId, lastRun.runId(), outcome.get(), "history");
      return true;
    }
  }
}

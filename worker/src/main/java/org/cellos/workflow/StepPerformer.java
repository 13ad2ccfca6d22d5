package org.cellos.workflow;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.cellos.activity.StepActivities;
import org.cellos.activity.StepFailures;
import org.cellos.domain.Answers;
import org.cellos.domain.AttemptEnd;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Minutes;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.Route;
import org.cellos.domain.RouteKind;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepRequest;
import org.cellos.domain.StepResult;
import org.cellos.domain.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Performs one step: its activities, its waiting, and the questions where an outcome is unknown.
 */
final class StepPerformer {
  /** A dry run ends its workflow task after so many steps, so that updates get in. */
  private static final int DRY_RUN_CHUNK = 25;

  private static final Duration CANCEL_GRACE = Duration.ofSeconds(1);
  private static final Duration NOT_STARTED_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Less than this nobody needs to hear of. */
  private static final Duration OVERDUE = Duration.ofSeconds(1);

  /** More than a server's timers take: whether somebody kept it waiting is not known. */
  private static final Duration OVERDUE_BEFORE = Duration.ofSeconds(10);

  private static final StepOutcome CANCELLED =
      new StepOutcome.Failed(
          new StepFailure(ErrorCode.CANCELLED, "Cancelled before the step had ended."));

  private static final StepOutcome CANCELLED_BY_HAND =
      new StepOutcome.Failed(
          new StepFailure(
              ErrorCode.CANCELLED,
              "Cancelled before it was confirmed: whether any of it was done, nobody has said."));

  private final ExecutionInput input;
  private final Journal journal;
  private final People people;
  private final Steering steering;

  /** Whether the last activity was cancelled because the execution was paused at once. */
  private boolean wasInterrupted;

  /** Whether what is performed from now on is only to be found and stopped. */
  private boolean onlyStops;

  StepPerformer(ExecutionInput input, Journal journal, People people, Steering steering) {
    this.input = input;
    this.journal = journal;
    this.people = people;
    this.steering = steering;
  }

  /**
   * How a step ended, or a part of it.
   *
   * @param at when, where the ledger says so
   */
  record End(StepOutcome outcome, @Nullable Instant at) {
    /** Nothing was begun of a step with a window, so that it has to be looked at again. */
    private static final End NOT_BEGUN =
        new End(
            new StepOutcome.Failed(
                new StepFailure(ErrorCode.NOT_STARTED, "Nothing of it has been begun.")),
            null);

    boolean hasBegun() {
      return !equals(NOT_BEGUN);
    }
  }

  /** When this returns, the instruments are not moving, whichever way the step ended. */
  End perform(Step step, Route route) {
    End end;
    try {
      end =
          route.timed() ? performTimed(step, route) : part(step, route, StepAction.PERFORM, false);
    } catch (CanceledFailure e) {
      end = new End(route.kind() == RouteKind.MANUAL ? CANCELLED_BY_HAND : CANCELLED, null);
    }
    boolean isAborted =
        end.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().code() == ErrorCode.ABORTED;
    if (isAborted || journal.isToStop()) {
      StepOutcome stopped = Journal.detached(() -> stop(step, route));
      return stopped instanceof StepOutcome.Failed ? new End(stopped, null) : end;
    }
    return end;
  }

  /**
   * Stops the instrument of a timed step that may be under way, and does not return before that is
   * confirmed by it or by a person.
   *
   * @return failed if a person gave up
   */
  private StepOutcome stop(Step step, Route route) {
    return mayBeIn(route)
        ? part(step, route, StepAction.STOP, true).outcome()
        : new StepOutcome.Completed(Parameters.none());
  }

  /** Whether a timed step has something to stop. */
  private boolean mayBeIn(Route route) {
    // An earlier epoch of the start may have put the vessel in as well.
    return route.timed()
        && hasLedger(route)
        && (journal.state().epoch(StepAction.START) > 1
            || EffectRules.mayHaveStarted(journal.ledger(journal.effect(StepAction.START))));
  }

  private static boolean hasLedger(Route route) {
    return route.kind() == RouteKind.HANDLER || route.kind() == RouteKind.MANUAL;
  }

  /**
   * How a step ends that a former engine has begun and that is cancelled: as the ledger or, where
   * nobody knows, a person says. Its instrument is stopped.
   *
   * @return empty if nothing was begun
   */
  Optional<StepOutcome> settle(Step step, Route route) {
    if (!hasLedger(route)) {
      return Optional.empty();
    }
    if (route.timed()) {
      if (!mayBeIn(route)) {
        return Optional.empty();
      }
      StepOutcome stopped = Journal.detached(() -> stop(step, route));
      return Optional.of(stopped instanceof StepOutcome.Failed ? stopped : CANCELLED);
    }
    LedgerEntry entry = journal.ledger(journal.effect(StepAction.PERFORM));
    if (entry instanceof LedgerEntry.Absent) {
      return Optional.empty();
    }
    Verdict verdict = EffectRules.afterAttempt(new AttemptEnd.Cancelled(), entry);
    if (verdict instanceof Verdict.Unknown && mayStopWhatGoesOn(route)) {
      onlyStops = true;
      verdict = Journal.detached(() -> attempt(step, route, StepAction.PERFORM));
      if (verdict instanceof Verdict.NotStarted) {
        return Optional.empty();
      }
    }
    if (verdict instanceof Verdict.Ended ended) {
      return Optional.of(ended.outcome());
    }
    if (verdict instanceof Verdict.TakenOver) {
      throw takenOver();
    }
    return Optional.of(ask(step, StepAction.PERFORM, verdict).outcome());
  }

  /**
   * Whether an instrument that goes on though its worker has died is found again and stopped, since
   * the execution is being cancelled. Only where that does not succeed is a person asked.
   */
  private boolean mayStopWhatGoesOn(Route route) {
    return route.effectClass() == EffectClass.REATTACHABLE
        && journal.isToStop()
        && Workflow.getVersion("stop-what-goes-on", Workflow.DEFAULT_VERSION, 1) > 0;
  }

  private End performTimed(Step step, Route route) {
    // Read before the start: what fails after it would leave the instrument running.
    Duration realTime = step.unitOp().parameters().minutes("minutes");
    Duration wait =
        Duration.ofMillis(Math.max(1, Math.round(realTime.toMillis() / input.speedUp())));
    End start = part(step, route, StepAction.START, false);
    if (!(start.outcome() instanceof StepOutcome.Completed)) {
      return start;
    }
    Instant now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    Instant plannedEnd = (start.at() == null ? now : start.at()).plus(wait);
    Duration remaining = Duration.between(now, plannedEnd);
    boolean wasPaused = false;
    if (!remaining.isNegative() && !remaining.isZero()) {
      wasPaused = waitThrough(remaining, summary(step, "wait"));
    }
    Instant waited = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    End stop = part(step, route, StepAction.STOP, false);
    // The ledger may answer for a stop of long ago, as after a reset: that was as late as it was.
    boolean isOld = stop.at() != null && stop.at().isBefore(now);
    Duration late = Duration.between(plannedEnd, isOld ? stop.at() : waited);
    boolean isKnown = !isOld && (wasPaused || remaining.isNegative());
    boolean isOverdue = late.compareTo(isKnown ? OVERDUE : OVERDUE_BEFORE) > 0;
    return isOverdue ? new End(overdue(stop.outcome(), late, wasPaused), stop.at()) : stop;
  }

  /**
   * The time goes on through a pause; what comes after it waits for the pause's end.
   *
   * @return whether there was one
   */
  private boolean waitThrough(Duration duration, String summary) {
    Promise<Void> timer = timer(duration, summary);
    boolean wasPaused = false;
    while (!timer.isCompleted()) {
      Workflow.await(() -> timer.isCompleted() || steering.isToInterrupt());
      wasPaused |= steering.isToInterrupt();
      steering.awaitPermissionWithinStep();
    }
    timer.get();
    return wasPaused;
  }

  /** Says by how much a wait was exceeded, and why. */
  private StepOutcome overdue(StepOutcome outcome, Duration by, boolean wasPaused) {
    if (!(outcome instanceof StepOutcome.Completed completed)) {
      return outcome;
    }
    double minutes = by.toMillis() * input.speedUp() / Duration.ofMinutes(1).toMillis();
    Map<String, Object> result = new LinkedHashMap<>(completed.result().values());
    result.put("overdue_minutes", minutes);
    result.putIfAbsent(
        "note",
        "It lasted "
            + Math.round(minutes * 10) / 10.0
            + " min longer than planned: "
            + (wasPaused
                ? "the execution was paused."
                : "nothing performed the execution meanwhile."));
    return new StepOutcome.Completed(new Parameters(result));
  }

  /**
   * One part of a step, as often as its rules and people want it.
   *
   * @param mustSucceed ask a person where it fails, because an instrument would go on otherwise
   */
  private End part(Step step, Route route, StepAction action, boolean mustSucceed) {
    Duration pause = NOT_STARTED_PAUSE;
    boolean hasLookedAgain = false;
    while (true) {
      steering.awaitPermissionWithinStep();
      Verdict verdict = attempt(step, route, action);
      if (verdict instanceof Verdict.Ended ended) {
        if (mustSucceed
            && ended.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().code() != ErrorCode.ABORTED) {
          verdict = new Verdict.Unknown("It could not be stopped: " + failed.failure().message());
        } else {
          return new End(ended.outcome(), ended.at());
        }
      }
      if (verdict instanceof Verdict.TakenOver) {
        throw takenOver();
      }
      if (verdict instanceof Verdict.NotStarted) {
        // Nothing was moved. Wait until it can be, ever longer, since history has an end.
        sleep(pause, summary(step, "not started yet"));
        if (step.window() != null && action != StepAction.STOP) {
          return End.NOT_BEGUN;
        }
        pause = longer(pause);
        continue;
      }
      if (!hasLookedAgain && verdict instanceof Verdict.Unknown && mayStopWhatGoesOn(route)) {
        hasLookedAgain = true;
        onlyStops = true;
        continue;
      }
      People.Said said = ask(step, action, verdict);
      if (!said.again()) {
        return new End(said.outcome(), said.at());
      }
    }
  }

  static ApplicationFailure takenOver() {
    return ApplicationFailure.newNonRetryableFailure(
        "Another process goes on with the execution.", ErrorCode.TAKEN_OVER.wireValue());
  }

  /**
   * Asks a person. A cancel does not end a question about something that may be moving; where there
   * is something to stop, it is stopped instead.
   *
   * @throws CanceledFailure if the execution was cancelled and nothing is in doubt
   */
  private People.Said ask(Step step, StepAction action, Verdict verdict) {
    if (!journal.isToStop()) {
      try {
        return people.ask(question(step, action, verdict));
      } catch (CanceledFailure e) {
        if (action != StepAction.PERFORM || verdict instanceof Verdict.ForPerson) {
          throw e;
        }
      }
    }
    return Journal.detached(() -> people.ask(question(step, action, verdict)));
  }

  private Question question(Step step, StepAction action, Verdict verdict) {
    int epoch = journal.state().epoch(action);
    boolean mayRepeat = action == StepAction.STOP || !journal.isToStop();
    Question question =
        verdict instanceof Verdict.Unknown unknown
            ? Answers.outcomeQuestion(step, epoch, action, unknown.evidence(), mayRepeat)
            : Answers.confirmation(step, epoch, action);
    return journal.isEndedByCancel() ? question.askedForCancel() : question;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private Verdict attempt(Step step, Route route, StepAction action) {
    EffectKey key = journal.effect(action);
    boolean hasLedger = hasLedger(route);
    if (hasLedger && (journal.mayHaveBegun(step.stepIndex()) || route.kind() == RouteKind.MANUAL)) {
      EffectRules.Permission permission =
          EffectRules.beforeAttempt(route.effectClass(), journal.ledger(key));
      Optional<Question> open = openQuestion(key);
      if (!(permission instanceof EffectRules.Permission.Go)) {
        return open.isPresent() && isStillAsked(permission)
            ? new Verdict.Unknown(open.get().evidence())
            : EffectRules.refused(permission);
      }
      if (open.isPresent()) {
        // It could be repeated, but a person was asked and has not answered.
        return new Verdict.Unknown(open.get().evidence());
      }
    }
    if (route.kind() == RouteKind.MANUAL) {
      return new Verdict.ForPerson();
    }
    AttemptEnd end;
    wasInterrupted = false;
    try {
      end = new AttemptEnd.Returned(callOnce(step, route, action));
    } catch (ActivityFailure e) {
      end = StepFailures.endOf(e);
    }
    LedgerEntry entry =
        hasLedger && (wasInterrupted || EffectRules.needsLedger(end))
            ? journal.ledger(key)
            : new LedgerEntry.Absent();
    Verdict verdict = EffectRules.afterAttempt(end, entry);
    return wasInterrupted ? EffectRules.afterPause(verdict, entry, steering.byAndWhy()) : verdict;
  }

  /** What a former engine has asked of how this ended, and nobody has answered. */
  private Optional<Question> openQuestion(EffectKey key) {
    return Optional.ofNullable(journal.state().question())
        .filter(open -> open.kind() == Question.Kind.OUTCOME)
        .filter(open -> open.effect(input.executionId()).equals(key));
  }

  /** Only what is known to be done needs no answer: how much an attempt did that failed is not. */
  private static boolean isStillAsked(EffectRules.Permission permission) {
    return permission instanceof EffectRules.Permission.Answer known
        && !(known.outcome() instanceof StepOutcome.Completed)
        && Workflow.getVersion("ask-anew-after-a-stop", Workflow.DEFAULT_VERSION, 1) > 0;
  }

  private static void sleep(Duration duration, String summary) {
    timer(duration, summary).get();
  }

  private static Promise<Void> timer(Duration duration, String summary) {
    return Workflow.newTimer(duration, TimerOptions.newBuilder().setSummary(summary).build());
  }

  private StepResult callOnce(Step step, Route route, StepAction action) {
    StepRequest request = request(step, route, action);
    if (route.kind() == RouteKind.DRY_RUN) {
      return dryRunStub(step).dryRun(request);
    }
    String summary =
        action == StepAction.PERFORM ? summary(step) : summary(step, action.wireValue());
    Duration expected =
        action == StepAction.PERFORM
            ? Minutes.toDuration(step.unitOp().durationMinutes())
            : Duration.ZERO;
    StepActivities activities =
        Workflow.newActivityStub(
            StepActivities.class, ActivityPolicies.step(route.effectClass(), expected, summary));
    Supplier<Promise<StepResult>> activity =
        () ->
            route.kind() == RouteKind.GENERIC
                ? Async.function(activities::generic, request)
                : Async.function(activities::handler, request);
    // What stops an instrument is not stopped itself.
    return action == StepAction.STOP
        ? Journal.detached(() -> activity.get().get())
        : finishing(activity);
  }

  /**
   * Waits for an activity. When the execution is cancelled or paused at once meanwhile, one that is
   * about to end may do so, since its outcome is known then; after that it is cancelled.
   */
  private StepResult finishing(Supplier<Promise<StepResult>> activity) {
    CompletablePromise<StepResult> result = Workflow.newPromise();
    CancellationScope scope =
        Workflow.newDetachedCancellationScope(() -> result.completeFrom(activity.get()));
    scope.run();
    Journal.detached(
        () -> {
          Workflow.await(
              () -> result.isCompleted() || journal.isToStop() || steering.isToInterrupt());
          return true;
        });
    if (!result.isCompleted()) {
      Workflow.newDetachedCancellationScope(
              () -> Promise.anyOf(result, Workflow.newTimer(CANCEL_GRACE)).get())
          .run();
    }
    if (!result.isCompleted()) {
      wasInterrupted = steering.isToInterrupt();
      scope.cancel(wasInterrupted ? "The execution is paused." : "The execution was cancelled.");
    }
    return result.get();
  }

  /** Local activities, since they cost no round trip; every 25th a regular one. */
  private static StepActivities dryRunStub(Step step) {
    String summary = summary(step);
    return (step.stepIndex() + 1) % DRY_RUN_CHUNK == 0
        ? Workflow.newActivityStub(
            StepActivities.class, ActivityPolicies.dryRunBetweenChunks(summary))
        : Workflow.newLocalActivityStub(StepActivities.class, ActivityPolicies.records(summary));
  }

  private StepRequest request(Step step, Route route, StepAction action) {
    return new StepRequest(
        input.executionId(),
        step.stepId(input.executionId()),
        step.stepIndex(),
        journal.state().epoch(action),
        action,
        step.name(),
        step.operationType(),
        step.unitOp().parameters(),
        input.cellLine(),
        input.vesselId(),
        input.instruments(),
        input.speedUp(),
        route.effectClass(),
        (onlyStops && action == StepAction.PERFORM) ? Boolean.TRUE : null);
  }

  /** What the Temporal Web UI shows beside an event: {@code 5 · Dispense 10.0 mL …}. */
  private static String summary(Step step) {
    return step.path() + " · " + step.name();
  }

  private static String summary(Step step, String part) {
    return summary(step) + " (" + part + ")";
  }
}

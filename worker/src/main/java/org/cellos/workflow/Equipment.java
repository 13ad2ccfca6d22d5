package org.cellos.workflow;

import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.CompletablePromise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import org.cellos.activity.LeaseActivities;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.LeaseRequest;
import org.cellos.domain.LeaseSpan;
import org.cellos.domain.Priority;
import org.cellos.domain.Step;
import org.jspecify.annotations.Nullable;

/** Sees to it that the execution has the robots and the equipment that its next step needs. */
final class Equipment {
  private final ExecutionInput input;
  private final Journal journal;
  private final Steering steering;
  private final List<LeaseSpan> spans;
  private final LeaseActivities atOnce =
      Workflow.newLocalActivityStub(LeaseActivities.class, ActivityPolicies.records());

  /** What it has; null for nothing. */
  private @Nullable LeaseSpan held;

  /** Whether what a former run of the workflow had is still to be given back. */
  private boolean mayHoldMore;

  /** When it asked first for what it does not have yet: its place, which a pause does not cost. */
  private @Nullable Instant askedAt;

  /**
   * @param isResumed whether it goes on from a state, so that it may have something already
   */
  Equipment(ExecutionInput input, Journal journal, Steering steering, boolean isResumed) {
    this.input = input;
    this.journal = journal;
    this.steering = steering;
    this.spans = LeaseSpan.of(input);
    this.mayHoldMore = isResumed;
  }

  private boolean isShared() {
    Begin begin = journal.state().begin();
    return !spans.isEmpty()
        && begin != null
        && !begin.dryRun()
        && Workflow.getVersion("equipment", Workflow.DEFAULT_VERSION, 1) > 0;
  }

  /** Gives back what no step needs any more of those that come next. */
  void release() {
    if (!isShared()) {
      return;
    }
    int next = journal.state().nextStep();
    boolean isOver =
        held == null
            ? mayHoldMore && spans.stream().noneMatch(span -> span.contains(next))
            : !held.contains(next);
    if (isOver) {
      Journal.detached(
          () -> {
            atOnce.release(input.executionId());
            return true;
          });
      held = null;
      mayHoldMore = false;
    }
  }

  /**
   * Waits for what a step needs, unless people want something else of the execution meanwhile.
   *
   * @return whether the step has all that it needs; otherwise everything is to be looked at again
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  boolean isReadyFor(Step step) {
    if (!isShared() || steering.leftOut(step).isPresent()) {
      return true;
    }
    LeaseSpan span =
        spans.stream().filter(each -> each.contains(step.stepIndex())).findFirst().orElse(null);
    if (span == null || span.equals(held)) {
      return true;
    }
    if (askedAt == null) {
      askedAt = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }
    LeaseRequest request =
        new LeaseRequest(
            input.executionId(),
            span.needs(),
            askedAt,
            Priority.of(input.metadata()),
            journal.mayHaveBegun(step.stepIndex()) && journal.hasBegun(step));
    if (atOnce.ask(request)) {
      held = span;
      askedAt = null;
      return true;
    }
    await(step, request);
    return false;
  }

  private void await(Step step, LeaseRequest request) {
    LeaseActivities waiting =
        Workflow.newActivityStub(
            LeaseActivities.class,
            ActivityPolicies.waiting(
                step.path() + " · waits for " + String.join(" and ", request.needs())));
    CompletablePromise<Void> turn = Workflow.newPromise();
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> turn.completeFrom(Async.procedure(waiting::await, request)));
    scope.run();
    Workflow.await(
        () -> turn.isCompleted() || steering.isPauseAsked() || steering.leftOut(step).isPresent());
    if (!turn.isCompleted()) {
      scope.cancel();
      // It may be its turn this very moment: what it does not use is not kept from others.
      Journal.detached(
          () -> {
            Workflow.await(turn::isCompleted);
            atOnce.release(input.executionId());
            return true;
          });
    }
  }
}

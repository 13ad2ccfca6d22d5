package org.cellos.workflow;

import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ControlRules;
import org.cellos.domain.ControlRules.Ruling;
import org.cellos.domain.Controls;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Parameters;
import org.cellos.domain.Step;
import org.cellos.domain.StepOutcome;
import org.jspecify.annotations.Nullable;

/** Takes what people ask of the execution, and lets its steps wait or be left out accordingly. */
final class Steering {
  private final ExecutionInput input;
  private final Journal journal;
  private boolean isUnderWay;

  Steering(ExecutionInput input, Journal journal) {
    this.input = input;
    this.journal = journal;
  }

  private Controls controls() {
    return journal.state().steering();
  }

  private Ruling rule(ControlRequest request) {
    int next = journal.state().nextStep();
    return ControlRules.rule(
        new ControlRules.Situation(
            input.steps(),
            journal.state(),
            isUnderWay || (journal.state().hasBegun() && journal.mayHaveBegun(next)),
            journal.isCancelRequested(),
            journal.hasEnded()),
        request);
  }

  /**
   * @throws IllegalArgumentException if it cannot be followed, saying why
   */
  void verify(ControlRequest request) {
    if (rule(request) instanceof Ruling.Refused refused) {
      throw new IllegalArgumentException(refused.why());
    }
  }

  /**
   * Follows a request, and returns when that is recorded.
   *
   * @throws ApplicationFailure if it cannot be followed any more
   */
  void follow(ControlRequest request) {
    Journal.detached(
        () -> {
          Workflow.await(journal::isOpen);
          return true;
        });
    Ruling ruling = rule(request);
    if (ruling instanceof Ruling.Refused refused) {
      throw ApplicationFailure.newNonRetryableFailure(
          refused.why(), ErrorCode.BAD_PARAMETERS.wireValue());
    }
    if (ruling instanceof Ruling.Accepted accepted) {
      journal.steered(accepted.controls(), request);
    }
  }

  /**
   * Waits before the next step as long as the execution is paused. A step that has begun, or may
   * have, before the execution was resumed on another engine is ended first.
   *
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  void awaitPermission() {
    int next = journal.state().nextStep();
    boolean mustEndFirst =
        controls().isPauseAsked()
            && journal.mayHaveBegun(next)
            && (controls().isPauseAtOnce()
                ? asksAnew()
                : journal.state().question() != null || journal.hasBegun(input.steps().get(next)));
    if (!mustEndFirst) {
      standStill();
    }
  }

  /**
   * Waits within a step as long as the execution is paused at once; not while it is cancelled.
   *
   * @throws io.temporal.failure.CanceledFailure if the execution is cancelled meanwhile
   */
  void awaitPermissionWithinStep() {
    if (isToInterrupt() && !asksAnew()) {
      standStill();
    }
  }

  /** A question that a former engine asked may be answered in a pause: to ask moves nothing. */
  private boolean asksAnew() {
    return journal.state().question() != null
        && Workflow.getVersion("ask-anew-in-a-pause", Workflow.DEFAULT_VERSION, 1) > 0;
  }

  private void standStill() {
    @Nullable ControlRequest shown = null;
    while (controls().isPauseAsked()) {
      ControlRequest pause = controls().pause();
      if (pause != null && !pause.equals(shown)) {
        shown = pause;
        journal.paused(pause);
      }
      @Nullable ControlRequest recorded = shown;
      Workflow.await(
          () -> !controls().isPauseAsked() || !Objects.equals(controls().pause(), recorded));
    }
  }

  /** Whether the execution is to pause before its next step. */
  boolean isPauseAsked() {
    return controls().isPauseAsked();
  }

  /** Whether the step under way is not to be waited for; one of the safe state always is. */
  boolean isToInterrupt() {
    return controls().isPauseAtOnce()
        && !journal.isCancelRequested()
        && !journal.state().isSafeStateUnderWay();
  }

  /** Why the step under way was interrupted, for people. */
  String byAndWhy() {
    ControlRequest pause = controls().pause();
    return pause == null ? "for a pause." : pause.byAndWhy();
  }

  void begins() {
    isUnderWay = true;
  }

  void ends() {
    isUnderWay = false;
  }

  /** The step as people want it. */
  Step edited(Step step) {
    return controls().edited(step);
  }

  /** How a step ends that somebody wants to be left out; empty for others. */
  Optional<StepOutcome> leftOut(Step step) {
    return controls()
        .skipOf(step.stepIndex())
        .map(
            request -> {
              Map<String, Object> result = new LinkedHashMap<>();
              result.put("skipped_by", request.by());
              result.put("note", "Left out " + request.byAndWhy());
              return new StepOutcome.Skipped(new Parameters(result));
            });
  }
}

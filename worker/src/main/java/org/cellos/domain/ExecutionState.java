package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far an execution is. Stored with every record; with the input and the effect ledger it is all
 * that an execution needs to go on when its engine has lost it. Only ever add optional fields.
 *
 * <p>What an attempt did is not in here but in the ledger: an execution that resumes asks for the
 * same effect again, and the ledger answers. So a timer keeps its planned end as well, which counts
 * from the time at which its start was written there.
 *
 * @param version of this form
 * @param sequence of the record that it was stored with; rises by one
 * @param begin null while the execution waits to be begun
 * @param routes one a step once it has begun; empty before
 * @param nextStep index of the first step without a recorded outcome
 * @param epochs of that step: above 1 where a person has said "again"
 * @param cancelReason null unless a cancel has been asked for
 * @param question null unless a person has been asked about the next step and has not answered
 * @param failure null unless the execution is about to end as failed
 * @param controls what people have asked of it; null for nothing
 * @param unrecorded what somebody asked of it while no engine had it; null once that is recorded
 * @param exposures what is known of its exposure windows; null for nothing
 * @param compensation how far it is with its safe state; null as long as that was never needed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecutionState(
    int version,
    long sequence,
    @Nullable Begin begin,
    List<Route> routes,
    int nextStep,
    Map<StepAction, Integer> epochs,
    @Nullable String cancelReason,
    @Nullable Question question,
    @Nullable StepFailure failure,
    @Nullable Controls controls,
    @Nullable ControlRequest unrecorded,
    @Nullable Exposures exposures,
    @Nullable Compensation compensation) {
  public static final int VERSION = 1;

  public ExecutionState {
    routes = List.copyOf(routes);
    epochs = Map.copyOf(epochs);
  }

  /** Of an execution that has done nothing yet. */
  public static ExecutionState initial(@Nullable Begin begin) {
    return new ExecutionState(
        VERSION, 0, begin, List.of(), 0, Map.of(), null, null, null, null, null, null, null);
  }

  /** The same, for the next record. */
  public ExecutionState next() {
    return new ExecutionState(
        version,
        sequence + 1,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  public ExecutionState begunAs(Begin newBegin) {
    return new ExecutionState(
        version,
        sequence,
        newBegin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  public ExecutionState begunWith(List<Route> newRoutes) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        newRoutes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  /** The step before has its outcome. */
  public ExecutionState atStep(int stepIndex) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        stepIndex,
        exposed().epochsOf(stepIndex),
        cancelReason,
        null,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  /** The part of the next step is to be done once more. */
  public ExecutionState again(StepAction action) {
    Map<StepAction, Integer> raised = new EnumMap<>(StepAction.class);
    raised.putAll(epochs);
    raised.put(action, epoch(action) + 1);
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        raised,
        cancelReason,
        question,
        failure,
        controls,
        unrecorded,
        exposures,
        isSafeStateUnderWay() ? safeState().withEpoch(epoch(action) + 1) : compensation);
  }

  public ExecutionState cancelling(String reason) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        reason,
        question,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  /**
   * @param newQuestion null once it is answered
   */
  public ExecutionState asking(@Nullable Question newQuestion) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        newQuestion,
        failure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  /** Nothing more is begun: what follows is the end. */
  public ExecutionState failing(StepFailure newFailure) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        newFailure,
        controls,
        unrecorded,
        exposures,
        compensation);
  }

  public ExecutionState steered(Controls newControls) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        newControls,
        unrecorded,
        exposures,
        compensation);
  }

  /**
   * A failed execution, with the step that failed before it again.
   *
   * @param stepIndex that step
   * @param newEpochs of it: above all that the ledger knows
   * @param request who wants that, and why
   */
  public ExecutionState reopened(
      int stepIndex,
      Map<StepAction, Integer> newEpochs,
      Controls newControls,
      ControlRequest request) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        stepIndex,
        newEpochs,
        null,
        null,
        null,
        newControls,
        request,
        exposures,
        compensation == null ? null : compensation.over());
  }

  /** Somebody has asked something of an execution that no engine has. */
  public ExecutionState steeredBy(Controls newControls, ControlRequest request) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        newControls,
        request,
        exposures,
        compensation);
  }

  /** That is recorded. */
  public ExecutionState withAllRecorded() {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        nextStep,
        epochs,
        cancelReason,
        question,
        failure,
        controls,
        null,
        exposures,
        compensation);
  }

  /** A step has ended that windows count from. */
  public ExecutionState marked(int stepIndex, Instant at) {
    return with(nextStep, epochs, question, exposed().marked(stepIndex, at), compensation);
  }

  /**
   * The rescue steps of a step that comes too late are next.
   *
   * @param firstStep the first of them
   * @param lateStep the step, which is next or one of whose rescue steps is
   */
  public ExecutionState rescuing(int firstStep, int lateStep) {
    Exposures rescuing = exposed().rescuing(lateStep, nextStep == lateStep ? epochs : Map.of());
    return with(firstStep, Map.of(), null, rescuing, compensation);
  }

  /**
   * The steps of the safe state are next, and no other.
   *
   * @param firstStep the first of them
   */
  public ExecutionState compensating(int firstStep) {
    return with(
        firstStep,
        Map.of(),
        null,
        exposures,
        Compensation.begun(compensation, Math.min(nextStep, firstStep), firstStep));
  }

  /** A step of the safe state has failed. */
  public ExecutionState missingSafeState(String why) {
    return with(nextStep, epochs, question, exposures, safeState().withFailure(why));
  }

  private ExecutionState with(
      int newNextStep,
      Map<StepAction, Integer> newEpochs,
      @Nullable Question newQuestion,
      @Nullable Exposures newExposures,
      @Nullable Compensation newCompensation) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        newNextStep,
        newEpochs,
        cancelReason,
        newQuestion,
        failure,
        controls,
        unrecorded,
        newExposures,
        newCompensation);
  }

  /** What people have asked of it. */
  public Controls steering() {
    return controls == null ? Controls.none() : controls;
  }

  /** What is known of its exposure windows. */
  public Exposures exposed() {
    return exposures == null ? Exposures.none() : exposures;
  }

  private Compensation safeState() {
    return Objects.requireNonNull(compensation, "no step of the safe state has begun");
  }

  /** Whether nothing is performed any more but the steps of the safe state. */
  @JsonIgnore
  public boolean isSafeStateUnderWay() {
    return compensation != null && compensation.isUnderWay();
  }

  /** Why the safe state is not reached; empty as long as it may be. */
  public Optional<String> whyNotSafe() {
    return Optional.ofNullable(compensation).map(Compensation::notReached);
  }

  /** Index of the first ordinary step without an outcome. */
  public int firstWithoutOutcome() {
    Integer stoppedAt = compensation == null ? null : compensation.stoppedAt();
    return stoppedAt == null ? nextStep : stoppedAt;
  }

  /** Whether a step was passed over on the way to the safe state. */
  public boolean hasPassedOver(int stepIndex) {
    Integer firstStep = compensation == null ? null : compensation.firstStep();
    return firstStep != null && stepIndex >= firstWithoutOutcome() && stepIndex < firstStep;
  }

  /** The epoch of a part of the next step, from 1. */
  public int epoch(StepAction action) {
    return epochs.getOrDefault(action, isSafeStateUnderWay() ? safeState().epoch() : 1);
  }

  /** The epoch that a part of a step would have if it were performed from now on. */
  public int epochToCome(Step step, StepAction action) {
    if (step.stepIndex() == nextStep) {
      return epoch(action);
    }
    if (step.role() != StepRole.SAFE_STATE) {
      return exposed().epochsOf(step.stepIndex()).getOrDefault(action, 1);
    }
    return compensation == null
        ? 1
        : isSafeStateUnderWay() ? compensation.epoch() : compensation.newestEpoch() + 1;
  }

  /** Whether a step may be performed from now on, as far as the order of the steps says. */
  public boolean mayCome(List<Step> steps, int stepIndex) {
    if (stepIndex >= nextStep) {
      return true;
    }
    // An execution goes back to the rescue steps of its next step where that comes too late.
    return nextStep < steps.size()
        && !exposed().hasRescued(nextStep)
        && steps.subList(stepIndex, nextStep).stream()
            .allMatch(step -> step.role() == StepRole.RESCUE);
  }

  public boolean hasBegun() {
    return !routes.isEmpty();
  }
}

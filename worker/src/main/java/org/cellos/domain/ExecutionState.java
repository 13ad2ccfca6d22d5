package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
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
    @Nullable ControlRequest unrecorded) {
  public static final int VERSION = 1;

  public ExecutionState {
    routes = List.copyOf(routes);
    epochs = Map.copyOf(epochs);
  }

  /** Of an execution that has done nothing yet. */
  public static ExecutionState initial(@Nullable Begin begin) {
    return new ExecutionState(
        VERSION, 0, begin, List.of(), 0, Map.of(), null, null, null, null, null);
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
        unrecorded);
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
        unrecorded);
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
        unrecorded);
  }

  /** The step before has its outcome. */
  public ExecutionState atStep(int stepIndex) {
    return new ExecutionState(
        version,
        sequence,
        begin,
        routes,
        stepIndex,
        Map.of(),
        cancelReason,
        null,
        failure,
        controls,
        unrecorded);
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
        unrecorded);
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
        unrecorded);
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
        unrecorded);
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
        unrecorded);
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
        unrecorded);
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
        request);
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
        request);
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
        null);
  }

  /** What people have asked of it. */
  public Controls steering() {
    return controls == null ? Controls.none() : controls;
  }

  /** The epoch of a part of the next step, from 1. */
  public int epoch(StepAction action) {
    return epochs.getOrDefault(action, 1);
  }

  public boolean hasBegun() {
    return !routes.isEmpty();
  }
}

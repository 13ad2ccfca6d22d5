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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecutionState(
    int version,
    long sequence,
    @Nullable Begin begin,
    List<Route> routes,
    int nextStep,
    Map<StepAction, Integer> epochs,
    @Nullable String cancelReason) {
  public static final int VERSION = 1;

  public ExecutionState {
    routes = List.copyOf(routes);
    epochs = Map.copyOf(epochs);
  }

  /** Of an execution that has done nothing yet. */
  public static ExecutionState initial(@Nullable Begin begin) {
    return new ExecutionState(VERSION, 0, begin, List.of(), 0, Map.of(), null);
  }

  /** The same, for the next record. */
  public ExecutionState next() {
    return new ExecutionState(version, sequence + 1, begin, routes, nextStep, epochs, cancelReason);
  }

  public ExecutionState begunAs(Begin newBegin) {
    return new ExecutionState(version, sequence, newBegin, routes, nextStep, epochs, cancelReason);
  }

  public ExecutionState begunWith(List<Route> newRoutes) {
    return new ExecutionState(version, sequence, begin, newRoutes, nextStep, epochs, cancelReason);
  }

  /** The step before has its outcome. */
  public ExecutionState atStep(int stepIndex) {
    return new ExecutionState(version, sequence, begin, routes, stepIndex, Map.of(), cancelReason);
  }

  /** The part of the next step is to be done once more. */
  public ExecutionState again(StepAction action) {
    Map<StepAction, Integer> raised = new EnumMap<>(StepAction.class);
    raised.putAll(epochs);
    raised.put(action, epoch(action) + 1);
    return new ExecutionState(version, sequence, begin, routes, nextStep, raised, cancelReason);
  }

  public ExecutionState cancelling(String reason) {
    return new ExecutionState(version, sequence, begin, routes, nextStep, epochs, reason);
  }

  /** The epoch of a part of the next step, from 1. */
  public int epoch(StepAction action) {
    return epochs.getOrDefault(action, 1);
  }

  public boolean hasBegun() {
    return !routes.isEmpty();
  }
}

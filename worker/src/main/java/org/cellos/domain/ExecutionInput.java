package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an execution is made of, pinned when it is created: no file is read afterwards. It is
 * the workflow's argument and is kept in the mirror. Stored in history: only ever add optional
 * fields.
 *
 * @param executionId the workflow id; 1 to 200 characters of letters, digits, {@code - _ . :}
 * @param workflowName the protocol's name, as the documented column calls it
 * @param cellLine null where the protocol names none
 * @param vesselId null where the protocol names none
 * @param operationType {@code passage}, {@code thaw}…, or the user's own
 * @param profile whose protocol
 * @param instruments what performs the steps
 * @param speedUp how much faster than real time virtual instruments go; 1 to 1,000,000
 * @param steps numbered from 0 without gaps; at least one
 * @param warnings those of the resolved protocol
 * @param metadata what the researcher notes with the execution
 * @param materialCostUsd expected
 * @param instrumentCostUsd expected
 * @param durationMinutes expected, at real speed
 * @param begin null for an execution that waits to be begun
 * @param rerunOf null unless it does an earlier one once more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExecutionInput(
    String executionId,
    String workflowName,
    @Nullable String cellLine,
    @Nullable String vesselId,
    String operationType,
    Profile profile,
    Instruments instruments,
    double speedUp,
    List<Step> steps,
    List<ProtocolWarning> warnings,
    Parameters metadata,
    Usd materialCostUsd,
    Usd instrumentCostUsd,
    double durationMinutes,
    @Nullable Begin begin,
    @Nullable RerunOf rerunOf) {

  /** A day of incubation passes in 24 seconds. */
  public static final double DEFAULT_SPEED_UP = 3600;

  private static final double MOST_SPEED_UP = 1_000_000;

  public ExecutionInput {
    if (!executionId.matches("[A-Za-z0-9._:-]{1,200}")) {
      throw new IllegalArgumentException(
          "the execution id must be 1 to 200 letters, digits or - _ . :, not '"
              + executionId
              + "'");
    }
    if (workflowName.isBlank()) {
      throw new IllegalArgumentException("the protocol name must not be empty");
    }
    if (operationType.isBlank()) {
      throw new IllegalArgumentException("operation_type must not be empty");
    }
    if (!(speedUp >= 1 && speedUp <= MOST_SPEED_UP)) {
      throw new IllegalArgumentException("speed_up must be from 1 to 1,000,000, not " + speedUp);
    }
    if (rerunOf != null && rerunOf.fromStep() >= steps.size()) {
      throw new IllegalArgumentException(
          "there is no step " + rerunOf.fromStep() + " to begin with: it has " + steps.size());
    }
    @Nullable StepRole firstRole = rerunOf == null ? null : steps.get(rerunOf.fromStep()).role();
    if (rerunOf != null && firstRole != null) {
      throw new IllegalArgumentException(
          "step "
              + steps.get(rerunOf.fromStep()).path()
              + " is a "
              + firstRole.inWords()
              + ", which is performed only where it is needed: begin with an ordinary step");
    }
    steps = List.copyOf(steps);
    warnings = List.copyOf(warnings);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a protocol needs at least one step");
    }
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).stepIndex() != i) {
        throw new IllegalArgumentException(
            "steps must be numbered from 0 without gaps; number "
                + i
                + " is "
                + steps.get(i).stepIndex());
      }
    }
    requireOrder(steps);
  }

  /** Rescue steps stand before the step that they are for, those of the safe state at the end. */
  private static void requireOrder(List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      @Nullable Step next = i + 1 < steps.size() ? steps.get(i + 1) : null;
      boolean isInOrder =
          step.role() == null
              || (step.role() == StepRole.RESCUE
                  ? next != null && (next.role() == StepRole.RESCUE || next.window() != null)
                  : next == null || next.role() == StepRole.SAFE_STATE);
      if (!isInOrder) {
        throw new IllegalArgumentException(
            "step " + step.path() + " is a " + step.role() + " step in a wrong place");
      }
    }
  }

  public ExecutionInput begunAs(Begin newBegin) {
    return with(instruments, speedUp, steps, newBegin);
  }

  /** Index of the first step that it performs. */
  public int firstStep() {
    return rerunOf == null ? 0 : rerunOf.fromStep();
  }

  /** The same, on other instruments. */
  public ExecutionInput performedBy(Instruments others, double newSpeedUp) {
    return with(others, newSpeedUp, steps, begin);
  }

  /** The same, with other names and parameters of its steps. */
  public ExecutionInput withSteps(List<Step> newSteps) {
    return with(instruments, speedUp, newSteps, begin);
  }

  private ExecutionInput with(
      Instruments newInstruments,
      double newSpeedUp,
      List<Step> newSteps,
      @Nullable Begin newBegin) {
    return new ExecutionInput(
        executionId,
        workflowName,
        cellLine,
        vesselId,
        operationType,
        profile,
        newInstruments,
        newSpeedUp,
        newSteps,
        warnings,
        metadata,
        materialCostUsd,
        instrumentCostUsd,
        durationMinutes,
        newBegin,
        rerunOf);
  }
}

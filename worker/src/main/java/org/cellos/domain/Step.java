package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A leaf unit operation at one position of one execution.
 *
 * @param stepIndex position in the whole execution, from 0
 * @param path readable position in the protocol, from 1: {@code 2.3} is the third sub-step of the
 *     second unit operation
 * @param unitOp a leaf
 * @param window when it may begin; null for whenever its turn comes
 * @param role null for an ordinary step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Step(
    int stepIndex,
    String path,
    UnitOp unitOp,
    @Nullable ExposureWindow window,
    @Nullable StepRole role) {
  public Step {
    if (stepIndex < 0) {
      throw new IllegalArgumentException("step_index must be 0 or more, not " + stepIndex);
    }
    if (unitOp.isComposite()) {
      throw new IllegalArgumentException(
          "step " + stepIndex + " (" + unitOp.name() + ") is a composite: only leaves are steps");
    }
    if (window != null && (role != null || window.sinceStep() >= stepIndex)) {
      throw new IllegalArgumentException(
          "step " + path + " must be an ordinary one, after the step that its window counts from");
    }
  }

  /** An ordinary step that may begin whenever its turn comes. */
  public Step(int stepIndex, String path, UnitOp unitOp) {
    this(stepIndex, path, unitOp, null, null);
  }

  /** Expands composites, however deep, and numbers the leaves through the whole execution. */
  public static List<Step> numbered(List<UnitOp> unitOps) {
    List<Step> steps = new ArrayList<>();
    addLeaves("", unitOps, steps);
    return List.copyOf(steps);
  }

  private static void addLeaves(String parentPath, List<UnitOp> unitOps, List<Step> steps) {
    for (int i = 0; i < unitOps.size(); i++) {
      UnitOp unitOp = unitOps.get(i);
      String path = parentPath + (i + 1);
      if (unitOp.isComposite()) {
        addLeaves(path + ".", unitOp.subSteps(), steps);
      } else {
        steps.add(new Step(steps.size(), path, unitOp));
      }
    }
  }

  /** The same, under another name and with other parameters. */
  public Step with(String name, Parameters parameters) {
    return new Step(stepIndex, path, unitOp.with(name, parameters), window, role);
  }

  public String name() {
    return unitOp.name();
  }

  public String operationType() {
    return unitOp.operationType();
  }

  /** The same for every attempt and on every machine: a name-based UUID. */
  public String stepId(String executionId) {
    return idOf(executionId, stepIndex);
  }

  public static String idOf(String executionId, int stepIndex) {
    return UUID.nameUUIDFromBytes((executionId + "/" + stepIndex).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}

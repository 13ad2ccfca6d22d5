package org.cellos.domain;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Steps during which an execution has equipment that others may want: it takes all of it together
 * before the first of them, and gives it back after the last. So nobody who has something waits for
 * more, and no two executions wait for each other.
 *
 * <p>A plate stays on a robot from being set down to being taken away, and where a step has a time
 * to keep since an earlier one, what it needs is there before the clock starts.
 *
 * @param firstStep index of the first step
 * @param lastStep index of the last step
 * @param needs {@code robot/ID}, or a kind of equipment: {@code centrifuge}, {@code incubator};
 *     sorted
 */
public record LeaseSpan(int firstStep, int lastStep, List<String> needs) {
  public static final String ROBOT = "robot/";
  private static final String CENTRIFUGE = "centrifuge";
  private static final String INCUBATOR = "incubator";

  /** Kinds of equipment of which any one will do. */
  public static final List<String> KINDS = List.of(CENTRIFUGE, INCUBATOR);

  public LeaseSpan {
    needs = List.copyOf(needs);
  }

  /**
   * Of all steps, in their order; none overlaps another. Empty for virtual instruments, of which
   * there are always enough.
   */
  public static List<LeaseSpan> of(ExecutionInput input) {
    if (input.instruments() == Instruments.VIRTUAL) {
      return List.of();
    }
    List<LeaseSpan> spans = new ArrayList<>();
    for (Step step : input.steps()) {
      List<String> needs = needs(step);
      // What leaves a safe state behind waits for nobody.
      if (!needs.isEmpty() && step.role() != StepRole.SAFE_STATE) {
        add(spans, reach(input.steps(), step, needs));
      }
    }
    return List.copyOf(spans);
  }

  private static List<String> needs(Step step) {
    return switch (step.operationType()) {
      case "robot_protocol", "carry" ->
          step.unitOp().parameters().values().get("robot") instanceof String id
              ? List.of(ROBOT + id)
              : List.of();
      case "centrifuge" -> List.of(CENTRIFUGE);
      case "incubate" -> List.of(INCUBATOR);
      default -> List.of();
    };
  }

  /** From before the clock starts of every time in which the step stands. */
  private static LeaseSpan reach(List<Step> steps, Step step, List<String> needs) {
    int first = step.stepIndex();
    for (Step timed : steps) {
      ExposureWindow window = timed.window();
      if (window != null
          && window.atMostMinutes() != null
          && window.sinceStep() < step.stepIndex()
          && step.stepIndex() <= timed.stepIndex()) {
        first = Math.min(first, window.sinceStep());
      }
    }
    return new LeaseSpan(first, step.stepIndex(), needs);
  }

  private static void add(List<LeaseSpan> spans, LeaseSpan next) {
    LeaseSpan merged = next;
    while (!spans.isEmpty() && spans.get(spans.size() - 1).joins(merged)) {
      merged = spans.remove(spans.size() - 1).with(merged);
    }
    spans.add(merged);
  }

  /** Those that overlap, and those that follow each other on one and the same equipment. */
  private boolean joins(LeaseSpan later) {
    return later.firstStep <= lastStep
        || (later.firstStep == lastStep + 1
            && later.needs.equals(needs)
            && needs.get(0).startsWith(ROBOT));
  }

  private LeaseSpan with(LeaseSpan later) {
    Set<String> all = new TreeSet<>(needs);
    all.addAll(later.needs);
    return new LeaseSpan(
        Math.min(firstStep, later.firstStep), Math.max(lastStep, later.lastStep), List.copyOf(all));
  }

  public boolean contains(int stepIndex) {
    return firstStep <= stepIndex && stepIndex <= lastStep;
  }
}

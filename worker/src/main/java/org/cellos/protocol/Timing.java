package org.cellos.protocol;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.Step;
import org.cellos.domain.StepRole;
import org.cellos.domain.UnitOp;
import org.jspecify.annotations.Nullable;

/**
 * What is said beside the operations of a protocol: marks, windows and their rescue. Puts the
 * rescue steps where they belong, and numbers all steps. Used once; not thread-safe.
 */
final class Timing {
  private final Problems problems;
  private final IdentityHashMap<UnitOp, Window> windows = new IdentityHashMap<>();
  private final Map<String, Mark> marks = new LinkedHashMap<>();
  private final Set<UnknownMark> unknown = new LinkedHashSet<>();

  Timing(Problems problems) {
    this.problems = problems;
  }

  /** Where a mark is written, and the operation that it marks. */
  private record Mark(YamlNode source, UnitOp unitOp) {}

  /** A window of which the operation is known that it counts from. */
  private record Window(TemplateStep.Window written, UnitOp since, List<UnitOp> rescue) {}

  private record UnknownMark(TemplateStep.Window written, Set<String> known) {}

  /** What is written beside an operation that is performed in any case; in their order. */
  void note(TemplateStep.Head head, UnitOp unitOp, List<UnitOp> rescue) {
    head.window()
        .ifPresent(
            written -> {
              Mark since = marks.get(written.since());
              if (since == null) {
                unknown.add(new UnknownMark(written, new LinkedHashSet<>(marks.keySet())));
              } else {
                windows.put(unitOp, new Window(written, since.unitOp(), rescue));
              }
            });
    head.mark()
        .ifPresent(
            mark -> {
              // The same place again is a step that is done several times: the newest counts.
              Mark former = marks.put(mark, new Mark(head.source(), unitOp));
              if (former != null && former.source() != head.source()) {
                problems.add(
                    head.source().problemOf("the mark '" + mark + "' is there twice: keep one"));
              }
            });
  }

  /** What is written beside an operation that is not performed in any case. */
  void refuse(TemplateStep.Head head) {
    if (head.mark().isPresent() || head.window().isPresent()) {
      problems.add(
          head.source()
              .problemOf(
                  "may be left out, so it can have neither 'mark' nor 'window': write them beside a"
                      + " step of the protocol itself"));
    }
  }

  /** After the last operation, when all marks are known. */
  void addProblems() {
    for (UnknownMark window : unknown) {
      String since = window.written().since();
      problems.add(
          window
              .written()
              .source()
              .problemOf(
                  marks.containsKey(since)
                      ? "the mark '"
                          + since
                          + "' is that of no earlier step: a window counts from"
                          + " one before it"
                      : "the mark '"
                          + since
                          + "' is not known"
                          + NearestName.hint(since, window.known())));
    }
  }

  /** All steps, with the rescue steps before those that they are for, and the safe state last. */
  List<Step> numbered(List<UnitOp> unitOps, List<UnitOp> safeState) {
    List<Step> steps = new ArrayList<>();
    IdentityHashMap<UnitOp, Integer> indices = new IdentityHashMap<>();
    for (Step step : Step.numbered(unitOps)) {
      @Nullable Window window = windows.get(step.unitOp());
      if (window != null) {
        add(steps, step.path() + "r", window.rescue(), StepRole.RESCUE);
      }
      indices.put(step.unitOp(), steps.size());
      steps.add(
          new Step(steps.size(), step.path(), step.unitOp(), exposure(window, indices), null));
    }
    add(steps, "S", safeState, StepRole.SAFE_STATE);
    return List.copyOf(steps);
  }

  private static void add(List<Step> steps, String prefix, List<UnitOp> unitOps, StepRole role) {
    for (Step step : Step.numbered(unitOps)) {
      steps.add(new Step(steps.size(), prefix + step.path(), step.unitOp(), null, role));
    }
  }

  private static @Nullable ExposureWindow exposure(
      @Nullable Window window, IdentityHashMap<UnitOp, Integer> indices) {
    Integer since = window == null ? null : indices.get(window.since());
    return window == null || since == null
        ? null
        : new ExposureWindow(
            since,
            window.written().atLeastMinutes().orElse(null),
            window.written().atMostMinutes().orElse(null));
  }

  /** The same warnings, about the steps as they are numbered in the end. */
  static List<ProtocolWarning> renumbered(List<ProtocolWarning> warnings, List<Step> steps) {
    List<Step> ordinary = steps.stream().filter(step -> step.role() == null).toList();
    return warnings.stream()
        .map(
            warning ->
                warning.stepIndex() == null
                    ? warning
                    : ProtocolWarning.atStep(
                        warning.code(),
                        ordinary.get(warning.stepIndex()).stepIndex(),
                        warning.message(),
                        warning.fix()))
        .toList();
  }
}

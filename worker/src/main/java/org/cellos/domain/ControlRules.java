package org.cellos.domain;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides between what people ask of an execution, whoever asks and in whatever order. Pure: the
 * one place that says what is legal, and what it leads to.
 */
public final class ControlRules {
  private ControlRules() {}

  /**
   * Where an execution stands when something is asked of it.
   *
   * @param steps all of its steps
   * @param state how far it is
   * @param isUnderWay whether its next step has begun, or may have
   * @param isCancelling whether a cancel has been asked for
   * @param hasEnded whether its end is being recorded, or has been
   */
  public record Situation(
      List<Step> steps,
      ExecutionState state,
      boolean isUnderWay,
      boolean isCancelling,
      boolean hasEnded) {}

  /** What becomes of a request. */
  public sealed interface Ruling {
    /** It has its effect. */
    record Accepted(Controls controls) implements Ruling {}

    /** It has had its effect before. */
    record Known() implements Ruling {}

    /**
     * It has none.
     *
     * @param why one sentence for the person
     */
    record Refused(String why) implements Ruling {}
  }

  public static Ruling rule(Situation now, ControlRequest request) {
    Controls controls = now.state().steering();
    if (controls.hasHandled(request.requestId())) {
      return new Ruling.Known();
    }
    String refusal = now.hasEnded() ? "The execution has ended." : refusal(now, request.control());
    return refusal == null
        ? new Ruling.Accepted(effect(controls, request).handling(request.requestId()))
        : new Ruling.Refused(refusal);
  }

  private static Controls effect(Controls controls, ControlRequest request) {
    Control control = request.control();
    if (control instanceof Control.Pause) {
      return controls.paused(request);
    }
    if (control instanceof Control.Resume) {
      return controls.resumed();
    }
    if (control instanceof Control.Skip skip) {
      return controls.skipping(skip.stepIndex(), request);
    }
    // A retry is always refused; see below.
    Control.Edit edit = (Control.Edit) control;
    return controls.edited(edit.stepIndex(), edit.changes());
  }

  private static @Nullable String refusal(Situation now, Control control) {
    // What stops everything comes before whatever else is wished.
    if (now.isCancelling()) {
      return "The execution is being cancelled: nothing else can be asked of it any more.";
    }
    if (control instanceof Control.Pause pause) {
      return refusal(now, pause);
    }
    if (control instanceof Control.Resume) {
      return now.state().steering().isPauseAsked()
          ? null
          : now.state().question() != null
              ? "The execution waits for an answer, not for a resume: say what happened with"
                  + " 'cellos decide' or 'cellos confirm'."
              : "The execution is not paused.";
    }
    if (control instanceof Control.Skip skip) {
      String refusal = refusal(now, skip.stepIndex(), "left out");
      return refusal == null && now.state().steering().skips().containsKey(skip.stepIndex())
          ? name(now, skip.stepIndex())
              + " is to be left out already, "
              + now.state().steering().skips().get(skip.stepIndex()).byAndWhy()
          : refusal;
    }
    if (control instanceof Control.Edit edit) {
      String refusal = refusal(now, edit.stepIndex(), "changed");
      return refusal == null
          ? refusal(
              now.state().steering().edited(now.steps().get(edit.stepIndex())), edit.changes())
          : refusal;
    }
    return "Only a failed execution can be retried, and this one has not ended.";
  }

  private static @Nullable String refusal(Situation now, Control.Pause pause) {
    ControlRequest known = now.state().steering().pause();
    if (!now.state().hasBegun() && now.state().begin() == null) {
      return "The execution has not begun: there is nothing to pause.";
    }
    if (now.state().failure() != null) {
      return "The execution has failed and is about to end.";
    }
    boolean isMore = pause.atOnce() && !now.state().steering().isPauseAtOnce();
    return known == null || (isMore && now.isUnderWay())
        ? null
        : "The execution is paused already, " + known.byAndWhy();
  }

  private static @Nullable String refusal(Situation now, int stepIndex, String what) {
    if (stepIndex < 0 || stepIndex >= now.steps().size()) {
      return "There is no such step: the execution has " + now.steps().size() + ".";
    }
    if (now.state().isSafeStateUnderWay()) {
      return "The execution has failed, and is about to end once its safe state is reached.";
    }
    int next = now.state().nextStep();
    if (stepIndex < next) {
      return name(now, stepIndex) + " has ended: it cannot be " + what + " any more.";
    }
    if (stepIndex == next && now.isUnderWay()) {
      return name(now, stepIndex)
          + " is under way: it cannot be "
          + what
          + " any more. 'cellos pause --now' interrupts it, 'cellos cancel' ends the execution.";
    }
    return now.state().failure() != null ? "The execution has failed and is about to end." : null;
  }

  private static @Nullable String refusal(Step step, Parameters changes) {
    if (changes.values().isEmpty()) {
      return "Nothing to change was given.";
    }
    Parameters known = step.unitOp().parameters();
    for (Map.Entry<String, Object> change : changes.values().entrySet()) {
      String key = change.getKey();
      Object former = known.values().get(key);
      if (former == null) {
        return "Step "
            + step.path()
            + " has no parameter '"
            + key
            + "'; it has "
            + String.join(", ", known.values().keySet())
            + ".";
      }
      if (!isOfSameKind(former, change.getValue())) {
        return key
            + " of step "
            + step.path()
            + " is "
            + former
            + ": "
            + change.getValue()
            + " is of another kind.";
      }
      boolean mayBeNegative = key.endsWith("temperature_c");
      if (!mayBeNegative
          && change.getValue() instanceof Number number
          && !(number.doubleValue() > 0)) {
        return key + " must be above 0, not " + number + ".";
      }
    }
    return null;
  }

  /** Only what a person can type: numbers, words, and yes or no. */
  private static boolean isOfSameKind(Object former, Object value) {
    return (former instanceof Number && value instanceof Number)
        || (former instanceof String && value instanceof String)
        || (former instanceof Boolean && value instanceof Boolean);
  }

  private static String name(Situation now, int stepIndex) {
    Step step = now.steps().get(stepIndex);
    return "Step " + step.path() + " (" + step.name() + ")";
  }
}

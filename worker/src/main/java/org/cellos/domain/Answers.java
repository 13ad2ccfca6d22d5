package org.cellos.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What questions and answers mean for a step. Pure. */
public final class Answers {
  private static final String VOLUME = "volume_ml";

  private Answers() {}

  /** Asks how an attempt ended that nobody heard of again. */
  public static Question outcomeQuestion(
      Step step, int epoch, StepAction action, String evidence, boolean mayRepeat) {
    Double volume = volume(step, action);
    String again =
        mayRepeat && volume != null
            ? " Doing it again may move " + volume + " mL a second time."
            : "";
    return new Question(
        step.stepIndex(),
        epoch,
        action,
        Question.Kind.OUTCOME,
        "Nobody knows whether step " + step.path() + " (" + step.name() + ") " + was(action) + ".",
        evidence + again,
        choices(mayRepeat, volume != null),
        volume,
        null);
  }

  /** Asks a person to do a step, or a part of it. */
  public static Question confirmation(Step step, int epoch, StepAction action) {
    Double volume = volume(step, action);
    return new Question(
        step.stepIndex(),
        epoch,
        action,
        Question.Kind.CONFIRMATION,
        verb(action) + " step " + step.path() + " by hand and confirm it: " + step.name() + ".",
        way(step) + "Nothing else happens until then.",
        List.of(Choice.DONE, Choice.SKIP, Choice.ABORT),
        volume,
        null);
  }

  /**
   * Asks whether a step is still to be done that comes later than its window allows.
   *
   * @param since the step that the window counts from
   * @param late by how much, at real speed
   * @param rescue what has become of its rescue steps, one sentence
   */
  public static Question late(Step step, int epoch, Step since, Duration late, String rescue) {
    return new Question(
        step.stepIndex(),
        epoch,
        StepAction.BEGIN,
        Question.Kind.LATE,
        "Step "
            + step.path()
            + " ("
            + step.name()
            + ") is late: it had to begin within "
            + Minutes.inWords(Objects.requireNonNull(step.window()).mostMinutes())
            + " of step "
            + since.path()
            + " ("
            + since.name()
            + ").",
        "It is late by " + Minutes.inWords(late) + ". " + rescue,
        List.of(Choice.GO_ON, Choice.SKIP, Choice.ABORT),
        null,
        null);
  }

  /** How the step, or the part that was asked about, has ended by the person's word. */
  public static StepOutcome outcome(
      Question question, Answer answer, Instruments instruments, String stepName) {
    return switch (answer.choice()) {
      case DONE ->
          new StepOutcome.Completed(
              done(
                  question,
                  answer,
                  instruments,
                  question.kind() == Question.Kind.CONFIRMATION
                      ? " did it"
                      : " says that it was done"));
      case PARTLY ->
          new StepOutcome.Completed(
              done(
                  question,
                  answer,
                  instruments,
                  " says that only " + answer.amountMillilitres() + " mL were moved"));
      case GO_ON ->
          new StepOutcome.Completed(said(question, answer, " had it done although it was late"));
      case SKIP -> new StepOutcome.Skipped(said(question, answer, " left it out"));
      case AGAIN ->
          new StepOutcome.Failed(
              new StepFailure(
                  ErrorCode.OUTCOME_UNKNOWN,
                  "Nobody knows how it ended; " + answer.by() + " decided to do it again."));
      case ABORT ->
          new StepOutcome.Failed(
              new StepFailure(
                  ErrorCode.ABORTED,
                  "Aborted by " + answer.by() + " at '" + stepName + "'" + because(answer)));
    };
  }

  private static Parameters done(
      Question question, Answer answer, Instruments instruments, String whatItWas) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", "success");
    result.put("mode", instruments.wireValue());
    if (instruments == Instruments.VIRTUAL) {
      result.put("simulated", true);
    }
    Double volume = question.mostMillilitres();
    if (volume != null) {
      result.put(VOLUME, volume);
    }
    Double moved = moved(question, answer);
    if (moved != null) {
      result.put("moved_ml", moved);
    }
    result.putAll(said(question, answer, whatItWas).values());
    return new Parameters(result);
  }

  /** What was moved, where the person has said so; a decision "done" says no figure. */
  private static @Nullable Double moved(Question question, Answer answer) {
    if (answer.amountMillilitres() != null) {
      return answer.amountMillilitres();
    }
    return question.kind() == Question.Kind.CONFIRMATION ? question.mostMillilitres() : null;
  }

  private static Parameters said(Question question, Answer answer, String whatItWas) {
    Map<String, Object> said = new LinkedHashMap<>();
    String key = question.kind() == Question.Kind.CONFIRMATION ? "confirmed" : "decided";
    said.put(key, answer.choice().wireValue());
    said.put(key + "_by", answer.by());
    said.put("note", answer.by() + whatItWas + because(answer));
    return new Parameters(said);
  }

  private static String because(Answer answer) {
    return answer.reason() == null || answer.reason().isBlank() ? "." : ": " + answer.reason();
  }

  private static List<Choice> choices(boolean mayRepeat, boolean hasVolume) {
    List<Choice> choices = new ArrayList<>();
    choices.add(Choice.DONE);
    if (hasVolume) {
      choices.add(Choice.PARTLY);
    }
    if (mayRepeat) {
      choices.add(Choice.AGAIN);
    }
    choices.add(Choice.SKIP);
    choices.add(Choice.ABORT);
    return choices;
  }

  private static @Nullable Double volume(Step step, StepAction action) {
    Parameters parameters = step.unitOp().parameters();
    return action == StepAction.PERFORM
            && parameters.values().get(VOLUME) instanceof Number volume
            && volume.doubleValue() > 0
        ? (Double) volume.doubleValue()
        : null;
  }

  private static String was(StepAction action) {
    return switch (action) {
      case PERFORM -> "was done";
      case BEGIN, START -> "was started: whether the vessel is in";
      case STOP -> "was ended: whether the vessel is out";
    };
  }

  private static String way(Step step) {
    Parameters parameters = step.unitOp().parameters();
    String from = parameters.optionalText("from").map(place -> "From " + place).orElse("");
    String to = parameters.optionalText("to").map(place -> "to " + place).orElse("");
    String way = (from + " " + to).strip();
    return way.isEmpty() ? "" : Character.toUpperCase(way.charAt(0)) + way.substring(1) + ". ";
  }

  private static String verb(StepAction action) {
    return switch (action) {
      case PERFORM -> "Do";
      case BEGIN, START -> "Begin";
      case STOP -> "End";
    };
  }
}

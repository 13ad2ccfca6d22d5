package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an execution asks a person. It waits for the answer as long as it takes: nothing is assumed.
 * Stored in history: only ever add optional fields.
 *
 * @param stepIndex which step, from 0
 * @param epoch which epoch of it
 * @param action which part of it
 * @param kind why a person is asked
 * @param text one or two sentences: what is asked
 * @param evidence what is known about it
 * @param choices what may be answered
 * @param mostMillilitres the step's volume, for {@link Choice#PARTLY}; null where it has none
 * @param cancelling true where it is asked because the execution is being cancelled; null elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Question(
    int stepIndex,
    int epoch,
    StepAction action,
    Kind kind,
    String text,
    String evidence,
    List<Choice> choices,
    @Nullable Double mostMillilitres,
    @Nullable Boolean cancelling) {

  /** Why a person is asked. */
  public enum Kind {
    /** Nobody knows how an attempt ended. */
    OUTCOME("outcome"),
    /** A person does the step and says so. */
    CONFIRMATION("confirmation"),
    /** The step comes later than its window allows. */
    LATE("late");

    private final String wireValue;

    Kind(String wireValue) {
      this.wireValue = wireValue;
    }

    @JsonValue
    public String wireValue() {
      return wireValue;
    }

    @JsonCreator
    public static Kind ofWireValue(String value) {
      return WireValues.parse(Kind.class, Kind::wireValue, value);
    }
  }

  public Question {
    choices = List.copyOf(choices);
  }

  /** Whether the execution ends once it is answered. */
  public boolean isAskedForCancel() {
    return Boolean.TRUE.equals(cancelling);
  }

  /** The same, because the execution is being cancelled. */
  public Question askedForCancel() {
    return new Question(
        stepIndex,
        epoch,
        action,
        kind,
        "The execution is being cancelled. " + text,
        evidence,
        choices,
        mostMillilitres,
        true);
  }

  public EffectKey effect(String executionId) {
    return new EffectKey(executionId, stepIndex, epoch, action);
  }
}

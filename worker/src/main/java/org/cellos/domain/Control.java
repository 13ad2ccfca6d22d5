package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a person may ask of an open execution, apart from its begin, its cancel and answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "control")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Control.Pause.class, name = "pause"),
  @JsonSubTypes.Type(value = Control.Resume.class, name = "resume"),
  @JsonSubTypes.Type(value = Control.Skip.class, name = "skip"),
  @JsonSubTypes.Type(value = Control.Edit.class, name = "edit"),
  @JsonSubTypes.Type(value = Control.Retry.class, name = "retry"),
})
public sealed interface Control {

  /**
   * Begin no step until somebody says "resume".
   *
   * @param atOnce interrupt the step under way as well, instead of letting it end
   */
  record Pause(boolean atOnce) implements Control {}

  /** Go on. */
  record Resume() implements Control {}

  /**
   * Leave a step out that has not begun; or, of a failed execution, the step that failed.
   *
   * @param stepIndex from 0
   */
  record Skip(int stepIndex) implements Control {}

  /**
   * Change parameters of a step that has not begun.
   *
   * @param stepIndex from 0
   * @param changes the new values of parameters that it has
   */
  record Edit(int stepIndex, Parameters changes) implements Control {}

  /**
   * Take up a failed execution again, with the step that failed.
   *
   * @param stepIndex from 0
   */
  record Retry(int stepIndex) implements Control {}
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an execution knows of its exposure windows; a part of {@link ExecutionState}. Only ever add
 * optional fields.
 *
 * @param marks when the steps ended that windows count from, by their index
 * @param rescue the newest; null while there was none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Exposures(Map<Integer, Instant> marks, @Nullable Rescue rescue) {
  private static final Exposures NONE = new Exposures(Map.of(), null);

  public Exposures {
    marks = marks == null ? Map.of() : Map.copyOf(marks);
  }

  /**
   * The rescue steps of one step are performed, or have been.
   *
   * @param step index of the step that came too late
   * @param epochs of that step, for when its turn comes
   */
  public record Rescue(int step, Map<StepAction, Integer> epochs) {
    public Rescue {
      epochs = Map.copyOf(epochs);
    }
  }

  public static Exposures none() {
    return NONE;
  }

  public Exposures marked(int stepIndex, Instant at) {
    Map<Integer, Instant> more = new TreeMap<>(marks);
    more.put(stepIndex, at);
    return new Exposures(more, rescue);
  }

  public Exposures rescuing(int stepIndex, Map<StepAction, Integer> epochs) {
    return new Exposures(marks, new Rescue(stepIndex, epochs));
  }

  /** Since when a window counts; empty where the step that it counts from was not done. */
  public Optional<Instant> since(ExposureWindow window) {
    return Optional.ofNullable(marks.get(window.sinceStep()));
  }

  /** Whether a step's rescue steps are performed, or have been. */
  public boolean hasRescued(int stepIndex) {
    return rescue != null && rescue.step() == stepIndex;
  }

  /** The epochs that a step begins with. */
  Map<StepAction, Integer> epochsOf(int stepIndex) {
    return rescue != null && rescue.step() == stepIndex ? rescue.epochs() : Map.of();
  }
}

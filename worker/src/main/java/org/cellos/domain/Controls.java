package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What people have asked of an execution and what still holds of it; a part of {@link
 * ExecutionState}. Only ever add optional fields.
 *
 * @param pause the request that pauses it; null while it is to go on
 * @param skips steps to be left out, by their index
 * @param edits changed parameters, by the index of their step
 * @param handled ids of requests that have had their effect, the newest last; the newest {@value
 *     #MOST_HANDLED}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Controls(
    @Nullable ControlRequest pause,
    Map<Integer, ControlRequest> skips,
    Map<Integer, Parameters> edits,
    List<String> handled) {
  public static final int MOST_HANDLED = 200;

  private static final Controls NONE = new Controls(null, Map.of(), Map.of(), List.of());

  public Controls {
    skips = skips == null ? Map.of() : Map.copyOf(skips);
    edits = edits == null ? Map.of() : Map.copyOf(edits);
    handled = handled == null ? List.of() : List.copyOf(handled);
  }

  public static Controls none() {
    return NONE;
  }

  /** Whether the execution is to pause, once the step under way has ended or at once. */
  @JsonIgnore
  public boolean isPauseAsked() {
    return pause != null;
  }

  /** Whether the step under way is not to be waited for. */
  @JsonIgnore
  public boolean isPauseAtOnce() {
    return pause != null && ((Control.Pause) pause.control()).atOnce();
  }

  public Controls paused(ControlRequest request) {
    return new Controls(request, skips, edits, handled);
  }

  public Controls resumed() {
    return new Controls(null, skips, edits, handled);
  }

  public Controls skipping(int stepIndex, ControlRequest request) {
    Map<Integer, ControlRequest> more = new TreeMap<>(skips);
    more.put(stepIndex, request);
    return new Controls(pause, more, edits, handled);
  }

  public Controls edited(int stepIndex, Parameters changes) {
    Map<Integer, Parameters> more = new TreeMap<>(edits);
    Parameters all = more.getOrDefault(stepIndex, Parameters.none());
    for (Map.Entry<String, Object> change : changes.values().entrySet()) {
      all = all.with(change.getKey(), change.getValue());
    }
    more.put(stepIndex, all);
    return new Controls(pause, skips, more, handled);
  }

  /** The same, with a request that has had its effect. */
  public Controls handling(String requestId) {
    List<String> more = new ArrayList<>(handled);
    more.add(requestId);
    return new Controls(
        pause, skips, edits, more.subList(Math.max(0, more.size() - MOST_HANDLED), more.size()));
  }

  public boolean hasHandled(String requestId) {
    return handled.contains(requestId);
  }

  /** The request that leaves a step out, if there is one. */
  public Optional<ControlRequest> skipOf(int stepIndex) {
    return Optional.ofNullable(skips.get(stepIndex));
  }

  /** The step as it is to be performed, which its name says where it was changed. */
  public Step edited(Step step) {
    Parameters changes = edits.get(step.stepIndex());
    if (changes == null) {
      return step;
    }
    Parameters parameters = step.unitOp().parameters();
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, Object> change : new TreeMap<>(changes.values()).entrySet()) {
      parameters = parameters.with(change.getKey(), change.getValue());
      changed.add(change.getKey() + " " + change.getValue());
    }
    return step.with(step.name() + " [changed: " + String.join(", ", changed) + "]", parameters);
  }
}

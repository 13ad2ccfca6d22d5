package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Which activity on which task queue performs a step. Decided once, when the execution begins, and
 * kept in its history: what is registered later does not change a running execution.
 *
 * @param kind kind of activity
 * @param effectClass what repeating an attempt would do
 * @param timed performed as a start, a durable timer and a stop, instead of one call
 * @param taskQueue null for the worker's own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Route(
    RouteKind kind, EffectClass effectClass, boolean timed, @Nullable String taskQueue) {

  public static Route of(RouteKind kind, EffectClass effectClass, boolean timed) {
    return new Route(kind, effectClass, timed, null);
  }
}

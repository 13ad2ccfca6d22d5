package org.cellos.dashboard;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants to be performed: a built-in operation with cell line and vessel, or a
 * protocol of their own.
 *
 * @param executionId an id of the caller's own: asking again with it starts nothing twice; null for
 *     a new one
 * @param operation {@code passage}, {@code thaw}, {@code feed} or {@code coat}; null with {@code
 *     protocol}
 * @param cellLine in any case; null where a protocol of one's own names it or needs none
 * @param vessel id or short name; null where a protocol of one's own names it or needs none
 * @param profile {@code original} (default) or {@code bench}
 * @param protocol the text of a protocol file, in YAML; null with {@code operation}
 * @param protocolName what the caller calls that file; messages about its lines begin with it
 * @param metadata what is noted with the execution
 * @param dryRun true (default) to acknowledge every step without calling anything
 * @param instruments {@code virtual} (default), {@code manual} or {@code hardware}
 * @param robot with {@code hardware}: the robot that does the liquid steps of a plate on its deck,
 *     {@code none} for a person; null for the only one with such a plate
 * @param override why blocking warnings do not count, by hand or on hardware; null where they do
 * @param priority {@code urgent}, {@code normal} (default) or {@code low}: the place in the queue
 *     for robots and equipment
 * @param speedUp how much faster than real time virtual instruments go; null for the usual
 * @param begin true (default) to begin at once; false to create it only
 * @param confirmed a second yes, which everything that is not simulated needs
 */
public record StartRequest(
    @Nullable String executionId,
    @Nullable String operation,
    @Nullable String cellLine,
    @Nullable String vessel,
    @Nullable String profile,
    @Nullable String protocol,
    @Nullable String protocolName,
    @Nullable Map<String, Object> metadata,
    @Nullable Boolean dryRun,
    @Nullable String instruments,
    @Nullable String robot,
    @Nullable String override,
    @Nullable String priority,
    @Nullable Double speedUp,
    @Nullable Boolean begin,
    @Nullable Boolean confirmed) {

  boolean isDryRun() {
    return !Boolean.FALSE.equals(dryRun);
  }

  boolean isBegun() {
    return !Boolean.FALSE.equals(begin);
  }

  boolean isConfirmed() {
    return Boolean.TRUE.equals(confirmed);
  }
}

package org.cellos.dashboard;

import org.jspecify.annotations.Nullable;

/**
 * Which protocol is to be resolved; each field as in {@link StartRequest}.
 *
 * @param operation null with {@code protocol}
 * @param cellLine null where a protocol of one's own names it or needs none
 * @param vessel null where a protocol of one's own names it or needs none
 * @param profile {@code original} (default) or {@code bench}
 * @param protocol null with {@code operation}
 * @param protocolName what the caller calls that file
 * @param instruments with {@code hardware} the steps are those that a robot and a person do
 * @param robot with {@code hardware}
 */
public record ResolveRequest(
    @Nullable String operation,
    @Nullable String cellLine,
    @Nullable String vessel,
    @Nullable String profile,
    @Nullable String protocol,
    @Nullable String protocolName,
    @Nullable String instruments,
    @Nullable String robot) {

  StartRequest asStart() {
    return new StartRequest(
        null,
        operation,
        cellLine,
        vessel,
        profile,
        protocol,
        protocolName,
        null,
        null,
        instruments,
        robot,
        null,
        null,
        null,
        null,
        null);
  }
}

package org.cellos.remote;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.cellos.domain.StepRequest;
import org.jspecify.annotations.Nullable;

/**
 * One step that a program elsewhere performs. Stored in Temporal's history: only ever add optional
 * fields.
 *
 * @param step what the program is given
 * @param taskQueue that it polls
 * @param activity name of its activity's type
 * @param timeoutSeconds of one attempt
 * @param heartbeatSeconds after which silence an attempt counts as lost; null for never
 * @param attempts the most of them, 1 or more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RemoteCall(
    StepRequest step,
    String taskQueue,
    String activity,
    long timeoutSeconds,
    @Nullable Long heartbeatSeconds,
    int attempts) {}

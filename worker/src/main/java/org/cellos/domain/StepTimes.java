package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a step began and ended, as recorded; returned to the workflow so that history holds it.
 *
 * @param startedAt null if no attempt was seen
 * @param endedAt when the outcome was recorded
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepTimes(@Nullable Instant startedAt, Instant endedAt) {}

package org.cellos.store;

import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;

/**
 * What the documented tables have no place for.
 *
 * @param input everything the execution is made of
 * @param fingerprint of what was asked for
 * @param engine which Temporal holds it
 * @param temporalRunId its newest run
 */
public record ExecutionDetails(
    ExecutionInput input, String fingerprint, EngineIdentity engine, String temporalRunId) {}

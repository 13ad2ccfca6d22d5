package org.cellos.store;

import org.cellos.domain.ExecutionState;

/**
 * How far an execution was when its workflow issued a record. The recorder ignores a record that is
 * older than the newest it has seen, and repeats the answer for one it has seen already.
 *
 * @param temporalRunId the Temporal run that issued it; runs are ordered as first seen
 * @param state stored with the record; its sequence rises by one within an execution
 */
public record Snapshot(String temporalRunId, ExecutionState state) {}

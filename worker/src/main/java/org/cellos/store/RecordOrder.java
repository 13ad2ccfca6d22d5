package org.cellos.store;

/**
 * Where a workflow-issued record stands in the life of its execution. The recorder ignores a record
 * that is older than the newest it has seen, and repeats the answer for one it has seen already.
 *
 * @param temporalRunId the Temporal run that issued it; runs are ordered as first seen
 * @param sequence from 1, rising by one within an execution
 */
public record RecordOrder(String temporalRunId, long sequence) {}

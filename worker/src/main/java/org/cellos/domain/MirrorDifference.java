package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A value that the mirror should have, by the history of its execution, and has not.
 *
 * @param executionId the execution
 * @param table which table
 * @param row which row of it, in words; empty for the execution's own
 * @param column which column; {@code (row)} where the whole row is missing or too much
 * @param mirror what the mirror has; null for nothing
 * @param history what it should have; null for nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MirrorDifference(
    String executionId,
    String table,
    String row,
    String column,
    @Nullable String mirror,
    @Nullable String history) {
  public static final String WHOLE_ROW = "(row)";
}

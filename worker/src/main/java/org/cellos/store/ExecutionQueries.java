package org.cellos.store;

import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.domain.StepRecord;

/**
 * Reads the mirror; never writes, and never holds a transaction open between calls. Thread-safe.
 * All methods throw {@link StoreException} when the file cannot be read.
 */
public interface ExecutionQueries {

  Optional<ExecutionRecord> find(String executionId);

  /**
   * Executions whose id begins with {@code prefix}, newest first; for people who type a part of it.
   *
   * @param prefix at least one character
   * @param limit 1 to 1000
   */
  List<ExecutionRecord> findByIdPrefix(String prefix, int limit);

  /** The steps of an execution by index; empty if there is no such execution. */
  List<StepRecord> steps(String executionId);

  /** Every attempt of every step of an execution, by step, epoch and time. */
  List<StepAttemptRecord> attempts(String executionId);

  /** What only this program's executions have; empty for those of the Python original. */
  Optional<ExecutionDetails> details(String executionId);

  /** Newest first. */
  List<ExecutionRecord> list(ExecutionFilter filter);

  /** How many executions the filter matches, its limit aside. */
  long count(ExecutionFilter filter);
}

package org.cellos.store;

import java.time.Instant;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.StepTimes;

/**
 * Writes the mirror. Every method is one transaction, takes the time itself, and may be repeated:
 * repeating changes nothing and answers the same.
 *
 * <p>Thread-safe. All methods throw {@link StoreException} when the file cannot be written; nothing
 * is half-written then.
 */
public interface ExecutionRecorder {

  /**
   * Claims the execution's id and writes it with all its steps as pending.
   *
   * @param fingerprint of what was asked for
   * @param engine which Temporal holds it
   * @param temporalRunId its run
   * @return when the execution was created
   * @throws ExecutionIdInUseException if the id is taken by an execution with another fingerprint,
   *     by one that this program did not write, or by one that was begun on another engine
   */
  Instant open(
      ExecutionInput input, String fingerprint, EngineIdentity engine, String temporalRunId);

  /**
   * The execution is running from now on.
   *
   * @return when it began
   * @throws ExecutionIdInUseException if a newer run has taken the execution over
   */
  Instant begin(String executionId, RecordOrder order, boolean dryRun);

  /**
   * An attempt is about to begin: the step is running, and the attempt is listed. Provisional: it
   * does not change a step whose outcome is recorded.
   *
   * @param worker who tries, for people
   */
  void attemptStarted(AttemptKey key, String worker);

  /**
   * An attempt has ended. Lists how; provisional for the step itself until {@link #recordStep}.
   *
   * <p>A completed attempt completes the step unless it was only its start; after a failed one the
   * step stays running with the error shown, since it may be repeated.
   */
  void attemptEnded(AttemptKey key, StepOutcome outcome);

  /** The outcome of a step, final. */
  StepTimes recordStep(String executionId, RecordOrder order, int stepIndex, StepOutcome outcome);

  /**
   * The outcome of an execution, final. Steps that were never begun become skipped; a step still
   * running becomes failed with the execution's error message.
   *
   * @return when it ended
   */
  Instant recordExecution(String executionId, RecordOrder order, ExecutionOutcome outcome);
}

package org.cellos.store;

import java.time.Instant;
import org.cellos.domain.Answer;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.Question;
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
   * @return when the execution was created
   * @throws ExecutionIdInUseException if the id is taken by an execution with another fingerprint,
   *     by one that this program did not write, or by one that another engine has
   */
  Instant open(ExecutionInput input, String fingerprint, EngineIdentity engine, Snapshot snapshot);

  /**
   * Hands an execution from an engine that is no more to another.
   *
   * @param who takes it over, for people
   * @return whether it was handed over; false if the former engine did not have it any more
   */
  boolean adopt(String executionId, String formerEngineId, EngineIdentity engine, String who);

  /** The same for one that has ended and is to be taken up again. */
  boolean adoptEnded(String executionId, String formerEngineId, EngineIdentity engine, String who);

  /**
   * The execution is running from now on.
   *
   * @return when it began
   * @throws ExecutionIdInUseException if a newer run has taken the execution over
   */
  Instant begin(String executionId, Snapshot snapshot, boolean dryRun);

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

  /**
   * The instrument of an attempt has paused by itself: its execution shows as paused, for that
   * reason, until the instrument goes on or the attempt ends. Provisional: nothing of it is in the
   * history. Only the newest attempt of a step without an outcome counts.
   *
   * @param worker who tries, for people
   * @param reason what the instrument says and what a person has to do there, a sentence or two
   */
  void attemptHeld(AttemptKey key, String worker, String reason);

  /** The instrument of an attempt goes on; changes nothing where it was not held. */
  void attemptGoesOn(AttemptKey key, String worker);

  /** The outcome of a step, final. */
  StepTimes recordStep(String executionId, Snapshot snapshot, int stepIndex, StepOutcome outcome);

  /**
   * Somebody has asked something of the execution, which it follows: kept in the audit log. A retry
   * takes back the end of a failed execution; a changed step shows as what it will be.
   */
  void recordControl(String executionId, Snapshot snapshot, ControlRequest request);

  /** The execution is paused: no step begins until it is resumed. */
  void recordPaused(String executionId, Snapshot snapshot, ControlRequest pause);

  /**
   * Other steps are next than those that would follow: back to the rescue steps of one that comes
   * too late, or on to the safe state. Whatever became of them before, they are to come.
   *
   * @param lastStep the last of them; the first is the snapshot's next step
   * @param why one sentence, for the audit log
   */
  void recordDetour(String executionId, Snapshot snapshot, int lastStep, String why);

  /** A cancel has been asked for, and is not confirmed yet. */
  void recordCancelling(String executionId, Snapshot snapshot, String reason);

  /**
   * The execution is paused until a person answers. Asking the same again is one question. A step
   * whose outcome is unknown shows as failed meanwhile.
   */
  void openDecision(String executionId, Snapshot snapshot, Question question);

  /**
   * A person has answered: the execution goes on, and the ledger knows what that means.
   *
   * @param outcome how the effect in question ended, by the person's word
   * @return since when that counts
   */
  Instant closeDecision(
      String executionId, Snapshot snapshot, Question question, Answer answer, StepOutcome outcome);

  /**
   * The outcome of an execution, final. Open questions are closed. Steps that were never begun
   * become skipped; a step still running becomes failed with the execution's error message.
   *
   * @return when it ended
   */
  Instant recordExecution(String executionId, Snapshot snapshot, ExecutionOutcome outcome);

  /**
   * The outcome of an execution whose workflow ended without recording it: it was terminated, or
   * timed out. Later records of that run change nothing. A step that was under way becomes failed;
   * where nobody knows how it ended, the audit log says so.
   *
   * @param temporalRunId the run that ended
   * @param who found out, for people
   * @return whether it was open until now
   */
  boolean close(String executionId, String temporalRunId, ExecutionOutcome outcome, String who);
}

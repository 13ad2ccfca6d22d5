package org.cellos.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.AuditEntry;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Lease;
import org.cellos.domain.LedgerEntry;
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

  /** How far the execution is, as its newest record said; empty for those of other programs. */
  Optional<ExecutionState> state(String executionId);

  /**
   * The newest epoch of each part of a step that the effect ledger has, and what is known of it.
   *
   * @param engineId the engine on whose behalf is asked
   */
  Map<EffectKey, LedgerEntry> effects(String executionId, int stepIndex, String engineId);

  /** The questions of an execution and their answers, in the order of asking. */
  List<DecisionRecord> decisions(String executionId);

  /** Executions that did this one once more, oldest first. */
  List<String> reruns(String executionId);

  /** What was done to an execution and by whom, in that order; empty if nobody did anything. */
  List<AuditEntry> audit(String executionId);

  /** Executions of this program that have not ended, oldest first. */
  List<Unfinished> unfinished();

  /**
   * An execution that has not ended.
   *
   * @param executionId the execution
   * @param engine which has it
   */
  record Unfinished(String executionId, EngineIdentity engine) {}

  /**
   * The newest attempt of the step that is under way; may have ended, where the step then waits. A
   * step that a person is asked about is not under way.
   */
  Optional<StepAttemptRecord> underWay(String executionId);

  /** When a worker of an engine was last heard of; empty if none ever was. */
  Optional<Instant> workerSeen(String engineId);

  /** What keeps an open execution from going on, where that is known. */
  Optional<String> trouble(String executionId);

  /**
   * Why an instrument that has paused by itself holds an execution, which a person ends at the
   * instrument; empty if none does.
   */
  Optional<String> hold(String executionId);

  /** In the filter's order. */
  List<ExecutionRecord> list(ExecutionFilter filter);

  /** In the filter's order, and where the next page begins. */
  ExecutionPage page(ExecutionFilter filter);

  /** How many executions the filter matches, its limit and its place aside. */
  long count(ExecutionFilter filter);

  /** The same for each status, whichever the filter wants; without those that none has. */
  Map<ExecutionStatus, Long> countByStatus(ExecutionFilter filter);

  /**
   * The questions that wait for a person, oldest first.
   *
   * @param limit 1 to 1000
   */
  List<DecisionRecord> openDecisions(int limit);

  /**
   * Differs from the answer before whenever anybody has written since, in whichever process.
   * Nothing else can be read off it.
   */
  long changes();

  /**
   * Who has robots and other equipment, or waits for them: those who have come first, then those
   * who wait, in the order in which it is their turn.
   */
  List<Lease> leases();
}

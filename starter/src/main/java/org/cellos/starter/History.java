package org.cellos.starter;

import java.util.Optional;
import org.cellos.domain.Begin;
import org.cellos.domain.DecisionRecord;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.engine.EngineLocks;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.WorkflowExecutor;

/**
 * What a command reads: the mirror, and whether the processes that its executions are in still
 * live.
 */
record History(ExecutionQueries queries, EngineLocks locks) {
  static History of(MirrorDatabase mirror) {
    return new History(mirror.queries(), WorkflowExecutor.locks(mirror.file()));
  }

  static History of(WorkflowExecutor executor) {
    return new History(executor.queries(), executor.locks());
  }

  /**
   * Whether an execution looks as if it went on, but the process that performed it has ended. One
   * that waits for a person, or for its begin, is not abandoned.
   */
  boolean isAbandoned(ExecutionRecord record) {
    return isUnderWay(record)
        && queries
            .details(record.executionId())
            .map(ExecutionDetails::engine)
            .filter(engine -> engine.kind() == EngineIdentity.Kind.IN_MEMORY)
            .filter(engine -> !locks.isHeld(engine.id()))
            .isPresent();
  }

  void warnIfAbandoned(Terminal terminal, ExecutionRecord record) {
    if (isAbandoned(record)) {
      terminal
          .err()
          .println(
              "Note: "
                  + record.executionId()
                  + " is not going on: the process that performed it has ended. "
                  + howToGoOn(record.executionId()));
    }
  }

  /** The command that takes an execution up where it is. */
  String howToGoOn(String executionId) {
    boolean dryRun = begin(executionId).map(Begin::dryRun).orElse(true);
    return "Go on with: cellos execute " + executionId + (dryRun ? "" : " --execute");
  }

  /** The question that a person has to answer, if there is one. */
  Optional<DecisionRecord> openQuestion(String executionId) {
    return queries.decisions(executionId).stream().filter(DecisionRecord::isOpen).findFirst();
  }

  private boolean isUnderWay(ExecutionRecord record) {
    return record.status() == ExecutionStatus.RUNNING
        || (record.status() == ExecutionStatus.PENDING && begin(record.executionId()).isPresent());
  }

  private Optional<Begin> begin(String executionId) {
    return queries.state(executionId).map(ExecutionState::begin);
  }
}

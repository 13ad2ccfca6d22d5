package org.cellos.starter;

import java.util.List;
import java.util.Optional;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepRecord;
import org.cellos.json.Json;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.ExecutionQueries;

/** Prints one execution as the history has it. */
final class ExecutionPrinter {
  private final Terminal terminal;
  private final ExecutionQueries queries;
  private final boolean json;

  ExecutionPrinter(Terminal terminal, ExecutionQueries queries, boolean json) {
    this.terminal = terminal;
    this.queries = queries;
    this.json = json;
  }

  ExecutionRecord print(String executionId) {
    ExecutionRecord record = Executions.find(queries, executionId);
    List<StepRecord> steps = queries.steps(record.executionId());
    Optional<ExecutionDetails> details = queries.details(record.executionId());
    terminal
        .out()
        .println(
            json
                ? Json.writePretty(ExecutionView.of(queries, record, steps))
                : Tables.execution(record, steps, details));
    Executions.warnIfAbandoned(terminal, queries, record);
    return record;
  }
}

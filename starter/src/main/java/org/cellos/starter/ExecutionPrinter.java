package org.cellos.starter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.StepRecord;
import org.cellos.json.Json;
import org.cellos.store.ExecutionDetails;
import org.cellos.view.ExecutionView;
import org.cellos.view.History;
import org.cellos.view.WebUi;

/** Prints one execution as the history has it. */
final class ExecutionPrinter {
  private final Terminal terminal;
  private final History history;
  private final boolean json;

  ExecutionPrinter(Terminal terminal, History history, boolean json) {
    this.terminal = terminal;
    this.history = history;
    this.json = json;
  }

  ExecutionRecord print(String executionId) {
    ExecutionRecord record = Executions.find(history.queries(), executionId);
    List<StepRecord> steps = history.queries().steps(record.executionId());
    Optional<ExecutionDetails> details = history.queries().details(record.executionId());
    Optional<String> webUi =
        details.flatMap(known -> WebUi.link(terminal.environment(), record.executionId(), known));
    terminal
        .out()
        .println(
            json
                ? Json.writePretty(ExecutionView.of(history, record, steps, webUi.orElse(null)))
                : Tables.execution(history.undisguised(record), steps, details, history, webUi));
    Stream.concat(history.obstacles(record).stream(), history.leftStanding(record).stream())
        .forEach(note -> terminal.err().println("Note: " + note));
    return record;
  }
}

package org.cellos.store;

import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.attempt;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;

import java.nio.file.Path;
import org.cellos.domain.ExecutionOutcome;

/** Performs executions in the mirror; started by tests as a process of its own. */
final class WriterProcess {
  private WriterProcess() {}

  /**
   * @param arguments file, name of the writer, how many executions
   */
  public static void main(String[] arguments) {
    try (MirrorDatabase database = MirrorDatabase.open(Path.of(arguments[0]))) {
      write(database, arguments[1], Integer.parseInt(arguments[2]));
    }
  }

  /** Seven transactions an execution, one of them with an entry of the audit log. */
  static void write(MirrorDatabase database, String name, int executions) {
    ExecutionRecorder recorder = database.recorder();
    for (int i = 0; i < executions; i++) {
      String id = name + "-" + i;
      recorder.open(input(id, 2), "print", ENGINE, order("run", 0));
      recorder.begin(id, order("run", 1), false);
      recorder.attemptStarted(attempt(id, 0, 1), name);
      recorder.attemptEnded(attempt(id, 0, 1), completed());
      recorder.recordStep(id, order("run", 2), 0, completed());
      recorder.recordExecution(id, order("run", 3), ExecutionOutcome.completed());
      database.upkeep().note(id, 1, name, "looks good", "request-1");
    }
  }
}

package org.cellos.starter;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.cellos.client.ExecutionUnreachableException;
import org.cellos.domain.Control;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.Step;
import org.cellos.store.ExecutionDetails;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import org.cellos.worker.WorkflowExecutor;

/** Asks something of an execution for a person. */
final class Controlling {
  private static final int MOST_TRIES = 3;

  private final Session session;
  private final PersonOptions person;

  Controlling(Session session, PersonOptions person) {
    this.session = session;
    this.person = person;
  }

  /** What a person asks, once it is known of which execution. */
  interface Wish {
    Control of(ExecutionRecord record, History history);
  }

  /**
   * Returns when it is recorded; where that lets the execution go on and no other process performs
   * it, this one does so to its end.
   *
   * @param goesOn whether the execution is to go on by that
   */
  ExitCode ask(String idOrPrefix, Wish wish, boolean goesOn) {
    String executionId;
    ControlRequest request;
    try (MirrorDatabase mirror = Executions.openHistory(session.terminal(), session.database())) {
      History history = History.of(mirror);
      ExecutionRecord record = Executions.find(mirror.queries(), idOrPrefix);
      executionId = record.executionId();
      Control control = wish.of(record, history);
      requirePerformed(history, record, control);
      request =
          new ControlRequest(UUID.randomUUID().toString(), person.by(), person.reason(), control);
    }
    for (int tries = 1; ; tries++) {
      try {
        return ask(executionId, request, goesOn);
      } catch (ExecutionUnreachableException e) {
        // Whoever performed it has ended meanwhile; what it took already is not taken twice.
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private ExitCode ask(String executionId, ControlRequest request, boolean goesOn) {
    try (WorkflowExecutor executor = session.reachFor(request, executionId)) {
      if (goesOn && executor.hasWorker()) {
        return new Following(session.terminal(), executor, session.output(), false)
            .perform(executionId, () -> control(executor, executionId, request), Optional.empty());
      }
      control(executor, executionId, request);
      new ExecutionPrinter(
              session.terminal(), History.of(executor.mirror()), session.output().json())
          .print(executionId);
      return ExitCode.OK;
    }
  }

  private void control(WorkflowExecutor executor, String executionId, ControlRequest request) {
    executor.control(executionId, request);
    session
        .terminal()
        .err()
        .println("Recorded: " + word(request.control()) + ", " + request.byAndWhy());
  }

  private static String word(Control control) {
    return control instanceof Control.Pause
        ? "pause"
        : control instanceof Control.Resume
            ? "resume"
            : control instanceof Control.Skip
                ? "skip"
                : control instanceof Control.Edit ? "edit" : "retry";
  }

  /** Whoever changes what nobody performs must not set it in motion by that. */
  private static void requirePerformed(History history, ExecutionRecord record, Control control) {
    boolean changesOnly = control instanceof Control.Skip || control instanceof Control.Edit;
    if (changesOnly && history.isAbandoned(record)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "Nobody performs "
              + record.executionId()
              + " now. Pause it first, so that no step begins by this: cellos pause "
              + record.executionId());
    }
  }

  /**
   * The index of a step that a person has named.
   *
   * @param path as tables show it
   */
  static int stepIndex(History history, ExecutionRecord record, String path) {
    List<Step> steps =
        history
            .queries()
            .details(record.executionId())
            .map(ExecutionDetails::input)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.BAD_INPUT,
                        record.executionId()
                            + " was written by another program: nothing can be asked of it."))
            .steps();
    return steps.stream()
        .filter(step -> step.path().equals(path))
        .map(Step::stepIndex)
        .findFirst()
        .orElseThrow(
            () ->
                new CommandException(
                    ExitCode.BAD_INPUT,
                    "There is no step '"
                        + path
                        + "'. 'cellos show "
                        + record.executionId()
                        + "' shows them; they go from "
                        + steps.get(0).path()
                        + " to "
                        + steps.get(steps.size() - 1).path()
                        + "."));
  }
}

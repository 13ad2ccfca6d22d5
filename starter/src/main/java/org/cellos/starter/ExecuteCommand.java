package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.Instruments;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Begins a created execution, or goes on with an interrupted one, and waits for its end. */
@Command(
    name = "execute",
    description =
        "Performs a created execution, or goes on with one whose process has ended: a dry run, or"
            + " with --execute on the instruments.",
    mixinStandardHelpOptions = true)
final class ExecuteCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The execution's id, or the beginning of it.")
  private String id = "";

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  ExecuteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    boolean dryRun = run.begin().dryRun();
    Optional<Duration> timeout = run.timeout();
    String executionId = Executions.find(terminal, database, id).executionId();
    begun(executionId)
        .ifPresentOrElse(
            begin -> requireSame(begin, dryRun),
            () ->
                run.requireYes(
                    instruments(executionId), "the steps with 'cellos show " + executionId + "'"));
    Session session = new Session(terminal, database, engine, output);
    if (run.detach()) {
      try (WorkflowExecutor executor = session.reach(executionId, null)) {
        return session
            .detach(executor, executionId, () -> begin(executor, executionId, dryRun))
            .number();
      }
    }
    return session
        .seeThrough(executionId, null, executor -> begin(executor, executionId, dryRun), timeout)
        .number();
  }

  /** Two that begin the same at once both see it through. */
  private void begin(WorkflowExecutor executor, String executionId, boolean dryRun) {
    if (begun(executionId).isPresent()) {
      return;
    }
    try {
      executor.begin(executionId, dryRun);
    } catch (ExecutionRefusedException e) {
      Begin begun = begun(executionId).orElseThrow(() -> e);
      requireSame(begun, dryRun);
    }
  }

  private Instruments instruments(String executionId) {
    try (MirrorDatabase history = Executions.openHistory(terminal, database)) {
      return history
          .queries()
          .details(executionId)
          .map(details -> details.input().instruments())
          .orElse(Instruments.VIRTUAL);
    }
  }

  /** How the execution was begun, if it was. */
  private Optional<Begin> begun(String executionId) {
    try (MirrorDatabase history = Executions.openHistory(terminal, database)) {
      return history.queries().state(executionId).map(ExecutionState::begin);
    }
  }

  private static void requireSame(Begin begin, boolean dryRun) {
    if (begin.dryRun() != dryRun) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          begin.dryRun()
              ? "This execution was begun as a dry run. Leave --execute out to go on with it."
              : "This execution was begun with --execute. Give --execute to go on with it.");
    }
  }
}

package org.cellos.starter;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.store.MirrorDatabase;
import org.cellos.view.History;
import org.cellos.worker.Rerun;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Does an execution once more, as a new one that says so. */
@Command(
    name = "rerun",
    description = "Does an execution once more, whole or from a step on, as a new execution.",
    mixinStandardHelpOptions = true)
final class RerunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "ID", description = "The former execution's id, or the beginning of it.")
  private String id = "";

  @Option(
      names = "--from-step",
      paramLabel = "STEP",
      description =
          "Begin with this step, as 'show' numbers it; those before it count as done (default: all"
              + " is done again).")
  private @Nullable String fromStep;

  @Option(names = "--id", paramLabel = "NEW", description = "The new execution's id.")
  private @Nullable String newId;

  @Option(
      names = "--wells",
      paramLabel = "WHICH",
      description =
          "Where a robot was stopped in the middle of a plate: rest leaves out the wells that were"
              + " begun, all does every well (it is another plate).")
  private @Nullable String wells;

  @Mixin private RunOptions run = new RunOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RerunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ExecutionInput input = input();
    boolean detach = run.detach();
    Session session = new Session(terminal, database, engine, output);
    try (WorkflowExecutor executor = session.openWhereNeeded()) {
      if (detach) {
        return session.detach(executor, input.executionId(), () -> executor.create(input)).number();
      }
      return new Following(terminal, executor, output, false)
          .perform(input.executionId(), () -> executor.create(input), run.timeout())
          .number();
    }
  }

  private ExecutionInput input() {
    try (MirrorDatabase mirror = Executions.openHistory(terminal, database)) {
      History history = History.of(mirror);
      ExecutionRecord record = Executions.find(mirror.queries(), id);
      if (!record.status().isTerminal()) {
        throw new CommandException(
            ExitCode.BAD_INPUT,
            "The execution "
                + record.executionId()
                + " has not ended: it is "
                + record.status()
                + ". Let it end or cancel it first.");
      }
      int first = fromStep == null ? 0 : Controlling.stepIndex(history, record, fromStep);
      ExecutionInput former =
          mirror
              .queries()
              .details(record.executionId())
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.BAD_INPUT,
                          record.executionId()
                              + " was written by another program and cannot be done again here."))
              .input();
      run.requireYes(former.instruments(), "the steps with 'cellos show " + id + "'");
      return Rerun.of(
          mirror.file(),
          history,
          Optional.ofNullable(newId).orElseGet(ExecutionInputs::newExecutionId),
          former,
          first,
          run.begin(),
          wells());
    }
  }

  private Rerun.@Nullable Wells wells() {
    try {
      return wells == null ? null : Rerun.Wells.ofWireValue(wells);
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.BAD_INPUT, "--wells " + e.getMessage() + ".", e);
    }
  }
}

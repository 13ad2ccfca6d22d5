package org.cellos.starter;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.cellos.client.ExecutionElsewhereException;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.worker.WorkflowExecutor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Resolves a protocol, performs it and prints what happened. */
@Command(
    name = "run",
    description = "Performs a protocol: a dry run, or with --execute on the instruments.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private ProtocolOptions protocol = new ProtocolOptions();
  @Mixin private ExecutionOptions execution = new ExecutionOptions();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private DatabaseOptions database = new DatabaseOptions();
  @Mixin private EngineOptions engine = new EngineOptions();
  @Mixin private OutputOptions output = new OutputOptions();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ResolvedProtocol resolved = protocol.resolve(terminal);
    ExecutionInput input =
        execution.input(terminal, database.robotsFile(terminal), resolved, run.begin());
    run.requireYes(
        input.instruments(),
        input.steps().equals(resolved.steps()) ? "the steps with 'resolve'" : "what it says above");
    Optional<Duration> timeout = run.timeout();
    if (run.begin().dryRun() && input.instruments() == Instruments.MANUAL) {
      terminal
          .err()
          .println("A dry run: nobody is asked to do anything. Give --execute to do it by hand.");
    }
    boolean detach = run.detach();
    Session session = new Session(terminal, database, engine, output);
    try (WorkflowExecutor executor = session.openWhereNeeded()) {
      if (detach) {
        return session.detach(executor, input.executionId(), () -> executor.create(input)).number();
      }
      return new Following(terminal, executor, output, false)
          .perform(input.executionId(), () -> executor.create(input), timeout)
          .number();
    } catch (ExecutionElsewhereException | HolderGoneException e) {
      // The same command was given twice: both see the one execution through.
      return join(session, input.executionId(), timeout).number();
    }
  }

  private static ExitCode join(Session session, String executionId, Optional<Duration> timeout) {
    try {
      return session.seeThrough(executionId, null, reached -> {}, timeout);
    } catch (ExecutionRefusedException e) {
      // The other was faster still: it has ended.
      return session.ended(executionId).orElseThrow(() -> e);
    }
  }
}

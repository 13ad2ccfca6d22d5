package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.cellos.client.ExecutionInputs;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.starter.JarProcess;
import org.cellos.worker.WorkflowExecutor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 29: the same start, many times at once, and once more when all is over. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class RepeatedStartIT {
  private static final int THREADS = 100;
  private static final int PROCESSES = 6;
  private static final String LATE = "late";

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void oneExecutionComesOfAHundredStartsInOneProgram(BenchEngine engine) throws Exception {
    ResolvedProtocol feed =
        new ProtocolResolver(ProtocolData.load(Optional.empty()))
            .resolve("feed", "iPSC", "T75", Profile.ORIGINAL);
    ExecutionInput input =
        ExecutionInputs.ofResolved(
            "x", feed, Parameters.none(), Instruments.VIRTUAL, 1e6, new Begin(false));
    new Row("29 started 100 times", folder)
        .on(engine)
        .perform(
            bench -> {
              try (WorkflowExecutor executor =
                  WorkflowExecutor.open(
                      bench.database(),
                      engine == BenchEngine.MANAGED
                          ? EngineChoice.managed(bench.server().database())
                          : EngineChoice.inMemory(),
                      WitnessLog.appendingTo(bench.witness()))) {
                assertThat(atOnce(THREADS, () -> startedOrLate(executor, input)))
                    .contains("x")
                    .isSubsetOf("x", LATE);
                executor.await("x");
                assertThatThrownBy(() -> executor.create(input))
                    .isInstanceOf(ExecutionRefusedException.class)
                    .hasMessageContaining("has ended already");
              }
              requireOne(bench, feed.steps().size());
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void oneExecutionComesOfSixProcessesWithTheSameCommand(BenchEngine engine) throws Exception {
    new Row("29 started by 6 processes", folder, 1)
        .on(engine)
        .forEvery(5)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              List<JarProcess> processes = new ArrayList<>();
              for (int i = 0; i < PROCESSES; i++) {
                processes.add(bench.start(Protocols.RUN + "x"));
              }
              List<Integer> exitCodes = new ArrayList<>();
              for (JarProcess process : processes) {
                exitCodes.add(process.exitCode());
              }
              // Who comes when it is over is told so; all others see it through.
              assertThat(exitCodes).contains(GoingOn.DONE);
              assertThat(exitCodes).isSubsetOf(GoingOn.DONE, GoingOn.REFUSED);

              Bench.Result late = bench.process(Protocols.RUN + "x");

              assertThat(late.exitCode()).isEqualTo(GoingOn.REFUSED);
              assertThat(late.out()).isEmpty();
              requireOne(bench, Protocols.EFFECTS_OF_SMALL);
            });
  }

  /** Where the machine is busy, the last of them come when it is over, and are told so. */
  private static String startedOrLate(WorkflowExecutor executor, ExecutionInput input) {
    try {
      return executor.create(input).executionId();
    } catch (ExecutionRefusedException e) {
      assertThat(e).hasMessageContaining("has ended already");
      return LATE;
    }
  }

  private static void requireOne(Bench bench, int effects) throws Exception {
    assertThat(bench.history().texts("SELECT execution_id FROM executions")).containsExactly("x");
    assertThat(bench.history().status("x")).isEqualTo("completed");
    assertThat(bench.effects()).hasSize(effects);
  }

  private static <T> List<T> atOnce(int threads, Callable<T> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(java.util.Collections.nCopies(threads, work))) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}

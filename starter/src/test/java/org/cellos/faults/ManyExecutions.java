package org.cellos.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.engine.EngineChoice;
import org.cellos.instrument.WitnessLog;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;
import org.cellos.worker.WorkflowExecutor;

/** Begins many executions at once in the history of its folder, and sees them to their ends. */
final class ManyExecutions {
  private ManyExecutions() {}

  /**
   * @param arguments how many
   */
  public static void main(String[] arguments) {
    WitnessLog witness = WitnessLog.appendingTo(Path.of(System.getenv(Bench.WITNESS_VARIABLE)));
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(Path.of("data/executions.db"), engine(), witness)) {
      ResolvedProtocol small =
          new ProtocolResolver(ProtocolData.load(Optional.empty()))
              .resolveFile(Path.of("small.yaml"), Optional.empty(), Optional.empty());
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
        ids.add(
            executor
                .create(
                    ExecutionInputs.ofResolved(
                        "x" + i,
                        small,
                        Parameters.none(),
                        Instruments.VIRTUAL,
                        1e5,
                        new Begin(false)))
                .executionId());
      }
      for (String id : ids) {
        ExecutionStatus end = executor.await(id).status();
        if (end != ExecutionStatus.COMPLETED) {
          throw new IllegalStateException(id + " has ended as " + end);
        }
      }
    }
    System.out.println(mostHeapMegabytes());
    // Whatever a library has left running must not keep the process.
    System.exit(0);
  }

  private static EngineChoice engine() {
    return "managed".equals(System.getenv("CELLOS_ENGINE"))
        ? EngineChoice.managed(Path.of("data/temporal.db"))
        : EngineChoice.inMemory();
  }

  /** With garbage: what the heap came to at its fullest. */
  private static long mostHeapMegabytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum()
        >> 20;
  }
}

package org.cellos.bench;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.ExecutionStatus;
import org.cellos.engine.EngineChoice;
import org.cellos.store.ExecutionFilter;
import org.cellos.store.ExecutionQueries;
import org.cellos.worker.WorkflowExecutor;

/**
 * A worker with a thousand open executions, in a process of its own with a limited heap. It writes
 * how many bytes of it are used when all of them wait in an incubation, and one more has run.
 */
public final class OpenExecutions {
  static final int COUNT = 1000;

  private static final long PATIENCE_MINUTES = 5;

  private OpenExecutions() {}

  /**
   * @param arguments database, file for the result, and the kind of engine
   */
  public static void main(String[] arguments) throws Exception {
    Path database = Path.of(arguments[0]);
    EngineChoice choice =
        arguments[2].equals(Benchmarks.MANAGED)
            ? EngineChoice.managed(database.resolveSibling("temporal.db"))
            : EngineChoice.inMemory();
    try (WorkflowExecutor executor = WorkflowExecutor.open(database, choice)) {
      Files.writeString(Path.of(arguments[1]), String.valueOf(usedBytes(executor)));
    }
    // Whatever a library has left running must not keep the process.
    System.exit(0);
  }

  private static long usedBytes(WorkflowExecutor executor) throws Exception {
    ExecutionClient client =
        new ExecutionClient(
            ExecutionClient.temporalClient(
                executor.engine().stubs(), executor.engine().namespace()),
            executor.taskQueue());
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      ExecutionInput input = TenSteps.inputThatStaysOpen();
      client.start(input, null);
      ids.add(input.executionId());
    }
    awaitIncubations(executor.queries(), ids);
    ExecutionInput another = TenSteps.input(new Begin(false));
    executor.create(another);
    ExecutionRecord ended = executor.await(another.executionId());
    if (ended.status() != ExecutionStatus.COMPLETED) {
      throw new IllegalStateException("one more execution ended as " + ended.status());
    }
    long open = executor.queries().count(ExecutionFilter.withStatus(ExecutionStatus.RUNNING));
    if (open != COUNT) {
      throw new IllegalStateException(open + " executions are open, not " + COUNT);
    }
    return usedAfterCollection();
  }

  /** Until each has done its first step and its incubation has been started. */
  private static void awaitIncubations(ExecutionQueries queries, List<String> ids)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
    for (String id : ids) {
      while (queries.attempts(id).stream().filter(attempt -> attempt.endedAt() != null).count()
          < 2) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(id + " does not come to its incubation");
        }
        Thread.sleep(20);
      }
    }
  }

  private static long usedAfterCollection() throws InterruptedException {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(500);
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }
}

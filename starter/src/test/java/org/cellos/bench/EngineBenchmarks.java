package org.cellos.bench;

import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionStatus;
import org.cellos.engine.EngineChoice;
import org.cellos.worker.WorkflowExecutor;

/**
 * Executions on one engine. The bare engine and the program take turns, so that what else the
 * machine does meanwhile hits both.
 */
final class EngineBenchmarks {
  private static final double MOST_TIMES_BARE = 1.3;
  private static final int CONCURRENT = 200;
  private static final double LEAST_RATE = 0.8;
  private static final int CONCURRENT_ROUNDS = 3;

  private final ResultTable table;
  private final String name;
  private final Duration mostToCreate;
  private final Duration mostForDryRun;
  private final int rounds;

  /**
   * @param name of the engine, for people
   * @param rounds how often each is measured; a third as often before, to warm up
   */
  EngineBenchmarks(
      ResultTable table, String name, Duration mostToCreate, Duration mostForDryRun, int rounds) {
    this.table = table;
    this.name = name;
    this.mostToCreate = mostToCreate;
    this.mostForDryRun = mostForDryRun;
    this.rounds = rounds;
  }

  void run(Path folder, EngineChoice choice) throws Exception {
    try (WorkflowExecutor executor =
            WorkflowExecutor.open(folder.resolve("executions.db"), choice);
        BareEngine bare = new BareEngine(executor.engine())) {
      create(executor, bare);
      dryRun(executor, bare);
      virtualSteps(executor, bare);
      concurrent(executor, bare, true);
      concurrent(executor, bare, false);
    }
  }

  /** From the call until the mirror shows the row; bare: a workflow of one local activity. */
  private void create(WorkflowExecutor executor, BareEngine bare) throws Exception {
    Samples bareSamples = new Samples();
    Samples samples = new Samples();
    alternate(
        bareSamples,
        () -> () -> bare.run(1, true).getResult(Void.class),
        samples,
        () -> {
          ExecutionInput input = TenSteps.input(null);
          return () -> executor.create(input);
        });
    table.below("create, until its row is in the mirror", name, mostToCreate, bareSamples, samples);
  }

  private void dryRun(WorkflowExecutor executor, BareEngine bare) throws Exception {
    Samples bareSamples = new Samples();
    Samples samples = new Samples();
    alternate(bareSamples, () -> begun(bare, true), samples, () -> begun(executor, true));
    table.below(
        "dry run of 10 steps, from begin to recorded end",
        name,
        mostForDryRun,
        bareSamples,
        samples);
  }

  private void virtualSteps(WorkflowExecutor executor, BareEngine bare) throws Exception {
    Samples bareSamples = new Samples();
    Samples samples = new Samples();
    alternate(bareSamples, () -> begun(bare, false), samples, () -> begun(executor, false));
    table.ratioBelow(
        "10 virtual steps, from begin to recorded end",
        name,
        MOST_TIMES_BARE,
        bareSamples,
        samples);
  }

  private static Samples.Work begun(BareEngine bare, boolean isDryRun) {
    WorkflowStub created = bare.create(TenSteps.COUNT, isDryRun);
    return () -> bare.beginAndAwait(created);
  }

  private static Samples.Work begun(WorkflowExecutor executor, boolean isDryRun) {
    ExecutionInput input = TenSteps.input(null);
    executor.create(input);
    return () -> {
      ExecutionStatus status = executor.execute(input.executionId(), isDryRun).status();
      if (status != ExecutionStatus.COMPLETED) {
        throw new IllegalStateException("ended as " + status);
      }
    };
  }

  private void concurrent(WorkflowExecutor executor, BareEngine bare, boolean isDryRun)
      throws Exception {
    Samples bareSamples = new Samples();
    Samples samples = new Samples();
    for (int round = -1; round < CONCURRENT_ROUNDS; round++) {
      Samples bareRound = round < 0 ? new Samples() : bareSamples;
      Samples ownRound = round < 0 ? new Samples() : samples;
      bareRound.time(() -> bare.runConcurrently(CONCURRENT, TenSteps.COUNT, isDryRun));
      ownRound.time(() -> runConcurrently(executor, isDryRun));
    }
    table.rateAbove(
        CONCURRENT + " executions of 10 " + (isDryRun ? "dry" : "virtual") + " steps at once",
        name,
        LEAST_RATE,
        rate(bareSamples),
        rate(samples));
  }

  private static void runConcurrently(WorkflowExecutor executor, boolean isDryRun) {
    ExecutionClient client =
        new ExecutionClient(
            ExecutionClient.temporalClient(
                executor.engine().stubs(), executor.engine().namespace()),
            executor.taskQueue());
    List<CompletableFuture<ExecutionOutcome>> ends = new ArrayList<>();
    for (int i = 0; i < CONCURRENT; i++) {
      ExecutionInput input = TenSteps.input(new Begin(isDryRun));
      client.start(input, null);
      ends.add(client.outcome(input.executionId()));
    }
    ends.forEach(CompletableFuture::join);
  }

  private static double rate(Samples samples) {
    return CONCURRENT * TenSteps.COUNT * 1e9 / samples.percentile(50).toNanos();
  }

  /** What is prepared is not measured; what it gives is. */
  private interface Prepared {
    Samples.Work prepare() throws Exception;
  }

  private void alternate(Samples bareSamples, Prepared bare, Samples samples, Prepared own)
      throws Exception {
    for (int round = -rounds / 3; round < rounds; round++) {
      Samples.Work bareWork = bare.prepare();
      (round < 0 ? new Samples() : bareSamples).time(bareWork);
      Samples.Work ownWork = own.prepare();
      (round < 0 ? new Samples() : samples).time(ownWork);
    }
  }
}

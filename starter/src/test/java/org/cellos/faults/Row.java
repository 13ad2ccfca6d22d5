package org.cellos.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

/**
 * Performs a scenario once a seed, judges what is left of each, and prints one line.
 *
 * <p>{@code -Dcellos.faults.seeds} says how many seeds, {@code -Dcellos.faults.seed} which one,
 * {@code -Dcellos.faults.first} the first of them, {@code -Dcellos.faults.engine} on which engine
 * alone.
 */
record Row(String name, Path folder, int atOnce, int every, BenchEngine engine, Judge judge) {

  /** Tag of rows that the three minutes of the smoke have no room for. */
  static final String SUITE_ONLY = "suite-only";

  /** More than two cores, since a short process mostly waits for its own end. */
  private static final int USUALLY_AT_ONCE = 5;

  /**
   * At home different ones with each run: a suite that always kills at the same moments learns
   * nothing. In CI the same: its verdict is on the commit.
   */
  private static final long FIRST =
      Long.getLong("cellos.faults.first", isCi() ? 1 : new Random().nextInt(1_000_000));

  Row(String name, Path folder) {
    this(name, folder, USUALLY_AT_ONCE);
  }

  Row(String name, Path folder, int atOnce) {
    this(name, folder, atOnce, 1, BenchEngine.IN_MEMORY, Invariants::hold);
  }

  /** For what takes more processes than a row should: the first seed, and every so manyth. */
  Row forEvery(int seeds) {
    return new Row(name, folder, atOnce, seeds, engine, judge);
  }

  /** The same, performed by this engine. */
  Row on(BenchEngine performedBy) {
    performedBy.require();
    return new Row(name, folder, atOnce, every, performedBy, judge);
  }

  /** The same, where not all of what usually holds can be left. */
  Row judgedBy(Judge instead) {
    return new Row(name, folder, atOnce, every, engine, instead);
  }

  /** What happens on one bench. */
  interface Scenario {
    void on(Bench bench) throws Exception;
  }

  /** What must be true of a bench at rest. */
  interface Judge {
    void judge(Bench bench) throws Exception;
  }

  static boolean isCi() {
    return Boolean.parseBoolean(System.getenv("CI"));
  }

  /** Whether all of the suite was asked for ({@code ./mvnw -Pfaults verify}), not a smoke of it. */
  static boolean isWholeSuite() {
    return Boolean.getBoolean("cellos.faults.whole");
  }

  private List<Long> seeds() {
    Long seed = Long.getLong("cellos.faults.seed");
    if (seed != null) {
      return List.of(seed);
    }
    int count = Integer.getInteger("cellos.faults.seeds", engine.seeds());
    return LongStream.range(0, count).filter(i -> i % every == 0).mapToObj(i -> FIRST + i).toList();
  }

  /** With one seed, for what takes long enough as it is. */
  void once(Scenario scenario) throws InterruptedException {
    forEvery(Integer.MAX_VALUE).perform(scenario);
  }

  void perform(Scenario scenario) throws InterruptedException {
    long begun = System.nanoTime();
    AtomicInteger questions = new AtomicInteger();
    AtomicInteger effects = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    List<Throwable> failures = new ArrayList<>();
    try {
      List<Future<?>> performed = new ArrayList<>();
      for (long seed : seeds()) {
        performed.add(
            pool.submit(
                () -> {
                  perform(scenario, seed, questions, effects);
                  return null;
                }));
      }
      for (Future<?> future : performed) {
        try {
          future.get();
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    } finally {
      pool.shutdownNow();
    }
    System.out.printf(
        "| %-36s | %-9s | %3d seeds | %3d questions | %4d effects | %3d s |%n",
        name,
        engine,
        seeds().size(),
        questions.get(),
        effects.get(),
        (System.nanoTime() - begun) / 1_000_000_000);
    if (!failures.isEmpty()) {
      AssertionError first = new AssertionError(failures.get(0).getMessage(), failures.get(0));
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  private void perform(
      Scenario scenario, long seed, AtomicInteger questions, AtomicInteger effects) {
    long begun = System.nanoTime();
    try (Bench bench = new Bench(folder.resolve(String.valueOf(seed)), seed, engine)) {
      String outcome = "FAILED";
      try {
        scenario.on(bench);
        judge.judge(bench);
        outcome = "ok";
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "Row "
                + name
                + " on "
                + engine
                + ", seed "
                + seed
                + " (replay it with -Dcellos.faults.seed="
                + seed
                + "): "
                + e.getMessage()
                + "\nWitness:\n"
                + bench.witnessText()
                + "Said:\n"
                + bench.said(),
            e);
      } finally {
        int asked = questions(bench);
        questions.addAndGet(asked);
        effects.addAndGet(bench.effects().size());
        FaultReport.add(this, seed, outcome, asked, bench.effects().size(), begun);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int questions(Bench bench) {
    try {
      return bench.history().texts("SELECT decision_id FROM decisions").size();
    } catch (SQLException e) {
      // There is no history, or it is damaged; the row's own failure says more.
      return 0;
    }
  }
}

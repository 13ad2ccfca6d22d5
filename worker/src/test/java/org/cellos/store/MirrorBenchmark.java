package org.cellos.store;

import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.attempt;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.StepAction;
import org.jspecify.annotations.Nullable;

/**
 * Measures the mirror at 100,000 executions: pages, searches, transactions, and writes during a
 * backup. Run it with {@code java -cp … org.cellos.store.MirrorBenchmark FOLDER}.
 */
final class MirrorBenchmark {
  private static final int REPETITIONS = 100;
  private static final int WRITES = 1000;

  /** Executions, distributed over lines, vessels, people and statuses. */
  private static final String EXECUTIONS =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
      INSERT INTO executions
      SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-' || hex(randomblob(6))),
        'Passage ' || line || ' in ' || vessel, line, vessel, operation,
        CASE WHEN dice < 90 THEN 'completed' WHEN dice < 97 THEN 'failed'
          WHEN dice < 98 THEN 'paused' ELSE 'cancelled' END,
        strftime('%Y-%m-%dT%H:%M:%S.000000+00:00', 1767225600 + i * 120, 'unixepoch'), NULL, NULL,
        CASE WHEN dice BETWEEN 90 AND 96 THEN 'No tips left in rack ' || abs(random() % 50) END,
        json_object('researcher', person, 'batch', 'B-' || abs(random() % 100000))
      FROM (SELECT i, abs(random() % 100) AS dice,
        json_extract('["iPSC","HEK293T","CHO","Jurkat","HeLa"]', '$[' || abs(random() % 5) || ']')
          AS line,
        json_extract('["flask_t75","flask_t25","plate_6well"]', '$[' || abs(random() % 3) || ']')
          AS vessel,
        json_extract('["thaw","feed","passage","coat"]', '$[' || abs(random() % 4) || ']')
          AS operation,
        json_extract('["ada","grace","rosalind","tu","marie"]', '$[' || abs(random() % 5) || ']')
          AS person
        FROM n)""";

  private static final String STEPS =
      """
      INSERT INTO execution_steps
      SELECT lower(hex(randomblob(16))), execution_id, k, 'Dispense DPBS ' || k, 'dispense',
        '{"volume_ml":5.0}', 'completed', created_at, created_at, NULL, '{"mode":"virtual"}'
      FROM executions, (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2)""";

  private MirrorBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Files.createDirectories(Path.of(arguments[0])).resolve("benchmark.db");
    for (String suffix : List.of("", "-wal", "-shm", ".backup")) {
      Files.deleteIfExists(FileWatch.sibling(file, suffix));
    }
    try (WriteConnection writer = WriteConnection.open(file)) {
      writer.transaction(
          sql -> {
            sql.execute(EXECUTIONS);
            sql.execute(STEPS);
            SearchIndex.rebuild(sql);
            return true;
          });
    }
    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      print("", List.of());
      reads(database.queries());
      print("mirror transactions, alone", writes(database, "alone"));
      CompletableFuture<List<Long>> during =
          CompletableFuture.supplyAsync(() -> writes(database, "during"));
      long begin = System.nanoTime();
      Backups.Backup backup = Backups.write(file, FileWatch.sibling(file, ".backup"), true);
      System.out.printf(
          Locale.ROOT,
          "backup of %d MB took %.1f s%n",
          backup.bytes() / 1_000_000,
          (System.nanoTime() - begin) / 1e9);
      print("mirror transactions, during a backup", during.join());
      begin = System.nanoTime();
      Optional<String> damage = database.damage();
      System.out.printf(
          Locale.ROOT,
          "quick_check %.1f s: %s%n",
          (System.nanoTime() - begin) / 1e9,
          damage.orElse("ok"));
    }
  }

  private static void reads(ExecutionQueries queries) {
    print("page of 100", "", null, queries);
    print("page of 100, paused", "", ExecutionStatus.PAUSED, queries);
    for (String text :
        List.of("B-4711", "rack 17", "ada", "HEK293T", "researcher", "nowhere", "B-")) {
      print("'" + text + "'", text, null, queries);
      print("'" + text + "', failed", text, ExecutionStatus.FAILED, queries);
    }
  }

  private static void print(
      String what, String text, @Nullable ExecutionStatus status, ExecutionQueries queries) {
    ExecutionFilter filter =
        new ExecutionFilter(
            Optional.ofNullable(status), Optional.of(text).filter(some -> !some.isEmpty()), 100);
    print("list " + what, times(() -> queries.list(filter)));
    print("count " + what + " = " + queries.count(filter), times(() -> queries.count(filter)));
  }

  private static List<Long> times(Runnable work) {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < REPETITIONS; i++) {
      long begin = System.nanoTime();
      work.run();
      times.add(System.nanoTime() - begin);
    }
    return times;
  }

  /** The records of executions of three steps, one transaction each. */
  private static List<Long> writes(MirrorDatabase database, String name) {
    List<Long> times = new ArrayList<>();
    ExecutionRecorder recorder = database.recorder();
    for (int i = 0; times.size() < WRITES; i++) {
      String id = name + "-" + i + "-" + UUID.randomUUID();
      String run = "run-" + id;
      time(times, () -> recorder.open(input(id, 3), "print", ENGINE, order(run, 0)));
      time(times, () -> recorder.begin(id, order(run, 1), false));
      for (int step = 0; step < 3; step++) {
        int index = step;
        EffectKey key = new EffectKey(id, index, 1, StepAction.PERFORM);
        Claimant claimant = new Claimant("engine-1", "attempt", "17@bench");
        time(times, () -> recorder.attemptStarted(attempt(id, index, 1), "17@bench"));
        time(times, () -> database.ledger().claim(key, EffectClass.ONCE, claimant));
        time(times, () -> database.ledger().close(key, claimant, completed()));
        time(times, () -> recorder.attemptEnded(attempt(id, index, 1), completed()));
        time(times, () -> recorder.recordStep(id, order(run, 2 + index), index, completed()));
      }
      time(
          times,
          () -> recorder.recordExecution(id, order(run, 9), ExecutionOutcome.failed("No tips")));
    }
    return times;
  }

  private static void time(List<Long> times, Runnable write) {
    long begin = System.nanoTime();
    write.run();
    times.add(System.nanoTime() - begin);
  }

  private static void print(String what, List<Long> times) {
    if (times.isEmpty()) {
      System.out.printf("%-45s %9s %9s %9s  (ms)%n", what, "p50", "p99", "max");
      return;
    }
    List<Long> sorted = new ArrayList<>(times);
    Collections.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-45s %9.3f %9.3f %9.3f%n",
        what,
        sorted.get(sorted.size() / 2) / 1e6,
        sorted.get(sorted.size() * 99 / 100) / 1e6,
        sorted.get(sorted.size() - 1) / 1e6);
  }
}

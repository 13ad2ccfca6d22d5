package org.cellos.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.MirrorRebuild;
import org.cellos.engine.EngineChoice;
import org.cellos.store.Backups;
import org.cellos.store.MirrorDatabase;
import org.cellos.worker.MirrorMaintenance;
import org.cellos.worker.WorkflowExecutor;

/** What is done to a whole mirror: copying it while others write, making it anew. */
final class UpkeepBenchmarks {
  private static final Duration MOST_STALL = Duration.ofMillis(50);
  private static final Duration MOST_FOR_REBUILD = Duration.ofSeconds(60);
  private static final int KILOBYTES = 100_000;
  private static final int BACKUPS = 3;
  private static final int EXECUTIONS = 1000;

  private final ResultTable table;

  UpkeepBenchmarks(ResultTable table) {
    this.table = table;
  }

  /** The longest of many small writes, without and with a backup at the same time. */
  void backup(Path folder) throws Exception {
    Path file = folder.resolve("executions.db");
    Samples alone = new Samples();
    Samples meanwhile = new Samples();
    try (MirrorDatabase mirror = MirrorDatabase.open(file)) {
      fill(file);
      for (int i = 0; i < BACKUPS; i++) {
        Path copy = folder.resolve("copy-" + i + ".db");
        long begin = System.nanoTime();
        CompletableFuture<Backups.Backup> backup =
            CompletableFuture.supplyAsync(() -> Backups.write(file, copy, false));
        while (!backup.isDone()) {
          meanwhile.time(() -> mirror.upkeep().seen("bench", "bench"));
        }
        backup.join();
        long taken = System.nanoTime() - begin;
        Files.delete(copy);
        long end = System.nanoTime() + taken;
        while (System.nanoTime() < end) {
          alone.time(() -> mirror.upkeep().seen("bench", "bench"));
        }
      }
    }
    table.longestBelow(
        "a write during a backup of 100 MB, longest", "SQLite", MOST_STALL, alone, meanwhile);
  }

  private static void fill(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          """
          WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
          INSERT INTO mirror_events (at, what, note)
          SELECT '2026-03-01T09:30:00.000000+00:00', 'bench', hex(randomblob(480)) FROM n"""
              .formatted(KILOBYTES));
    }
  }

  void rebuild(Path folder) throws Exception {
    Path database = folder.resolve("executions.db");
    EngineChoice choice = EngineChoice.managed(folder.resolve("temporal.db"));
    try (WorkflowExecutor executor = WorkflowExecutor.open(database, choice)) {
      ExecutionClient client =
          new ExecutionClient(
              ExecutionClient.temporalClient(
                  executor.engine().stubs(), executor.engine().namespace()),
              executor.taskQueue());
      List<CompletableFuture<ExecutionOutcome>> ends = new ArrayList<>();
      for (int i = 0; i < EXECUTIONS; i++) {
        ExecutionInput input = TenSteps.input(new Begin(true));
        client.start(input, null);
        ends.add(client.outcome(input.executionId()));
      }
      ends.forEach(CompletableFuture::join);
    }
    Samples samples = new Samples();
    samples.time(
        () -> {
          MirrorRebuild rebuilt =
              MirrorMaintenance.rebuild(database, choice, Optional.empty(), "bench");
          if (rebuilt.projected() != EXECUTIONS) {
            throw new IllegalStateException(rebuilt.projected() + " executions were rebuilt");
          }
        });
    table.below(
        "mirror rebuild of 1,000 executions of 10 steps",
        Benchmarks.MANAGED,
        MOST_FOR_REBUILD,
        new Samples(),
        samples);
  }
}

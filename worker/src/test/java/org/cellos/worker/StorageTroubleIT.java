package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.UnitOp;
import org.cellos.engine.EngineChoice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk fills up or another program keeps the file locked, while executions go on. */
@Timeout(300)
class StorageTroubleIT {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Three seconds at the default speed-up: time to make trouble. */
  private static final UnitOp INCUBATE =
      UnitOp.of("incubate", "Incubate", Map.of("minutes", 180.0, "temperature_c", 37.0));

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path folder;

  @Test
  void aFullDiskStopsPhysicalStepsUntilThereIsRoomAgain() throws Exception {
    Path small = Files.createDirectory(folder.resolve("small"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small.toString()),
        "a small file system cannot be mounted here");
    try {
      Path database = small.resolve("executions.db");
      Path filler = small.resolve("filler");
      Witness witness = new Witness(folder.resolve("witness.jsonl"));
      try (WorkflowExecutor executor =
          WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log())) {
        String id = create(executor, DISPENSE, INCUBATE, DISPENSE, DISPENSE);
        executor.begin(id, false);
        await().atMost(PATIENCE).until(() -> witness.effects().size() == 2);
        fill(filler);
        List<String> acknowledged = rows(database);

        // Longer than the incubation and several attempts after it.
        await().during(Duration.ofSeconds(15)).atMost(PATIENCE).until(() -> effects(witness) == 2);
        assertThat(rows(database)).containsAll(acknowledged);
        assertThat(executor.getExecutionStatus(id).orElseThrow().status())
            .isEqualTo(ExecutionStatus.RUNNING);
        Files.delete(filler);

        assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
        assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1");
        assertThat(executor.queries().decisions(id)).isEmpty();
        assertThat(rows(database)).containsAll(acknowledged);
        assertThat(query(database, "PRAGMA integrity_check")).containsExactly("ok");
      }
    } finally {
      run("umount", "-l", small.toString());
    }
  }

  @Test
  void aLockOfThreeSecondsIsInvisible() throws Exception {
    Path database = folder.resolve("executions.db");
    Witness witness = new Witness(folder.resolve("witness.jsonl"));
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log())) {
      String id = create(executor, DISPENSE, DISPENSE);
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = other.createStatement()) {
        statement.execute("BEGIN IMMEDIATE");
        Thread unlocking = after(Duration.ofSeconds(3), statement);
        assertThat(executor.execute(id, false).status()).isEqualTo(ExecutionStatus.COMPLETED);
        unlocking.join();
      }
      assertThat(witness.effects()).containsExactly("0/1", "1/1");
      assertThat(executor.queries().attempts(id))
          .allSatisfy(attempt -> assertThat(attempt.errorMessage()).isNull());
      assertThat(executor.queries().attempts(id)).hasSize(2);
    }
  }

  @Test
  void physicalStepsWaitWhileTheFileIsLockedForAMinute() throws Exception {
    Path database = folder.resolve("executions.db");
    Witness witness = new Witness(folder.resolve("witness.jsonl"));
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log())) {
      String id = create(executor, DISPENSE, INCUBATE, DISPENSE, DISPENSE);
      executor.begin(id, false);
      await().atMost(PATIENCE).until(() -> witness.effects().size() == 2);
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database);
          Statement statement = other.createStatement()) {
        statement.execute("PRAGMA busy_timeout = 20000");
        statement.execute("BEGIN IMMEDIATE");
        await().during(Duration.ofSeconds(60)).atMost(PATIENCE).until(() -> effects(witness) == 2);
        // People can read meanwhile.
        assertThat(executor.getExecutionStatus(id)).isPresent();
        statement.execute("ROLLBACK");
      }

      assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1", "3/1");
      assertThat(executor.queries().decisions(id)).isEmpty();
    }
  }

  @Test
  void physicalStepsWaitWhileTheFileIsGone() throws Exception {
    Path database = folder.resolve("executions.db");
    Path aside = folder.resolve("aside.db");
    Witness witness = new Witness(folder.resolve("witness.jsonl"));
    try (WorkflowExecutor executor =
        WorkflowExecutor.open(database, EngineChoice.inMemory(), witness.log())) {
      String id = create(executor, DISPENSE, INCUBATE, DISPENSE);
      executor.begin(id, false);
      await().atMost(PATIENCE).until(() -> witness.effects().size() == 2);
      Files.move(database, aside);
      await().during(Duration.ofSeconds(10)).atMost(PATIENCE).until(() -> effects(witness) == 2);
      assertThat(database).doesNotExist();
      Files.move(aside, database);

      assertThat(executor.await(id).status()).isEqualTo(ExecutionStatus.COMPLETED);
      assertThat(witness.effects()).containsExactly("0/1", "1/1", "2/1");
      assertThat(executor.queries().decisions(id)).isEmpty();
    }
  }

  private static int effects(Witness witness) {
    return witness.effects().size();
  }

  /** Rolls back from another thread, so that the executor waits for the lock meanwhile. */
  private static Thread after(Duration duration, Statement statement) {
    Thread thread =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(duration.toMillis());
                statement.execute("ROLLBACK");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  private static void fill(Path filler) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(filler)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      // No space left on device: that is what is wanted.
      assertThat(Files.size(filler)).isPositive();
    }
  }

  private static List<String> rows(Path database) throws Exception {
    return query(
        database, "SELECT execution_id || step_index || action || epoch FROM effect_ledger");
  }

  private static List<String> query(Path database, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String create(WorkflowExecutor executor, UnitOp... unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", List.of(unitOps), Map.of())
        .executionId();
  }
}

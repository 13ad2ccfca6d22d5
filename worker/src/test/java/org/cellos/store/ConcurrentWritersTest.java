package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cellos.store.Samples.sql;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.ExecutionStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ConcurrentWritersTest {
  private static final int EXECUTIONS = 25;

  @TempDir private Path folder;

  @Test
  void sixThreadsWriteThroughOneConnection() throws Exception {
    Path file = folder.resolve("executions.db");
    try (MirrorDatabase database = MirrorDatabase.open(file)) {
      together(
          6,
          thread -> {
            WriterProcess.write(database, "thread" + thread, EXECUTIONS);
            assertThat(database.queries().count(ExecutionFilter.all())).isPositive();
          });
    }
    assertComplete(file, 6);
  }

  @Test
  void sixProcessesWriteANewFile() throws Exception {
    Path file = folder.resolve("executions.db");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  WriterProcess.class.getName(),
                  file.toString(),
                  "process" + i,
                  String.valueOf(EXECUTIONS))
              .redirectErrorStream(true)
              .start());
    }

    for (Process process : processes) {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    }
    assertComplete(file, 6);
  }

  @Test
  void severalFirstOpensOfOneFileAllSucceed() throws Exception {
    for (int round = 0; round < 20; round++) {
      Path file = folder.resolve("round" + round).resolve("executions.db");
      together(
          6,
          opener -> {
            try (MirrorDatabase database = MirrorDatabase.open(file)) {
              WriterProcess.write(database, "opener" + opener, 1);
            }
          });
      assertThat(sql(file, "SELECT count(*) FROM executions")).containsExactly("6");
      assertOneChain(file, 6);
    }
  }

  @Test
  void readersAndWritersOfOneFileDoNotDisturbEachOther() throws Exception {
    Path file = folder.resolve("executions.db");
    MirrorDatabase.open(file).close();
    together(
        4,
        number -> {
          if (number % 2 == 0) {
            try (MirrorDatabase database = MirrorDatabase.open(file)) {
              WriterProcess.write(database, "writer" + number, EXECUTIONS);
            }
          } else {
            try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
              for (int i = 0; i < EXECUTIONS * 4; i++) {
                // Whoever sees an execution sees all of its steps.
                assertThat(database.queries().list(ExecutionFilter.all()))
                    .allSatisfy(execution -> assertThat(execution.stepCount()).isEqualTo(2));
              }
            }
          }
        });
    assertComplete(file, 2);
  }

  private interface Numbered {
    void run(int number) throws Exception;
  }

  private static void together(int count, Numbered work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      CyclicBarrier start = new CyclicBarrier(count);
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        tasks.add(
            () -> {
              start.await();
              work.run(number);
              return null;
            });
      }
      for (Future<Void> task : threads.invokeAll(tasks)) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void assertComplete(Path file, int writers) throws Exception {
    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      assertThat(database.queries().count(ExecutionFilter.all()))
          .isEqualTo((long) writers * EXECUTIONS);
      assertThat(database.queries().count(ExecutionFilter.withStatus(ExecutionStatus.COMPLETED)))
          .isEqualTo((long) writers * EXECUTIONS);
    }
    assertThat(sql(file, "SELECT count(*) FROM step_attempts"))
        .containsExactly(String.valueOf(writers * EXECUTIONS));
    assertOneChain(file, writers * EXECUTIONS);
    assertThat(sql(file, "PRAGMA integrity_check")).containsExactly("ok");
    assertThat(sql(file, "PRAGMA foreign_key_check")).isEmpty();
  }

  /** However they took turns, each entry goes on from the one before it. */
  private static void assertOneChain(Path file, int entries) {
    try (MirrorDatabase database = MirrorDatabase.openReadOnly(file)) {
      AuditVerification verification = database.verifyAudit();
      assertThat(verification.firstBreak()).isNull();
      assertThat(verification.entries()).isEqualTo(entries);
    }
  }
}

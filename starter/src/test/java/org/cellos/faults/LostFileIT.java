package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 20 to 22: the history is damaged, deleted, or of yesterday. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class LostFileIT {
  private static final Duration NOTICED_WITHIN = Duration.ofSeconds(10);

  /** A speed-up with as many in the incubator: a worker has to be there before they are over. */
  private static final int EIGHTEEN_SECONDS = 100;

  /** The next step is due long before. */
  private static final Duration PAST_THE_REST = Duration.ofSeconds(30);

  private static final String EXECUTE = "execute x --execute";

  @TempDir private Path folder;

  @Test
  void damagedPagesAreFoundAndMadeAnew() throws Exception {
    new Row("20 damaged pages", folder, 1)
        .on(BenchEngine.MANAGED)
        .forEvery(3)
        .perform(
            bench -> {
              killInTheSecondStep(bench);
              damage(bench, "execution_steps");

              assertThat(bench.process("doctor").out())
                  .contains("FAIL  History", "executions.db is damaged");
              Bench.Result refused = bench.process(EXECUTE);
              assertThat(refused.exitCode()).isNotIn(GoingOn.DONE, GoingOn.ASKS);
              assertThat(refused.err()).contains("damaged");
              rebuild(bench, "");

              GoingOn.toTheEnd(bench, "x");
            });
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void aDeletedFileIsNoticedAndMadeAnew() throws Exception {
    new Row("21 file deleted", folder, 1)
        .on(BenchEngine.MANAGED)
        .judgedBy(Invariants::holdWithoutLedger)
        .forEvery(3)
        .perform(
            bench -> {
              JarProcess worker = resting(bench);
              String id = bench.history().texts("SELECT mirror_id FROM mirror_identity").get(0);
              Files.delete(bench.database());
              Bench.until(
                  NOTICED_WITHIN, () -> worker.err().contains("was deleted or moved away while"));
              await()
                  .during(PAST_THE_REST)
                  .atMost(PAST_THE_REST.multipliedBy(2))
                  .until(() -> bench.effects().size() == Protocols.EFFECTS_BEFORE_REST);
              assertThat(bench.database()).as("not made anew in silence").doesNotExist();
              worker.signal("KILL");
              worker.exitCode();

              rebuild(bench, " --mirror-id " + id);
              GoingOn.toTheEnd(bench, "x");
              assertThat(questions(bench)).as("later physical steps ask").isNotEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aWorkerGoesOnWhenTheFileComesBack(BenchEngine engine) throws Exception {
    new Row("21 file moved away and back", folder, 1)
        .on(engine)
        .once(
            bench -> {
              JarProcess worker = resting(bench);
              Path aside = bench.file("aside.db");
              Files.move(bench.database(), aside);
              await()
                  .during(PAST_THE_REST)
                  .atMost(PAST_THE_REST.multipliedBy(2))
                  .until(() -> bench.effects().size() == Protocols.EFFECTS_BEFORE_REST);
              assertThat(bench.database()).doesNotExist();
              assertThat(worker.isAlive()).as(worker.err()).isTrue();
              Files.move(aside, bench.database());

              Bench.until(() -> bench.history().status("x").equals("completed"));
              Bench.stop(worker);
              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
              assertThat(questions(bench)).isEmpty();
            });
  }

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aDeletedLogIsNoticed(BenchEngine engine) throws Exception {
    new Row("21 write-ahead log deleted", folder, 1)
        .on(engine)
        .judgedBy(Invariants::holdWithoutLedger)
        .once(
            bench -> {
              JarProcess worker = resting(bench);
              Files.delete(bench.file("data/executions.db-wal"));
              Bench.until(
                  NOTICED_WITHIN, () -> worker.err().contains("-wal was deleted or replaced"));
              worker.signal("TERM");
              worker.exitCode();
              if (bench.history().status("x").equals("absent")) {
                rebuild(bench, "");
              }

              GoingOn.toTheEnd(bench, "x");
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void afterABackupOfBeforeLaterStepsAsk(BenchEngine engine) throws Exception {
    new Row("22 backup of before restored", folder, 1)
        .on(engine)
        .judgedBy(Invariants::holdWithoutLedger)
        .forEvery(3)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess killed =
                  bench.start(
                      List.of(
                          ChaosObserver.KILL_AT + "=after-effect",
                          ChaosObserver.KILL_ON + "=" + Protocols.EFFECTS_OF_SMALL),
                      Protocols.RUN_SLOWLY + "x");
              bench.untilResting("x");
              Bench.succeed(bench.process("backup yesterday.db"));
              assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);

              Bench.succeed(bench.process("restore yesterday.db"));
              if (engine == BenchEngine.MANAGED) {
                // As it says: what Temporal knows since then.
                rebuild(bench, "");
              }
              GoingOn.toTheEnd(bench, "x");

              assertThat(questions(bench)).as("later physical steps ask").isNotEmpty();
            });
  }

  private static List<String> questions(Bench bench) throws Exception {
    return bench.history().texts("SELECT step_index FROM decisions");
  }

  /** A worker that has gone on with an execution, which is in the incubator. */
  private static JarProcess resting(Bench bench) throws Exception {
    JarProcess run = bench.startAndRest("x", EIGHTEEN_SECONDS);
    run.signal("KILL");
    run.exitCode();
    JarProcess worker = bench.worker();
    if (bench.engine() == BenchEngine.IN_MEMORY) {
      Bench.until(() -> worker.err().contains("Goes on with x."));
    }
    return worker;
  }

  private static void killInTheSecondStep(Bench bench) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    JarProcess killed =
        bench.start(
            List.of(ChaosObserver.KILL_AT + "=after-intent", ChaosObserver.KILL_ON + "=2"),
            Protocols.RUN + "x");
    assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
  }

  /** Overwrites the pages of a table, of which the ledger is none. */
  private static void damage(Bench bench, String table) throws Exception {
    bench.history().emptyLog();
    int size = Integer.parseInt(bench.history().texts("PRAGMA page_size").get(0));
    List<String> pages =
        bench.history().texts("SELECT pageno FROM dbstat WHERE name = '" + table + "'");
    assertThat(pages).isNotEmpty();
    byte[] noise = new byte[size];
    Arrays.fill(noise, (byte) 0xa5);
    try (RandomAccessFile bytes = new RandomAccessFile(bench.database().toFile(), "rw")) {
      for (String page : pages) {
        bytes.seek((Long.parseLong(page) - 1) * size);
        bytes.write(noise);
      }
    }
  }

  private static void rebuild(Bench bench, String options) throws Exception {
    Bench.succeed(bench.process("mirror rebuild" + options));
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Row 6: workers die at any moment, for minutes. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class RandomKillsIT {
  private static final int DEFECT = 70;
  private static final String OPEN = "'pending', 'running', 'paused'";

  private final AtomicInteger kills = new AtomicInteger();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @Test
  void nothingIsDoubledLostOrStuckHoweverOftenWorkersDie() throws Exception {
    long seconds = Long.getLong("cellos.faults.loopSeconds", Row.isWholeSuite() ? 180 : 20);
    new Row("6 kill -9 for " + seconds + " s", folder, 1)
        .once(bench -> killFor(bench, Duration.ofSeconds(seconds)));
  }

  private void killFor(Bench bench, Duration duration) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    ExecutorService person = Executors.newSingleThreadExecutor();
    try {
      beginTen(bench);
      // Draws of its own: what the person says must not depend on who was killed when.
      Random random = new Random(bench.seed() + 1);
      Future<?> answering = person.submit(() -> answer(bench, random));
      long end = System.nanoTime() + duration.toNanos();
      while (System.nanoTime() < end) {
        if (withStatus(bench, OPEN).isEmpty()) {
          beginTen(bench);
        }
        killWorkers(bench);
      }
      JarProcess last = bench.worker();
      Bench.until(() -> answering.isDone() || withStatus(bench, OPEN).isEmpty());
      over.set(true);
      answering.get();
      Bench.stop(last);
    } finally {
      over.set(true);
      person.shutdown();
    }
    assertThat(withStatus(bench, "'completed', 'failed'"))
        .as("none is lost")
        .hasSize(rounds.get() * TenExecutions.COUNT);
    System.out.printf(
        "Random kills: seed %d, %d executions, %d kills, %d questions, %d effects%n",
        bench.seed(),
        rounds.get() * TenExecutions.COUNT,
        kills.get(),
        bench.history().texts("SELECT decision_id FROM decisions").size(),
        bench.effects().size());
  }

  private void beginTen(Bench bench) throws Exception {
    JarProcess beginning =
        bench.startMain(List.of(), TenExecutions.class, "round" + rounds.incrementAndGet() + "-");
    assertThat(beginning.exitCode()).as(beginning.err()).isEqualTo(ChaosObserver.KILLED);
  }

  /** One or two, and each has a short life: a second or a few. */
  private void killWorkers(Bench bench) throws Exception {
    List<JarProcess> workers = new ArrayList<>();
    int count = bench.random().nextInt(3) == 0 ? 2 : 1;
    for (int i = 0; i < count; i++) {
      workers.add(bench.start("worker"));
    }
    for (JarProcess worker : workers) {
      TimeUnit.MILLISECONDS.sleep(1000 + bench.random().nextInt(3000) / count);
      worker.signal("KILL");
      assertThat(worker.exitCode()).as(worker.err()).isEqualTo(ChaosObserver.KILLED);
      kills.incrementAndGet();
    }
  }

  /** Answers whatever is open, until all is over; now and then its own process dies as well. */
  private Void answer(Bench bench, Random random) throws Exception {
    SeededPerson person = new SeededPerson(random);
    while (!over.get()) {
      List<String> paused = withStatus(bench, "'paused'");
      if (paused.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(100);
        continue;
      }
      String id = paused.get(random.nextInt(paused.size()));
      List<JsonNode> questions = SeededPerson.openQuestions(bench.show(id));
      if (questions.isEmpty()) {
        // Meanwhile somebody goes on with it.
        continue;
      }
      String words = person.answer(questions.get(0)).words();
      JarProcess deciding = bench.start("decide " + id + " " + words + " --by person");
      if (random.nextInt(4) == 0) {
        TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(2500));
        deciding.signal("KILL");
      }
      // Where no worker lives it goes on with the execution itself, and has to be as sound as one.
      assertThat(deciding.exitCode()).as(deciding.err()).isNotEqualTo(DEFECT);
    }
    return null;
  }

  private static List<String> withStatus(Bench bench, String statuses) throws Exception {
    return bench
        .history()
        .texts("SELECT execution_id FROM executions WHERE status IN (" + statuses + ")");
  }
}

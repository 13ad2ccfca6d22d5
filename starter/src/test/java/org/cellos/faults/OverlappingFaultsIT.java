package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Row 44: workers, the server and commands die and stand still while people steer, all at once and
 * as the seed says. In the end nothing is doubled, stuck or lost.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class OverlappingFaultsIT {
  private static final int DEFECT = 70;
  private static final int OPEN_AT_ONCE = 6;
  private static final int WORKERS = 2;
  private static final String OPEN = "'pending', 'running', 'paused'";

  @TempDir private Path folder;

  @Test
  void nothingIsDoubledStuckOrLost() throws Exception {
    long seconds = Long.getLong("cellos.faults.overlapSeconds", Row.isWholeSuite() ? 600 : 30);
    new Row("44 overlapping faults for " + seconds + " s", folder, 1)
        .on(BenchEngine.MANAGED)
        .once(bench -> new Chaos(bench).reign(Duration.ofSeconds(seconds)));
  }

  private static final class Chaos {
    private final Bench bench;
    private final Random random;
    private final List<JarProcess> workers = new ArrayList<>();
    private final List<JarProcess> frozen = new ArrayList<>();
    private final Map<String, Integer> happened = new TreeMap<>();
    private int begun;

    Chaos(Bench bench) {
      this.bench = bench;
      this.random = bench.random();
    }

    void reign(Duration duration) throws Exception {
      bench.write("small.yaml", Protocols.SMALL);
      long end = System.nanoTime() + duration.toNanos();
      while (System.nanoTime() < end) {
        while (workers.size() < WORKERS) {
          workers.add(bench.start("worker"));
        }
        something();
        TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
      }
      comeToRest();
      System.out.printf(
          "Overlapping faults: seed %d, %d executions, %s%n", bench.seed(), begun, happened);
    }

    private void something() throws Exception {
      switch (random.nextInt(14)) {
        case 0, 1 -> killWorker();
        case 2 -> {
          count("server killed");
          bench.server().kill();
        }
        case 3 -> freezeWorker();
        case 4 -> thaw();
        case 5 -> drainWorker();
        case 6, 7 -> beginOne();
        default -> steer();
      }
    }

    private void killWorker() throws Exception {
      count("worker killed");
      JarProcess worker = workers.remove(random.nextInt(workers.size()));
      frozen.remove(worker);
      worker.signal("KILL");
      worker.exitCode();
    }

    private void freezeWorker() throws Exception {
      JarProcess worker = workers.get(random.nextInt(workers.size()));
      if (worker.isAlive() && frozen.isEmpty() && bench.history().exists()) {
        count("worker frozen");
        bench.freeze(worker);
        frozen.add(worker);
      }
    }

    private void thaw() throws Exception {
      for (JarProcess worker : frozen) {
        worker.signal("CONT");
      }
      frozen.clear();
    }

    private void drainWorker() throws Exception {
      JarProcess worker = workers.get(random.nextInt(workers.size()));
      if (!frozen.contains(worker)) {
        count("worker drained");
        workers.remove(worker);
        worker.signal("TERM");
      }
    }

    private void beginOne() throws Exception {
      if (withStatus(OPEN).size() < OPEN_AT_ONCE) {
        command("run --protocol small.yaml --execute --speed-up 900 --detach --id e" + begun++);
      }
    }

    /** Some person does something to some execution, legal or not. */
    private void steer() throws Exception {
      List<String> all = withStatus(OPEN + ", 'failed'");
      if (all.isEmpty()) {
        return;
      }
      String id = all.get(random.nextInt(all.size()));
      int step = 1 + random.nextInt(Protocols.EFFECTS_OF_SMALL);
      switch (random.nextInt(9)) {
        case 0 -> command("pause " + id);
        case 1 -> command("pause " + id + " --now");
        case 2, 3 -> command("resume " + id);
        case 4 -> command("skip " + id + " --step " + step);
        case 5 -> command("edit " + id + " --step " + step + " volume_ml=0.5");
        case 6 -> command("retry " + id);
        case 7 -> {
          if (random.nextInt(4) == 0) {
            command("cancel " + id + " --timeout 5");
          }
        }
        default -> answer(id);
      }
    }

    private void answer(String id) throws Exception {
      if (bench.history().status(id).equals("paused")) {
        List<JsonNode> open = SeededPerson.openQuestions(bench.show(id));
        if (!open.isEmpty()) {
          command("decide " + id + " " + new SeededPerson(random).answer(open.get(0)).words());
        }
      }
    }

    /** A command in a process of its own; it may be killed as well, and never has a defect. */
    private void command(String words) throws Exception {
      count(words.substring(0, words.indexOf(' ')));
      JarProcess command = bench.start(words);
      long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(random.nextInt(4) == 0 ? 1 : 8);
      while (command.isAlive() && System.nanoTime() < patience) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      if (command.isAlive()) {
        count("command killed");
        command.signal("KILL");
      }
      assertThat(command.exitCode()).as(words + ": " + command.err()).isNotEqualTo(DEFECT);
    }

    private void comeToRest() throws Exception {
      thaw();
      JarProcess last = bench.worker();
      Bench.until(
          Duration.ofMinutes(5),
          () -> {
            for (String id : withStatus("'paused'")) {
              if (SeededPerson.openQuestions(bench.show(id)).isEmpty()) {
                bench.here("resume " + id);
              } else {
                GoingOn.answerWhatIsOpen(bench, id);
              }
            }
            for (String id : withStatus("'pending'")) {
              bench.here("execute " + id + " --execute");
            }
            return withStatus(OPEN).isEmpty();
          });
      for (JarProcess worker : workers) {
        if (worker.isAlive()) {
          Bench.stop(worker);
        }
      }
      Bench.stop(last);
    }

    private List<String> withStatus(String statuses) throws Exception {
      return bench.history().exists()
          ? bench
              .history()
              .texts("SELECT execution_id FROM executions WHERE status IN (" + statuses + ")")
          : List.of();
    }

    private void count(String what) {
      happened.merge(what, 1, Integer::sum);
    }
  }
}

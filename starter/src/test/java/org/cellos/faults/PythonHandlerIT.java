package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The example of a handler in Python, beside workers that fail: {@code CELLOS_PYTHON} names an
 * interpreter with what it needs.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class PythonHandlerIT {
  private static final String VARIABLE = "CELLOS_PYTHON";
  private static final Path EXAMPLE = Path.of("../worker/examples/imaging");
  private static final int THRESHOLD = 115;
  private static final String RUN =
      "run --protocol image.yaml --execute --instruments hardware --yes --id x";

  private static final String CALL = "x/step-1/epoch-1";

  @TempDir private Path folder;
  private Bench bench;
  private Process python;

  @BeforeEach
  void open() throws IOException {
    BenchEngine.MANAGED.require();
    interpreter();
    bench = new Bench(folder, 1, BenchEngine.MANAGED);
    configure(Files.readString(EXAMPLE.resolve("handlers.yaml")));
    take(50);
  }

  @AfterEach
  void end() throws Exception {
    if (python != null) {
      python.destroyForcibly().waitFor();
    }
    if (bench != null) {
      bench.close();
    }
  }

  private static String interpreter() {
    String named = System.getenv(VARIABLE);
    if (named == null && System.getenv("CI") != null) {
      Assertions.fail(VARIABLE + " is not set, and CI needs it");
    }
    Assumptions.assumeTrue(named != null, VARIABLE + " is not set");
    return String.valueOf(named);
  }

  private void configure(String handlers) throws IOException {
    Files.createDirectories(bench.file("data"));
    bench.write("data/handlers.yaml", handlers);
  }

  private void take(int exposureMillis) throws IOException {
    bench.write(
        "image.yaml",
        """
        protocol: look
        cell_line: iPSC
        vessel: T75
        starts_with_ml: 15.0
        steps:
          - {operation: image, parameters: {channel: phase, exposure_ms: %d}}
        """
            .formatted(exposureMillis));
  }

  @Test
  void anImageComesBackWithItsCellCount() throws Exception {
    JarProcess worker = bench.worker();
    startPython();

    GoingOn.isDone(bench.start(RUN));

    JsonNode result = bench.show("x").at("/steps/0/result");
    Path image = Path.of(result.path("image_path").asText());
    assertThat(image).exists();
    assertThat(result.path("cell_count").asInt()).isPositive().isEqualTo(brightRegions(image));
    assertThat(result.path("simulated").asBoolean()).as("there is no camera").isTrue();
    assertThat(bench.show("x").path("simulated").asBoolean()).isTrue();
    assertThat(bench.process("mirror verify").out()).contains("Differences: 0");
    Bench.stop(worker);
  }

  @Test
  void whatTheProgramRefusesIsSaidInItsOwnWords() throws Exception {
    take(-1);
    JarProcess worker = bench.worker();
    startPython();

    JarProcess run = bench.start(RUN);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.FAILED);
    assertThat(bench.show("x").at("/steps/0/error_message").asText())
        .isEqualTo("The handler on imaging failed: exposure_ms must be above 0");
    Bench.stop(worker);
  }

  @Test
  void aWorkerThatDiesFindsTheCallAgain() throws Exception {
    JarProcess killed = bench.worker();
    Bench.succeed(bench.process(RUN + " --detach"));
    Bench.until(() -> bench.history().ledger().stream().anyMatch(LedgerRow::open));
    Bench.until(() -> bench.server().temporal("workflow describe -w " + CALL).exitCode() == 0);
    killed.signal("KILL");
    killed.awaitEnd();
    JarProcess next = bench.worker();
    Bench.until(
        () ->
            bench
                .here("show x")
                .err()
                .contains("No program has taken image from the task queue imaging yet"));
    startPython();

    Bench.until(() -> bench.history().status("x").equals("completed"));
    assertThat(bench.here("show x").err()).as("it is not said any more").doesNotContain("imaging");

    assertThat(bench.server().temporal("workflow count").out()).as("one call").contains("2");
    try (Stream<Path> images = Files.list(bench.file("images"))) {
      assertThat(images).hasSize(1);
    }
    Bench.stop(next);
  }

  @Test
  void aProgramThatIsNotHeardOfAgainIsAQuestion() throws Exception {
    configure(
        """
        handlers:
          image: {task_queue: imaging, timeout_minutes: 1, heartbeat_seconds: 2}
        """);
    JarProcess worker = bench.worker();
    startPython();
    // It polls, and takes the step with it.
    signal("STOP");

    JarProcess run = bench.start(RUN);

    assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.ASKS);
    assertThat(SeededPerson.openQuestion(bench.show("x")).toString())
        .contains("The handler on imaging was not heard of in time");
    Bench.succeed(bench.cellos("decide x done --by ada"));
    Bench.until(() -> bench.history().status("x").equals("completed"));
    Bench.stop(worker);
  }

  private void signal(String name) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + python.pid()).start().waitFor())
        .isZero();
  }

  private void startPython() throws IOException {
    Path said = bench.file("python.txt");
    python =
        new ProcessBuilder(
                List.of(
                    interpreter(),
                    EXAMPLE.resolve("imaging_worker.py").toAbsolutePath().toString(),
                    "--address",
                    bench.server().address(),
                    "--images",
                    bench.file("images").toString()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    Bench.until(() -> Files.readString(said).contains("Imaging on imaging") || !python.isAlive());
    assertThat(python.isAlive()).as(Files.readString(said)).isTrue();
  }

  /** Counts them in a grey image of the form P5. */
  private static int brightRegions(Path file) throws IOException {
    byte[] all = Files.readAllBytes(file);
    String head = new String(all, 0, 20, StandardCharsets.ISO_8859_1).split("\n", 2)[0];
    String[] words = head.split(" ", -1);
    assertThat(words[0]).isEqualTo("P5");
    int width = Integer.parseInt(words[1]);
    int first = head.length() + 1;
    boolean[] bright = new boolean[all.length - first];
    for (int i = 0; i < bright.length; i++) {
      bright[i] = (all[first + i] & 0xff) >= THRESHOLD;
    }
    int regions = 0;
    for (int i = 0; i < bright.length; i++) {
      if (bright[i]) {
        regions++;
        clear(bright, width, i);
      }
    }
    return regions;
  }

  private static void clear(boolean[] bright, int width, int from) {
    Deque<Integer> border = new ArrayDeque<>(List.of(from));
    bright[from] = false;
    while (!border.isEmpty()) {
      int at = border.pop();
      for (int next : List.of(at - 1, at + 1, at - width, at + width)) {
        if (next >= 0 && next < bright.length && bright[next]) {
          bright[next] = false;
          border.push(next);
        }
      }
    }
  }
}

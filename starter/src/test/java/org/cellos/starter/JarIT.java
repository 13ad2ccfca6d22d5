package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.StepAttemptRecord;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.Engines;
import org.cellos.store.MirrorDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar as people start it: exit codes of signals, what is on which stream, crashes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class JarIT {
  private static final String THAW = "run thaw --cell-line iPSC --vessel T75 --engine in-memory ";
  private static final String ENGINE_LINE =
      "Engine: Temporal in memory, inside this command. History: data/executions.db.";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  @TempDir private Path outputs;

  @Test
  void aThawWithItsDayOfIncubationEndsWithinAMinuteInACleanFolder() throws Exception {
    try (JarProcess run = start(THAW + "--execute -o json")) {
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().path("status").asText()).isEqualTo("completed");
      assertThat(run.json().path("steps")).hasSize(23);
      assertThat(took(run)).isLessThan(Duration.ofMinutes(1));
      assertThat(run.err().lines())
          .hasSize(2)
          .startsWith(ENGINE_LINE)
          .last()
          .asString()
          .startsWith("Execution: ");
    }
    assertThat(witnessed()).hasSize(23);
    assertThat(folder.resolve("data/executions.db")).exists();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  @DisabledOnOs(OS.WINDOWS)
  void aSignalLeavesTheExecutionInOrderAndTheNextCommandGoesOn(String signal, int exitCode)
      throws Exception {
    assumeSignalsAreHeard();
    try (JarProcess run = start(THAW + "--execute -o json --id mine")) {
      await().atMost(PATIENCE).until(() -> witnessed().size() >= 3);
      run.signal(signal);

      assertThat(run.exitCode()).isEqualTo(exitCode);
      assertThat(run.json().path("status").asText()).isEqualTo("running");
      assertThat(run.err().lines()).hasSize(3).startsWith(ENGINE_LINE, "Execution: mine.");
      assertThat(run.err())
          .contains(
              "Interrupted: ", " Nothing more happens by itself. Go on with: cellos execute mine");
    }
    assertThat(witnessed()).hasSizeLessThan(23);
    try (JarProcess next = start("execute mine --execute --engine in-memory -o json")) {
      assertThat(next.exitCode()).isZero();
      assertThat(next.json().path("status").asText()).isEqualTo("completed");
      assertThat(next.json().path("decisions")).isEmpty();
    }
    assertThat(witnessed()).hasSize(23).doesNotHaveDuplicates();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void afterACrashTheSameCommandGoesOnWhereItWas() throws Exception {
    try (JarProcess run = start(THAW + "--execute --id mine")) {
      // The last of its steps is the day of incubation: nothing is in doubt then.
      await().atMost(PATIENCE).until(() -> witnessed().size() == 23 && isResting());
      run.signal("KILL");
      run.exitCode();
    }
    try (JarProcess again = start(THAW + "--execute --id mine -o json")) {
      assertThat(again.exitCode()).isZero();
      assertThat(again.json().path("status").asText()).isEqualTo("completed");
      assertThat(again.json().path("decisions")).isEmpty();
    }
    assertThat(witnessed()).hasSize(23);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatRunsOnAServerIsLeftAloneByCtrlC() throws Exception {
    assumeSignalsAreHeard();
    try (Engine server = Engines.open(EngineChoice.inMemory());
        JarProcess worker = start("worker --address " + server.address())) {
      await().atMost(PATIENCE).until(() -> worker.err().contains("Stop with Ctrl-C."));
      // While the dish rests no worker does anything, so that only the waiting is interrupted.
      Files.writeString(
          folder.resolve("rest.yaml"),
          """
          protocol: rest
          cell_line: iPSC
          vessel: T75
          steps:
            - {operation: incubate, minutes: 600, temperature_c: 37}
            - {operation: aspirate, volume_ml: 1.0}
          """);
      try (JarProcess run =
          start(
              "run --protocol rest.yaml --execute -o json --id mine --address "
                  + server.address())) {
        await().atMost(PATIENCE).until(this::isResting);
        run.signal("INT");

        assertThat(run.exitCode()).isEqualTo(130);
        assertThat(run.json().path("status").asText()).isEqualTo("running");
        assertThat(run.err()).contains("Interrupted: the execution goes on");
      }
      ExecutionClient client =
          new ExecutionClient(
              ExecutionClient.temporalClient(server.stubs(), server.namespace()), "not polled");
      assertThat(client.hasEnded("mine")).isFalse();
      assertThat(witnessed()).hasSize(1);
      worker.signal("TERM");
      assertThat(worker.exitCode()).isZero();
      assertThat(worker.err().lines())
          .hasSize(4)
          .endsWith(
              "Stopping: waiting for the steps under way.",
              "Stopped; what was under way has been finished.");
      assertThat(worker.out()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"resolve thaw --cell-line iPSC --vessel T75", THAW, THAW + "-o json", "--help"})
  @DisabledOnOs(OS.WINDOWS)
  void aReaderThatGoesAwayStopsNothing(String command) throws Exception {
    Process pipe =
        new ProcessBuilder(
                "sh",
                "-c",
                JarProcess.JAVA + " -jar " + JarProcess.JAR + " " + command + "|head -1")
            .directory(folder.toFile())
            .redirectError(outputs.resolve("err").toFile())
            .redirectOutput(outputs.resolve("out").toFile())
            .start();

    assertThat(pipe.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(Files.readAllLines(outputs.resolve("out"))).hasSize(1);
    assertThat(Files.readString(outputs.resolve("err"))).doesNotContain("Exception");
  }

  @Test
  void anUnknownHostIsSaidInOneLine() throws Exception {
    try (JarProcess run = start(THAW.replace("--engine in-memory", "--address no.invalid:7233"))) {
      assertThat(run.exitCode()).isEqualTo(5);
      assertThat(run.err().lines())
          .singleElement()
          .asString()
          .contains("No Temporal server answers at no.invalid:7233");
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void theLogGoesToStandardErrorAndNeverShowsWhatGoesOverTheWire() throws Exception {
    try (JarProcess run =
        JarProcess.start(
            folder, outputs, Map.of("CELLOS_LOG", "DEBUG"), THAW + "-o json --meta who=ada")) {
      assertThat(run.exitCode()).isZero();
      assertThat(run.json().path("status").asText()).isEqualTo("completed");
      assertThat(run.err()).contains("DEBUG").doesNotContain("OUTBOUND", "INBOUND", "NettyClient");
    }
  }

  private JarProcess start(String command) throws IOException {
    return JarProcess.start(
        folder,
        outputs,
        Map.of("CELLOS_WITNESS_LOG", outputs.resolve("witness.jsonl").toString()),
        command.strip());
  }

  private List<String> witnessed() throws IOException {
    Path file = outputs.resolve("witness.jsonl");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static Duration took(JarProcess run) throws IOException {
    return Duration.between(
        OffsetDateTime.parse(run.json().path("started_at").asText()),
        OffsetDateTime.parse(run.json().path("completed_at").asText()));
  }

  /** A shell that starts this in the background lets its children ignore Ctrl-C. */
  private static void assumeSignalsAreHeard() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      BigInteger ignored =
          Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .map(line -> new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
              .findFirst()
              .orElse(BigInteger.ZERO);
      assumeThat(ignored.testBit(1)).as("Ctrl-C is ignored in the background").isFalse();
    }
  }

  /** The start of the incubation has been reported, and its end has not begun. */
  private boolean isResting() {
    Path database = folder.resolve("data/executions.db");
    if (!Files.exists(database)) {
      return false;
    }
    try (MirrorDatabase history = MirrorDatabase.openReadOnly(database)) {
      List<StepAttemptRecord> attempts = history.queries().attempts("mine");
      return !attempts.isEmpty()
          && attempts.stream().allMatch(attempt -> attempt.endedAt() != null);
    }
  }
}

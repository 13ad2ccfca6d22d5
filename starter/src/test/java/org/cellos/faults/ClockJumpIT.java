package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 23: somebody sets the clock of the machine by an hour while an execution is performed. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ClockJumpIT {
  /** What would be wrong, of tables with times. */
  private static final List<String> BACKWARDS =
      List.of(
          "executions WHERE started_at < created_at OR completed_at < started_at",
          "execution_steps WHERE end_time < start_time",
          "step_attempts WHERE ended_at < started_at",
          "effect_ledger WHERE closed_at < intent_at",
          "execution_steps one JOIN execution_steps next USING (execution_id)"
              + " WHERE next.step_index = one.step_index + 1 AND next.start_time < one.end_time");

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void nothingEndsBeforeItHasBegun(BenchEngine engine) throws Exception {
    Path library = library();
    for (int hours : List.of(1, -1)) {
      new Row("23 clock set by " + hours + " h", folder.resolve("by" + hours), 1)
          .on(engine)
          .once(bench -> setClock(bench, library, Duration.ofHours(hours)));
    }
  }

  private static void setClock(Bench bench, Path library, Duration by) throws Exception {
    bench.write("small.yaml", Protocols.SMALL).write("clock", "+0");
    JarProcess run =
        bench.start(
            Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                bench.file("clock").toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1"),
            Protocols.RUN_SLOWLY + "x");
    bench.untilResting("x");
    bench.write("clock", "%+d".formatted(by.toSeconds()));

    GoingOn.isDone(run);
    assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
    List<Instant> witnessed = bench.effectTimes();
    assertThat(
            Duration.between(
                witnessed.get(Protocols.EFFECTS_BEFORE_REST - 1),
                witnessed.get(Protocols.EFFECTS_BEFORE_REST)))
        .as("the clock of the process has jumped")
        .isCloseTo(by, Duration.ofMinutes(5));
    for (String backwards : BACKWARDS) {
      assertThat(bench.history().texts("SELECT count(*) FROM " + backwards))
          .as(backwards)
          .containsExactly("0");
    }
  }

  /** It tells a process another time than the machine has; Debian's package is faketime. */
  private static Path library() throws IOException {
    Optional<Path> found = Optional.empty();
    Path libraries = Path.of("/usr/lib");
    if (Files.isDirectory(libraries)) {
      try (Stream<Path> folders = Files.list(libraries)) {
        found =
            folders
                .map(path -> path.resolve("faketime/libfaketimeMT.so.1"))
                .filter(Files::exists)
                .findFirst();
      }
    }
    String reason = "no libfaketime (package faketime) that could set the clock of a process";
    if (found.isEmpty() && Row.isCi()) {
      fail("%s", reason);
    }
    Assumptions.assumeTrue(found.isPresent(), reason);
    return found.orElseThrow();
  }
}

package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.cellos.starter.TestTerminal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Row 32: somebody resets or terminates a workflow with Temporal's own means. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ResetAndTerminatedIT {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);

  /** The incubation takes six seconds. */
  private static final String SLOW = "run --protocol small.yaml --execute --speed-up 300 --id x";

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @Test
  void aResetOfAFinishedExecutionMovesNothing() throws Exception {
    new Row("32 finished, then reset", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess worker = bench.worker();
              Bench.Result run = bench.process(Protocols.RUN + "x");
              assertThat(run.exitCode()).as(run.err()).isZero();
              List<Effect> effects = bench.effects();

              reset(bench);

              Bench.until(() -> runs(bench) == 2 && isCompletedInTemporal(bench));
              assertThat(bench.history().status("x")).isEqualTo("completed");
              assertThat(bench.effects()).isEqualTo(effects).hasSize(Protocols.EFFECTS_OF_SMALL);
              assertThat(bench.show("x").path("decisions")).isEmpty();
              assertThat(bench.show("x").toString())
                  .as("what ended in time is not late afterwards")
                  .doesNotContain("overdue");
              Bench.stop(worker);
            });
  }

  @Test
  void whoWaitsForAnExecutionSeesItThroughAReset() throws Exception {
    new Row("32 running, then reset", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess run = bench.start(SLOW);
              awaitIncubation(bench);

              reset(bench);

              assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.DONE);
              assertThat(runs(bench)).isEqualTo(2);
              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
              assertThat(bench.show("x").path("decisions")).isEmpty();
              assertThat(bench.show("x").path("status").asText()).isEqualTo("completed");
            });
  }

  @Test
  void aTerminatedExecutionIsClosedWithTheReason() throws Exception {
    new Row("32 terminated, nobody waits", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess worker = bench.worker();
              Bench.Result detached = bench.process(SLOW + " --detach");
              assertThat(detached.exitCode()).as(detached.err()).isZero();
              awaitIncubation(bench);

              long begun = System.nanoTime();
              terminate(bench);
              Bench.until(CLOSED_WITHIN, () -> bench.history().status("x").equals("failed"));
              System.out.printf(
                  "closed after %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));

              requireTold(bench);
              Bench.stop(worker);
            });
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void whoWaitsForATerminatedExecutionIsTold() throws Exception {
    new Row("32 terminated, a run waits", folder)
        .on(BenchEngine.MANAGED)
        .perform(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess run = bench.start(SLOW);
              awaitIncubation(bench);

              long begun = System.nanoTime();
              terminate(bench);

              assertThat(run.exitCode()).as(run.err()).isEqualTo(GoingOn.FAILED);
              assertThat(System.nanoTime() - begun).isLessThan(CLOSED_WITHIN.toNanos());
              assertThat(run.out()).contains("failed").contains("broken-lamp");
              requireTold(bench);
            });
  }

  private static void awaitIncubation(Bench bench) {
    Bench.until(
        () ->
            bench.history().ledger().stream()
                .anyMatch(row -> row.action().equals("start") && row.completed()));
  }

  private static void terminate(Bench bench) throws Exception {
    Bench.Result terminated =
        bench.server().temporal("workflow terminate -w x --reason broken-lamp");
    assertThat(terminated.exitCode()).as(terminated.out()).isZero();
  }

  private static void requireTold(Bench bench) throws Exception {
    JsonNode execution = bench.show("x");
    assertThat(execution.path("status").asText()).isEqualTo("failed");
    assertThat(execution.path("error_message").asText())
        .contains("Terminated in Temporal")
        .contains("broken-lamp");
    assertThat(execution.at("/steps/3/status").asText()).isEqualTo("skipped");
    assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL - 1);
  }

  /** To any of the points that Temporal allows, the first and the last included. */
  private static void reset(Bench bench) throws Exception {
    List<String> points = new ArrayList<>();
    Bench.Result shown = bench.server().temporal("workflow show -w x -o json");
    assertThat(shown.exitCode()).as(shown.out()).isZero();
    for (JsonNode event : TestTerminal.ONE_DOCUMENT.readTree(shown.out()).path("events")) {
      if (event.path("eventType").asText().equals("EVENT_TYPE_WORKFLOW_TASK_COMPLETED")) {
        points.add(event.path("eventId").asText());
      }
    }
    assertThat(points).isNotEmpty();
    int drawn = bench.random().nextInt(3);
    String point =
        drawn == 0
            ? points.get(0)
            : drawn == 1
                ? points.get(points.size() - 1)
                : points.get(bench.random().nextInt(points.size()));
    Bench.Result reset =
        bench.server().temporal("workflow reset -w x --reason test --event-id " + point);
    assertThat(reset.exitCode()).as(reset.out()).isZero();
  }

  private static int runs(Bench bench) throws Exception {
    return bench.history().texts("SELECT ordinal FROM execution_runs").size();
  }

  private static boolean isCompletedInTemporal(Bench bench) throws Exception {
    return bench
        .server()
        .temporal("workflow describe -w x -o json")
        .out()
        .contains("WORKFLOW_EXECUTION_STATUS_COMPLETED");
  }
}

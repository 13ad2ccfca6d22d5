package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 30: two people give two commands to one execution, one after the other or at once. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class SignalPairsIT {
  private static final int LAST = 3;
  private static final double EDITED_ML = 0.5;
  private static final String PAUSE_NOW = "pause x --now";
  private static final String SKIP = "skip x --step 4";
  private static final String EDIT = "edit x --step 4 volume_ml=0.5";
  private static final String RETRY = "retry x";

  private static final List<String> COMMANDS =
      List.of(
          "decide x done",
          "decide x again",
          "decide x abort",
          "cancel x",
          "execute x --execute",
          "confirm x",
          "pause x",
          PAUSE_NOW,
          "resume x",
          SKIP,
          EDIT,
          RETRY);

  /** Exit codes that are answers; anything else is a defect, or a wait without an end. */
  private static final Integer[] ANSWERS = {0, 1, 2, 4, 6};

  /**
   * Coprime to the number of cases, so that neighbouring seeds differ in everything; the first two,
   * which are those of a smoke, are of a killed and of a resting execution.
   */
  private static final int STRIDE = 295;

  @TempDir private Path folder;

  /** How the execution is found by the two. */
  private enum State {
    /** It has asked whether the second step was done; no process has it. */
    ASKED,
    /** Its process has died in the second step, and nobody knows yet. */
    KILLED,
    /** It rests in the incubator, and its process lives. */
    RESTING
  }

  private record Case(State state, String first, String second, boolean atOnce) {}

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void twoCommandsHaveOneConsistentEnd(BenchEngine engine) throws Exception {
    List<Case> cases = cases();
    new Row("30 pairs of commands", folder)
        .on(engine)
        .perform(
            bench -> {
              Case pair = cases.get((int) (bench.seed() * STRIDE % cases.size()));
              try {
                perform(bench, pair);
              } catch (AssertionError e) {
                throw new AssertionError(pair + ": " + e.getMessage(), e);
              }
            });
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (State state : State.values()) {
      for (String first : COMMANDS) {
        for (String second : COMMANDS) {
          cases.add(new Case(state, first, second, false));
          if (first.compareTo(second) <= 0) {
            cases.add(new Case(state, first, second, true));
          }
        }
      }
    }
    return cases;
  }

  private static void perform(Bench bench, Case pair) throws Exception {
    bring(bench, pair.state());
    JarProcess first = bench.start(pair.first());
    int exitCodeOfFirst = pair.atOnce() ? -1 : first.exitCode();
    JarProcess second = bench.start(pair.second());
    int exitCodeOfSecond = second.exitCode();
    exitCodeOfFirst = pair.atOnce() ? first.exitCode() : exitCodeOfFirst;
    assertThat(exitCodeOfFirst).as(first.err()).isIn((Object[]) ANSWERS);
    assertThat(exitCodeOfSecond).as(second.err()).isIn((Object[]) ANSWERS);

    GoingOn.toTheEnd(bench, "x");

    JsonNode end = bench.show("x");
    requireKept(pair.first(), exitCodeOfFirst, pair.second(), end);
    requireKept(pair.second(), exitCodeOfSecond, pair.first(), end);
    if (end.path("status").asText().equals("cancelled")) {
      assertThat(List.of(pair.first(), pair.second())).contains("cancel x");
    }
  }

  private static void bring(Bench bench, State state) throws Exception {
    if (state == State.RESTING) {
      bench.startAndRest("x", Protocols.SIX_SECONDS);
      return;
    }
    bench.write("small.yaml", Protocols.SMALL);
    JarProcess killed =
        bench.start(
            List.of(ChaosObserver.KILL_AT + "=after-intent", ChaosObserver.KILL_ON + "=2"),
            Protocols.RUN + "x");
    assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
    if (state == State.ASKED) {
      assertThat(bench.here("execute x --execute").exitCode()).isEqualTo(GoingOn.ASKS);
    }
  }

  /** What a command was told must be what has become of the execution. */
  private static void requireKept(String command, int exitCode, String other, JsonNode end) {
    String status = end.path("status").asText();
    JsonNode last = end.path("steps").path(LAST);
    if (command.startsWith("cancel") && exitCode == GoingOn.DONE) {
      assertThat(status).as("status after '%s'", command).isEqualTo("cancelled");
    }
    if (command.equals(SKIP) && exitCode == GoingOn.DONE) {
      assertThat(last.path("status").asText()).isEqualTo("skipped");
    }
    if (command.equals(EDIT)
        && exitCode == GoingOn.DONE
        && last.path("status").asText().equals("completed")) {
      assertThat(last.path("parameters").path("volume_ml").asDouble()).isEqualTo(EDITED_ML);
    }
    if (command.startsWith("decide") && (exitCode == GoingOn.DONE || exitCode == GoingOn.FAILED)) {
      requireDecided(command, exitCode, other, end);
    }
  }

  private static void requireDecided(String command, int exitCode, String other, JsonNode end) {
    List<String> choices = new ArrayList<>();
    end.path("decisions").forEach(decision -> choices.add(decision.path("choice").asText()));
    assertThat(choices).contains(command.substring("decide x ".length()));
    // Those may lead to one more question, which the person answers as the seed says.
    if (!List.of(PAUSE_NOW, RETRY).contains(other)) {
      // Told to another process, an abort is recorded, with 0, and ends the execution there.
      boolean isCompleted = exitCode == GoingOn.DONE && !command.endsWith("abort");
      assertThat(end.path("status").asText()).isEqualTo(isCompleted ? "completed" : "failed");
    }
  }
}

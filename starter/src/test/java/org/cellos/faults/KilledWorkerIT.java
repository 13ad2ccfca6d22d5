package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 2 to 4: the process dies around an effect. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class KilledWorkerIT {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void afterTheIntentAPersonIsAsked(BenchEngine engine) throws Exception {
    new Row("2 killed after-intent", folder)
        .on(engine)
        .perform(bench -> asksAPerson(bench, "after-intent", Protocols.CALLS_OF_SMALL));
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void afterTheSendAPersonIsAsked(BenchEngine engine) throws Exception {
    new Row("3 killed after-send", folder)
        .on(engine)
        .perform(bench -> asksAPerson(bench, "after-send", Protocols.EFFECTS_OF_SMALL));
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void afterTheEffectAPersonIsAsked(BenchEngine engine) throws Exception {
    new Row("4 killed after-effect", folder)
        .on(engine)
        .perform(bench -> asksAPerson(bench, "after-effect", Protocols.EFFECTS_OF_SMALL));
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void beforeTheReplyTheLedgerKnows(BenchEngine engine) throws Exception {
    new Row("4 killed before-reply", folder)
        .on(engine)
        .perform(
            bench -> {
              int calls = 1 + bench.random().nextInt(Protocols.CALLS_OF_SMALL);
              killAt(bench, "before-reply", calls);
              assertThat(bench.history().ledger()).hasSize(calls).noneMatch(LedgerRow::open);

              assertThat(bench.cellos("execute x --execute").exitCode()).isZero();

              assertThat(bench.show("x").path("decisions")).isEmpty();
              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aCancelHidesNothingOfWhatIsUnknown(BenchEngine engine) throws Exception {
    new Row("4 killed, then cancelled", folder)
        .on(engine)
        .forEvery(5)
        .perform(
            bench -> {
              boolean isKnown = bench.random().nextBoolean();
              killAt(bench, isKnown ? "before-reply" : "after-effect", 2);

              int exitCode = bench.cellos("cancel x").exitCode();
              if (!isKnown) {
                assertThat(exitCode).isEqualTo(GoingOn.ASKS);
                assertThat(SeededPerson.openQuestion(bench.show("x")).path("choices"))
                    .as("what is being cancelled is not begun again")
                    .noneMatch(choice -> choice.asText().equals("again"));
                exitCode = bench.cellos("decide x done").exitCode();
              }

              assertThat(exitCode).isEqualTo(isKnown ? GoingOn.DONE : GoingOn.CANCELLED);
              assertThat(bench.history().status("x")).isEqualTo("cancelled");
              assertThat(bench.show("x").at("/steps/1/status").asText()).isEqualTo("completed");
              assertThat(bench.show("x").at("/steps/2/status").asText()).isEqualTo("skipped");
              assertThat(bench.effects()).hasSize(2);
            });
  }

  private static void asksAPerson(Bench bench, String point, int most) throws Exception {
    int calls = 1 + bench.random().nextInt(most);
    killAt(bench, point, calls);
    List<Effect> effects = bench.effects();
    LedgerRow unknown =
        bench.history().ledger().stream().filter(LedgerRow::open).findAny().orElseThrow();
    boolean isDone = effects.stream().anyMatch(unknown::isOf);
    assertThat(isDone).isEqualTo(point.equals("after-effect"));

    SeededPerson.Said said =
        GoingOn.askedAndAnswered(
            bench,
            "x",
            question -> {
              assertThat(question.path("step_index").asInt()).isEqualTo(unknown.stepIndex());
              assertThat(question.path("action").asText()).isEqualTo(unknown.action());
              assertThat(bench.effects()).as("nothing is repeated").isEqualTo(effects);
            });

    boolean isAborted = said.choice().equals("abort");
    assertThat(bench.history().status("x")).isEqualTo(isAborted ? "failed" : "completed");
    assertThat(bench.effects())
        .hasSize(
            effects.size()
                + (unknown.isWitnessed() && said.choice().equals("again") ? 1 : 0)
                + (isAborted ? 0 : Protocols.EFFECTS_OF_SMALL - 1 - unknown.stepIndex()));
  }

  private static void killAt(Bench bench, String point, int passing) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    JarProcess killed =
        bench.start(
            List.of(ChaosObserver.KILL_AT + "=" + point, ChaosObserver.KILL_ON + "=" + passing),
            Protocols.RUN + "x");
    assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
  }
}

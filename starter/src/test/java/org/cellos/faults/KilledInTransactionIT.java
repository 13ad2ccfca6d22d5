package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.FaultPoint;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 1 and 5: the process dies while a transaction is open. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class KilledInTransactionIT {
  @TempDir private Path folder;

  /** The points that an undisturbed run passes, in order. */
  private List<FaultPoint> points = List.of();

  @BeforeEach
  void anUndisturbedRun() throws Exception {
    try (Bench bench = new Bench(folder.resolve("undisturbed"), 0)) {
      bench.write("small.yaml", Protocols.SMALL);
      Path trace = bench.file("trace");
      JarProcess run = bench.start(List.of(ChaosObserver.TRACE + "=" + trace), Protocols.RUN + "x");
      assertThat(run.exitCode()).as(run.err()).isZero();
      points = Files.readAllLines(trace).stream().map(FaultPoint::valueOf).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void beforeTheIntentNothingIsAskedAndNothingIsLost(BenchEngine engine) throws Exception {
    List<Integer> claims = claims();
    assertThat(claims).hasSize(Protocols.CALLS_OF_SMALL);
    new Row("1 killed before the intent", folder)
        .on(engine)
        .perform(
            bench -> {
              int call = bench.random().nextInt(claims.size());
              killAt(bench, claims.get(call));
              assertThat(bench.history().ledger()).noneMatch(LedgerRow::open);

              goOn(bench);

              assertThat(bench.show("x").path("decisions")).isEmpty();
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void aRowIsWholeOrAbsent(BenchEngine engine) throws Exception {
    int all = (int) points.stream().filter(FaultPoint.IN_MIRROR_TX::equals).count();
    new Row("5 killed in a transaction", folder)
        .on(engine)
        .perform(
            bench -> {
              killAt(bench, 1 + bench.random().nextInt(all));
              assertThat(bench.effects()).hasSizeLessThanOrEqualTo(Protocols.EFFECTS_OF_SMALL);

              goOn(bench);
            });
  }

  /** The transactions in which an intent is written: the last before each passing of the next. */
  private List<Integer> claims() {
    List<Integer> claims = new ArrayList<>();
    int transactions = 0;
    for (FaultPoint point : points) {
      switch (point) {
        case IN_MIRROR_TX -> transactions++;
        case AFTER_INTENT -> claims.add(transactions);
        case AFTER_SEND,
            AFTER_EFFECT,
            BEFORE_REPLY,
            AFTER_UPLOAD,
            AFTER_RUN_CREATED,
            AFTER_PLAY -> {}
      }
    }
    return claims;
  }

  private static void killAt(Bench bench, int transaction) throws Exception {
    bench.write("small.yaml", Protocols.SMALL);
    JarProcess killed =
        bench.start(
            List.of(
                ChaosObserver.KILL_AT + "=in-mirror-tx", ChaosObserver.KILL_ON + "=" + transaction),
            Protocols.RUN + "x");
    assertThat(killed.exitCode()).as(killed.err()).isIn(GoingOn.DONE, ChaosObserver.KILLED);
  }

  /** As what is left in the files demands; the witness must not see a second effect of anything. */
  private static void goOn(Bench bench) throws Exception {
    String status = bench.history().status("x");
    boolean isUnknown = bench.history().ledger().stream().anyMatch(LedgerRow::open);
    List<Effect> effects = bench.effects();
    if (status.equals("absent")) {
      assertThat(bench.cellos(Protocols.RUN + "x").exitCode()).isZero();
    } else if (status.equals("completed")) {
      assertThat(bench.cellos("execute x --execute").exitCode()).isEqualTo(GoingOn.REFUSED);
    } else if (isUnknown) {
      GoingOn.askedAndAnswered(
          bench, "x", question -> assertThat(bench.effects()).isEqualTo(effects));
      return;
    } else {
      assertThat(bench.cellos("execute x --execute").exitCode()).isZero();
    }
    assertThat(bench.history().status("x")).isEqualTo("completed");
    assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
  }
}

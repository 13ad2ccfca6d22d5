package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
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

/** Executions that are left to others, and others that must be left alone. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class DetachedIT {
  /** As often as a worker must have looked before it has had its chance to do harm. */
  private static final int LOOKS = 3;

  @TempDir private Path folder;

  @Test
  void aLivingWorkerPerformsWhatIsDetached() throws Exception {
    new Row("detached, performed by a worker", folder)
        .on(BenchEngine.MANAGED)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess worker = bench.worker();
              Bench.Result detached = bench.process(Protocols.RUN + "x --detach");
              assertThat(detached.exitCode()).as(detached.err()).isZero();
              assertThat(detached.err()).doesNotContain("Nobody performs it yet");

              Bench.until(() -> bench.history().status("x").equals("completed"));

              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
              Bench.stop(worker);
            });
  }

  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void nothingIsDetachedFromAnEngineThatWouldEnd(BenchEngine engine) throws Exception {
    engine.require();
    try (Bench bench = new Bench(folder, 1, engine)) {
      bench.write("small.yaml", Protocols.SMALL);

      Bench.Result detached = bench.process(Protocols.RUN + "x --detach");

      assertThat(detached.exitCode()).isEqualTo(GoingOn.REFUSED);
      assertThat(detached.err()).contains("Nothing was started.");
      assertThat(bench.history().status("x")).isEqualTo("absent");
      assertThat(bench.server().isAlive()).isFalse();
    }
  }

  @Tag(Row.SUITE_ONLY)
  @Test
  void aWorkerOnAnotherServerTouchesNothing() throws Exception {
    new Row("worker on another server", folder)
        .on(BenchEngine.MANAGED)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess killed =
                  bench.start(
                      List.of(ChaosObserver.KILL_AT + "=before-reply"), Protocols.RUN + "x");
              assertThat(killed.exitCode()).as(killed.err()).isEqualTo(ChaosObserver.KILLED);
              List<Effect> effects = bench.effects();
              try (Bench other = new Bench(folder.resolve("other"), 1, BenchEngine.MANAGED)) {
                JarProcess itsWorker = other.worker();
                String there = " --engine external --address " + other.server().address();

                JarProcess stranger = bench.worker(List.of(), there.strip());
                Bench.Result asked = bench.process("execute x --execute" + there);

                assertThat(asked.exitCode()).isEqualTo(GoingOn.REFUSED);
                assertThat(asked.err())
                    .contains("is on the Temporal server of")
                    .contains(bench.server().database().toRealPath().toString());
                awaitLooks(bench);
                assertThat(bench.history().status("x")).isEqualTo("running");
                assertThat(bench.history().texts("SELECT message FROM execution_troubles"))
                    .isEmpty();
                assertThat(bench.effects()).isEqualTo(effects);
                Bench.stop(stranger);
                Bench.stop(itsWorker);
              }
              // The server that it is on has all of it.
              assertThat(bench.process("execute x --execute").exitCode()).isZero();
              assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
            });
  }

  /** Waits until the newest worker has gone round several times. */
  private static void awaitLooks(Bench bench) throws Exception {
    String seen = "SELECT max(seen_at) FROM workers";
    for (int i = 0; i < LOOKS; i++) {
      List<String> before = bench.history().texts(seen);
      Bench.until(() -> !bench.history().texts(seen).equals(before));
    }
  }
}

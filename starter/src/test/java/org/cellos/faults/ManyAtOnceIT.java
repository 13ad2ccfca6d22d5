package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 36: a thousand executions at once, in a process with little memory. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ManyAtOnceIT {
  private static final int COUNT = Row.isWholeSuite() ? 1000 : 100;

  @TempDir private Path folder;

  @Tag(Row.SUITE_ONLY)
  @ParameterizedTest
  @MethodSource("org.cellos.faults.BenchEngine#ofSuite")
  void allOfThemAreCompleted(BenchEngine engine) throws Exception {
    new Row("36 " + COUNT + " at once, -Xmx256m", folder, 1)
        .on(engine)
        .once(
            bench -> {
              bench.write("small.yaml", Protocols.SMALL);
              JarProcess many =
                  bench.startMain(
                      List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"),
                      ManyExecutions.class,
                      String.valueOf(COUNT));
              Bench.until(() -> !many.isAlive());

              assertThat(many.exitCode()).as(many.err()).isZero();
              System.out.printf("most heap: %s MB%n", many.out().strip());
              assertThat(bench.history().texts("SELECT status FROM executions"))
                  .hasSize(COUNT)
                  .containsOnly("completed");
              assertThat(bench.effects()).hasSize(COUNT * Protocols.EFFECTS_OF_SMALL);
            });
  }
}

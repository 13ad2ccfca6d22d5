package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.cellos.starter.JarProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nobody can make the released program die by a property. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class ReleasedJarIT {
  @TempDir private Path folder;

  @Test
  void theReleasedJarHasNoMeansOfChaos() throws Exception {
    try (ZipFile jar = new ZipFile(JarProcess.JAR.toFile())) {
      assertThat(jar.stream().map(ZipEntry::getName))
          .isNotEmpty()
          .noneMatch(entry -> entry.contains("haos"))
          .noneMatch(entry -> entry.contains("FaultPoint$Observer") && entry.contains("services"));
    }
  }

  @Test
  void theReleasedJarDoesNotKnowTheProperties() throws Exception {
    try (Bench bench = new Bench(folder, 0)) {
      bench.write("small.yaml", Protocols.SMALL);

      JarProcess run =
          bench.startReleased(
              List.of(ChaosObserver.KILL_AT + "=after-effect"), Protocols.RUN + "x");

      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(bench.effects()).hasSize(Protocols.EFFECTS_OF_SMALL);
      Invariants.hold(bench);
    }
  }
}

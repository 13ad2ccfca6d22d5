package org.cellos.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.cellos.domain.ExecutionRecord;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of requests that nobody would think of, good and bad, against what is promised. */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class SchemathesisIT {
  private static final String COMMAND = "CELLOS_SCHEMATHESIS";

  @TempDir private Path folder;

  @Test
  void whatIsPromisedIsKept() throws Exception {
    String command = command();
    try (RunningDashboard dashboard = RunningDashboard.in(folder)) {
      ExecutionRecord created =
          dashboard
              .executor()
              .createExecutionFromProtocol(
                  "Daily feed",
                  "iPSC",
                  "flask_t75",
                  "feed",
                  List.of(UnitOp.of("mix", "Mix", Map.of("times", 3))),
                  Map.of());
      dashboard.executor().execute(created.executionId(), true);
      Path output = folder.resolve("schemathesis.log");

      Process run =
          new ProcessBuilder(
                  command,
                  "--config-file",
                  Path.of("src/test/resources/schemathesis.toml").toAbsolutePath().toString(),
                  "run",
                  dashboard.url("/openapi.json"),
                  "--checks",
                  "all",
                  "--max-examples",
                  "15",
                  "--max-time",
                  "90",
                  "--seed",
                  "7",
                  "--no-color",
                  "--continue-on-failure")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(run.waitFor(5, TimeUnit.MINUTES)).as("it ends").isTrue();
      } finally {
        run.destroyForcibly();
      }

      String said = Files.readString(output);
      assertThat(run.exitValue()).as(said).isZero();
      assertThat(said).contains("Operations:       " + operations() + " selected");
    }
  }

  private static int operations() {
    var paths =
        org.cellos.json.Json.read(
                OpenApiDocument.json(), com.fasterxml.jackson.databind.JsonNode.class)
            .path("paths");
    int operations = 0;
    for (var path : paths) {
      operations += path.size();
    }
    return operations;
  }

  /** Skips the test where it is not installed; in CI, that fails it. */
  private static String command() {
    Optional<String> found =
        Optional.ofNullable(System.getenv(COMMAND))
            .filter(command -> new File(command).canExecute())
            .or(
                () ->
                    Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .map(each -> new File(each, "schemathesis"))
                        .filter(File::canExecute)
                        .map(File::getPath)
                        .findFirst());
    if (found.isEmpty() && System.getenv("CI") != null) {
      Assertions.fail("There is no schemathesis, and CI needs it: set " + COMMAND + ".");
    }
    Assumptions.assumeTrue(found.isPresent(), "no schemathesis on the PATH or in " + COMMAND);
    return found.orElseThrow();
  }
}

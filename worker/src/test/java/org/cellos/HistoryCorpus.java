package org.cellos;

import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.cellos.client.ExecutionClient;
import org.cellos.domain.ExecutionRecord;
import org.cellos.store.ExecutionFilter;
import org.cellos.worker.WorkflowExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;

/**
 * Histories of released versions, one file a scenario. With {@code -Dcellos.corpus.record=FOLDER}
 * the tests add theirs to such a folder; which is done once for each release.
 */
public final class HistoryCorpus {
  private static final Path FILES =
      Path.of("src", "test", "resources", "org", "cellos", "workflow", "histories");
  private static final @Nullable String FOLDER = System.getProperty("cellos.corpus.record");
  private static final String ENDING = ".json.gz";

  private HistoryCorpus() {}

  public static List<Path> files() {
    try (Stream<Path> files = Files.walk(FILES)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static WorkflowExecutionHistory read(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return WorkflowExecutionHistory.fromJson(
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All that a test has performed, and that has ended.
   *
   * @param test its class and method name the scenario
   */
  public static void recordWhereAsked(TestInfo test, WorkflowExecutor executor) {
    if (FOLDER == null) {
      return;
    }
    WorkflowClient temporal =
        ExecutionClient.temporalClient(executor.engine().stubs(), executor.engine().namespace());
    String scenario =
        test.getTestClass().orElseThrow().getSimpleName()
            + " "
            + test.getTestMethod().orElseThrow().getName()
            + " "
            + test.getDisplayName().replaceAll(".*\\(.*\\)", "");
    int number = 0;
    for (ExecutionRecord execution : executor.queries().list(ExecutionFilter.all())) {
      if (execution.status().isTerminal()) {
        number++;
        recordWhereAsked(scenario + " " + number, temporal.fetchHistory(execution.executionId()));
      }
    }
  }

  public static void recordWhereAsked(String scenario, WorkflowExecutionHistory history) {
    if (FOLDER == null) {
      return;
    }
    // Where it was recorded is nobody's business.
    String json = history.toJson(false).replaceAll("[0-9]+@[A-Za-z0-9._-]+", "1@bench");
    Path file = Path.of(FOLDER).resolve(scenario.strip().replaceAll("[^A-Za-z0-9]+", "-") + ENDING);
    try {
      Files.createDirectories(file.getParent());
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(json.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

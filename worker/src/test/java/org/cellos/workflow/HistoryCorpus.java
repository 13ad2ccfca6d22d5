package org.cellos.workflow;

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

/**
 * Histories of released versions, one file a scenario. With {@code -Dcellos.corpus.record=FOLDER}
 * the tests add theirs to such a folder; which is done once for each release.
 */
final class HistoryCorpus {
  private static final Path FILES =
      Path.of("src", "test", "resources", "org", "cellos", "workflow", "histories");
  private static final String ENDING = ".json.gz";

  private HistoryCorpus() {}

  static List<Path> files() {
    try (Stream<Path> files = Files.walk(FILES)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WorkflowExecutionHistory read(Path file) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return WorkflowExecutionHistory.fromJson(
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void recordWhereAsked(String scenario, WorkflowExecutionHistory history) {
    String folder = System.getProperty("cellos.corpus.record");
    if (folder == null) {
      return;
    }
    // Where it was recorded is nobody's business.
    String json = history.toJson(false).replaceAll("[0-9]+@[A-Za-z0-9._-]+", "1@bench");
    Path file = Path.of(folder).resolve(scenario.replaceAll("[^A-Za-z0-9]+", "-") + ENDING);
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

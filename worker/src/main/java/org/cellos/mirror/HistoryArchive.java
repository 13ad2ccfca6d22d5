package org.cellos.mirror;

import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Histories of closed executions in files beside the mirror, one a Temporal run: the server forgets
 * them after its retention. Thread-safe; several processes may write the same file.
 */
public final class HistoryArchive {
  private static final String SUFFIX = ".json.gz";

  private final Path folder;
  private final DataConverter converter;

  /**
   * @param database the mirror's file, beside which they are
   * @param converter the form of what is in them
   */
  public HistoryArchive(Path database, DataConverter converter) {
    Path file = database.toAbsolutePath();
    this.folder = file.resolveSibling(file.getFileName() + "-histories");
    this.converter = converter;
  }

  public Path folder() {
    return folder;
  }

  /** All or nothing: nobody ever sees half a file under its name. */
  void write(String executionId, RunHistory run) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(encoded(executionId) + "." + run.runId() + SUFFIX);
    Path unfinished = Files.createTempFile(folder, "unfinished", ".tmp");
    try {
      try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(unfinished))) {
        out.write(run.history().toJson(false).getBytes(StandardCharsets.UTF_8));
      }
      try {
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * The exported runs of an execution.
   *
   * @param problems where one cannot be read, a sentence about it is added
   */
  List<RunHistory> read(String executionId, List<String> problems) {
    List<RunHistory> runs = new ArrayList<>();
    for (Path file : files()) {
      if (executionId(file).equals(executionId)) {
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
          WorkflowExecutionHistory history =
              WorkflowExecutionHistory.fromJson(
                  new String(in.readAllBytes(), StandardCharsets.UTF_8), executionId);
          if (history.getEvents().isEmpty()) {
            throw new IOException("it has no events");
          }
          runs.add(new RunHistory(runId(file), history, converter));
        } catch (IOException | RuntimeException e) {
          problems.add(
              "The exported history "
                  + file
                  + " is damaged and was left out: "
                  + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
      }
    }
    return runs;
  }

  /** The executions that have exported runs. */
  Set<String> executionIds() {
    Set<String> ids = new TreeSet<>();
    files().forEach(file -> ids.add(executionId(file)));
    return ids;
  }

  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> name(file).matches(".+\\.[^.]+" + SUFFIX.replace(".", "\\.")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static String stem(Path file) {
    return name(file).substring(0, name(file).length() - SUFFIX.length());
  }

  private static String runId(Path file) {
    return stem(file).substring(stem(file).lastIndexOf('.') + 1);
  }

  private static String executionId(Path file) {
    return stem(file).substring(0, stem(file).lastIndexOf('.')).replace("%3A", ":");
  }

  /** Not every file system has the colon. */
  private static String encoded(String executionId) {
    return executionId.replace(":", "%3A");
  }
}

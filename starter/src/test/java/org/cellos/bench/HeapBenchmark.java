package org.cellos.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@link OpenExecutions} needs, with no more heap than it may have. */
final class HeapBenchmark {
  private static final int MOST_MEGABYTES = 256;
  private static final int BYTES_PER_MEGABYTE = 1024 * 1024;

  private final ResultTable table;

  HeapBenchmark(ResultTable table) {
    this.table = table;
  }

  /**
   * @param engine an engine in memory has its server on the same heap
   */
  void run(Path folder, String engine) throws Exception {
    Path result = folder.resolve("used.txt");
    List<String> line =
        new ArrayList<>(
            List.of(
                CommandBenchmarks.java(),
                "-Xmx" + MOST_MEGABYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                OpenExecutions.class.getName(),
                folder.resolve("open.db").toString(),
                result.toString(),
                engine));
    String what = "heap with " + OpenExecutions.COUNT + " open executions, -Xmx256m";
    try {
      CommandBenchmarks.succeed(folder, line);
    } catch (IllegalStateException e) {
      table.notMeasured(
          what, engine, String.valueOf(e.getMessage()).lines().limit(2).toList() + "");
      return;
    }
    long bytes = Long.parseLong(Files.readString(result));
    table.megabytesBelow(what, engine, MOST_MEGABYTES, bytes / BYTES_PER_MEGABYTE);
  }
}

package org.cellos.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/** {@code target/faults.md}: a line for each seed of each row that was performed, in this run. */
final class FaultReport {
  private static final Path FILE = Path.of("target", "faults.md");
  private static boolean begun;

  private FaultReport() {}

  static synchronized void add(
      Row row, long seed, String outcome, int questions, int effects, long begunNanos)
      throws IOException {
    if (!begun) {
      begun = true;
      Files.writeString(
          FILE,
          """
          | row | engine | seed | outcome | questions | effects | seconds |
          |---|---|---:|---|---:|---:|---:|
          """);
      String since = System.getProperty("cellos.faults.since");
      if (since != null) {
        for (String line : InProcessRows.lines(Instant.parse(since))) {
          Files.writeString(FILE, line, StandardOpenOption.APPEND);
        }
      }
    }
    Files.writeString(
        FILE,
        "| %s | %s | %d | %s | %d | %d | %.1f |%n"
            .formatted(
                row.name(),
                row.engine(),
                seed,
                outcome,
                questions,
                effects,
                (System.nanoTime() - begunNanos) / 1e9),
        StandardOpenOption.APPEND);
  }
}

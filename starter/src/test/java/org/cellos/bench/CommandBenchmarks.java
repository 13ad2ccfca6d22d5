package org.cellos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whole commands of the released jar, each a process of its own, from its start to its end. */
final class CommandBenchmarks {
  private static final Duration MOST_FOR_HELP = Duration.ofMillis(700);
  private static final Duration MOST_FOR_RUN = Duration.ofSeconds(4);
  private static final int RUNS = 7;

  private final ResultTable table;
  private final Path jar;

  CommandBenchmarks(ResultTable table, Path jar) {
    this.table = table;
    this.jar = jar;
  }

  void run(Path folder) throws Exception {
    measure(folder, "--help", "", MOST_FOR_HELP, "--help");
    measure(
        folder,
        "run passage --cell-line iPSC --vessel T75",
        "in-JVM",
        MOST_FOR_RUN,
        "run",
        "passage",
        "--cell-line",
        "iPSC",
        "--vessel",
        "T75",
        "--engine",
        "in-memory");
  }

  private void measure(Path folder, String what, String engine, Duration most, String... arguments)
      throws Exception {
    List<String> line = new ArrayList<>(List.of(java(), "-jar", jar.toString()));
    line.addAll(List.of(arguments));
    Samples samples = new Samples();
    for (int run = -1; run < RUNS; run++) {
      (run < 0 ? new Samples() : samples).time(() -> succeed(folder, line));
    }
    table.below(what, engine, most, new Samples(), samples);
  }

  /** The program that runs this. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Runs it to its end; what it prints goes to a file of the folder. */
  static void succeed(Path folder, List<String> line) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.matches("(CELLOS|TEMPORAL)_.*"));
    int exitCode = builder.start().waitFor();
    if (exitCode != 0) {
      throw new IllegalStateException(
          String.join(" ", line) + " ended with " + exitCode + ":\n" + Files.readString(output));
    }
  }
}

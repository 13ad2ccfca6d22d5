package org.cellos.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.logging.LogManager;
import java.util.stream.Stream;
import org.cellos.engine.EngineChoice;

/**
 * Measures what the project has promised of its speed, and says what is met. Ratios count, within
 * one run: times depend on the machine and on what else it does. {@code ./mvnw -Pbench verify}
 */
public final class Benchmarks {
  static final String IN_JVM = "in-JVM";
  static final String MANAGED = "managed";

  private final ResultTable table = new ResultTable(System.out);
  private final Path folder;
  private final Path jar;

  private Benchmarks(Path folder, Path jar) {
    this.folder = folder;
    this.jar = jar;
  }

  /**
   * @param arguments the released jar, the file for the table, and which groups to run if not all:
   *     {@code in-jvm}, {@code managed}, {@code transactions}, {@code reads}, {@code upkeep},
   *     {@code heap}, {@code dashboard}, {@code commands}
   */
  public static void main(String[] arguments) throws Exception {
    LogManager.getLogManager().reset();
    List<String> groups = List.of(arguments).subList(2, arguments.length);
    Path folder = Files.createTempDirectory("cellos-bench");
    try {
      Benchmarks benchmarks = new Benchmarks(folder, Path.of(arguments[0]).toAbsolutePath());
      benchmarks.run(groups);
      benchmarks.table.write(Path.of(arguments[1]));
    } finally {
      delete(folder);
    }
    // Whatever a library has left running must not keep the process.
    System.exit(0);
  }

  private void run(List<String> groups) throws Exception {
    if (wanted(groups, "in-jvm")) {
      new EngineBenchmarks(table, IN_JVM, Duration.ofMillis(15), Duration.ofMillis(40), 60)
          .run(newFolder("in-jvm"), EngineChoice.inMemory());
    }
    if (wanted(groups, "managed") && hasTemporal()) {
      Path managed = newFolder("managed");
      new EngineBenchmarks(table, MANAGED, Duration.ofMillis(60), Duration.ofMillis(100), 30)
          .run(managed, EngineChoice.managed(managed.resolve("temporal.db")));
    }
    if (wanted(groups, "transactions")) {
      new MirrorBenchmarks(table).transactions(newFolder("transactions"));
    }
    if (wanted(groups, "reads")) {
      new MirrorBenchmarks(table).reads(newFolder("reads"));
    }
    if (wanted(groups, "upkeep")) {
      new UpkeepBenchmarks(table).backup(newFolder("backup"));
      if (hasTemporal()) {
        new UpkeepBenchmarks(table).rebuild(newFolder("rebuild"));
      }
    }
    if (wanted(groups, "heap")) {
      new HeapBenchmark(table).run(newFolder("heap-in-jvm"), IN_JVM);
      if (hasTemporal()) {
        new HeapBenchmark(table).run(newFolder("heap-managed"), MANAGED);
      }
    }
    if (wanted(groups, "dashboard")) {
      new DashboardBenchmarks(table).run(newFolder("dashboard"));
    }
    if (wanted(groups, "commands")) {
      new CommandBenchmarks(table, jar).run(newFolder("commands"));
    }
  }

  /** Says so where not. */
  private boolean hasTemporal() {
    boolean isThere =
        Stream.concat(
                Stream.ofNullable(System.getenv("CELLOS_TEMPORAL_CLI")).map(Path::of),
                Stream.of(System.getenv("PATH").split(":", -1))
                    .map(inPath -> Path.of(inPath, "temporal")))
            .anyMatch(Files::isExecutable);
    if (!isThere) {
      table.notMeasured("executions and heap", MANAGED, "no temporal command");
    }
    return isThere;
  }

  private static boolean wanted(List<String> groups, String group) {
    return groups.isEmpty() || groups.contains(group);
  }

  private Path newFolder(String name) throws IOException {
    return Files.createTempDirectory(folder, name);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

package org.cellos.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.cellos.starter.JarProcess;

/**
 * Classes of the jar as the first process had loaded them: a third less time for each of the many
 * processes that follow. Made anew for each new jar; without it everything works as well.
 */
final class QuickStart {
  private static final Path ARCHIVE = Path.of("target", "faults.jsa").toAbsolutePath();
  private static List<String> options = List.of();
  private static boolean tried;

  private QuickStart() {}

  static synchronized List<String> options() throws IOException {
    if (!tried) {
      tried = true;
      options = make() ? List.of("-XX:SharedArchiveFile=" + ARCHIVE) : List.of();
    }
    return options;
  }

  private static boolean make() throws IOException {
    if (Files.exists(ARCHIVE)
        && Files.getLastModifiedTime(ARCHIVE).compareTo(Files.getLastModifiedTime(JarProcess.JAR))
            > 0) {
      return true;
    }
    Path folder = Files.createTempDirectory(ARCHIVE.getParent(), "quick-start");
    Path made = folder.resolve("made.jsa");
    Files.writeString(folder.resolve("small.yaml"), Protocols.SMALL);
    try (JarProcess process =
        JarProcess.start(
            folder,
            folder,
            java.util.Map.of(),
            java.util.stream.Stream.concat(
                    Bench.QUICK.stream(),
                    java.util.stream.Stream.of(
                        "-XX:ArchiveClassesAtExit=" + made,
                        "-cp",
                        JarProcess.JAR.toString(),
                        "org.cellos.starter.Main"))
                .toList(),
            "run --protocol small.yaml --engine in-memory --execute --speed-up 100000")) {
      if (process.exitCode() != 0 || !Files.exists(made)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }
}

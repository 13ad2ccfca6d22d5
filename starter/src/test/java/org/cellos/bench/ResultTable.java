package org.cellos.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as a Markdown table. No number decides anything: whether it is met is said. */
final class ResultTable {
  private static final List<String> HEADINGS =
      List.of("what", "engine", "target", "bare engine", "measured", "p99", "ratio", "met");

  private final List<List<String>> rows = new ArrayList<>();
  private final PrintStream progress;

  ResultTable(PrintStream progress) {
    this.progress = progress;
  }

  /** A median that has to stay below a fixed time. */
  void below(String what, String engine, Duration most, Samples bare, Samples measured) {
    Duration p50 = measured.percentile(50);
    add(
        what,
        engine,
        "≤ " + text(most),
        bare.count() == 0 ? "" : text(bare.percentile(50)),
        text(p50),
        text(measured.percentile(99)),
        bare.count() == 0 ? "" : ratio(p50, bare.percentile(50)),
        p50.compareTo(most) <= 0);
  }

  /** A ninety-ninth percentile that has to stay below a fixed time. */
  void p99Below(String what, String engine, Duration most, Samples measured) {
    Duration p99 = measured.percentile(99);
    add(
        what,
        engine,
        "p99 ≤ " + text(most),
        "",
        text(measured.percentile(50)),
        text(p99),
        "",
        p99.compareTo(most) <= 0);
  }

  /** A ninety-fifth percentile that has to stay below a fixed time. */
  void p95Below(String what, String engine, Duration most, Samples measured) {
    Duration p95 = measured.percentile(95);
    add(
        what,
        engine,
        "p95 ≤ " + text(most),
        "",
        text(p95),
        text(measured.percentile(99)),
        "",
        p95.compareTo(most) <= 0);
  }

  /** A ninety-ninth percentile beside something else, and without it. */
  void p99Beside(String what, String engine, Samples alone, Samples measured) {
    row(
        List.of(
            what,
            engine,
            "",
            text(alone.percentile(99)) + " without",
            text(measured.percentile(50)),
            text(measured.percentile(99)),
            ratio(measured.percentile(99), alone.percentile(99)),
            ""));
  }

  /** A size that has to stay below a fixed one. */
  void kilobytesBelow(String what, String engine, long most, long measured) {
    add(what, engine, "≤ " + most + " kB", "", measured + " kB", "", "", measured <= most);
  }

  /** A longest time that has to stay below a fixed one. */
  void longestBelow(String what, String engine, Duration most, Samples bare, Samples measured) {
    Duration longest = measured.percentile(100);
    add(
        what,
        engine,
        "≤ " + text(most),
        text(bare.percentile(100)) + " without",
        text(longest),
        text(measured.percentile(99)),
        ratio(longest, bare.percentile(100)),
        longest.compareTo(most) <= 0);
  }

  /** A median that has to stay below a multiple of the bare engine's. */
  void ratioBelow(String what, String engine, double most, Samples bare, Samples measured) {
    Duration p50 = measured.percentile(50);
    Duration bareP50 = bare.percentile(50);
    add(
        what,
        engine,
        "≤ " + most + " × bare",
        text(bareP50),
        text(p50),
        text(measured.percentile(99)),
        ratio(p50, bareP50),
        p50.toNanos() <= most * bareP50.toNanos());
  }

  /** A rate that has to reach a part of the bare engine's. */
  void rateAbove(String what, String engine, double least, double bare, double measured) {
    add(
        what,
        engine,
        "≥ " + Math.round(least * 100) + " % of bare",
        Math.round(bare) + " steps/s",
        Math.round(measured) + " steps/s",
        "",
        String.format(Locale.ROOT, "%.2f", measured / bare),
        measured >= least * bare);
  }

  /** A size that has to stay below a fixed one. */
  void megabytesBelow(String what, String engine, long most, long measured) {
    add(what, engine, "≤ " + most + " MB", "", measured + " MB", "", "", measured <= most);
  }

  /** What could not be measured, and why. */
  void notMeasured(String what, String engine, String why) {
    row(List.of(what, engine, "", "", "not measured: " + why, "", "", ""));
  }

  private void add(
      String what,
      String engine,
      String target,
      String bare,
      String measured,
      String p99,
      String ratio,
      boolean isMet) {
    row(List.of(what, engine, target, bare, measured, p99, ratio, isMet ? "yes" : "no"));
  }

  private void row(List<String> row) {
    rows.add(row);
    progress.println(String.join(" | ", row));
  }

  /** Writes the table, after a line on where it was measured. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("Measured on ")
        .append(Runtime.getRuntime().availableProcessors())
        .append(" processors, Java ")
        .append(Runtime.version().feature())
        .append(", medians unless it says p99.\n\n");
    line(text, HEADINGS);
    line(text, HEADINGS.stream().map(heading -> "---").toList());
    rows.forEach(row -> line(text, row));
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, text);
    progress.println();
    progress.print(text);
    progress.println("Written to " + file + ".");
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String text(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    if (millis >= 1000) {
      return String.format(Locale.ROOT, "%.2f s", millis / 1000);
    }
    return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%.0f ms", millis);
  }

  private static String ratio(Duration measured, Duration bare) {
    return String.format(Locale.ROOT, "%.2f", (double) measured.toNanos() / bare.toNanos());
  }
}

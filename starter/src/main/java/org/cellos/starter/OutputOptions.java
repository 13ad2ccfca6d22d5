package org.cellos.starter;

import picocli.CommandLine.Option;

/** How results are printed. */
final class OutputOptions {
  /** The forms of a result. */
  enum Format {
    table,
    json
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.table;

  boolean json() {
    return format == Format.json;
  }
}

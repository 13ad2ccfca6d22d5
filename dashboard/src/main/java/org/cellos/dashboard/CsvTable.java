package org.cellos.dashboard;

import java.io.IOException;
import java.io.Writer;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/** A table that spreadsheets open, and in which they find nothing to execute. */
final class CsvTable implements AutoCloseable {
  private static final String BEGINS_FORMULA = "=+-@\t\r";

  private final CSVPrinter printer;

  CsvTable(Writer writer, String... headings) throws IOException {
    this.printer = new CSVPrinter(writer, CSVFormat.RFC4180.builder().setHeader(headings).get());
  }

  void row(@Nullable Object... cells) throws IOException {
    for (Object cell : cells) {
      printer.print(cell instanceof Number ? cell : text(cell));
    }
    printer.println();
  }

  /** An apostrophe before it makes a text of what would be a formula. */
  static String text(@Nullable Object cell) {
    String text = cell == null ? "" : cell.toString();
    return !text.isEmpty() && BEGINS_FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
  }

  @Override
  public void close() throws IOException {
    printer.flush();
  }
}

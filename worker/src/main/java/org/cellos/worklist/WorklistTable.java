package org.cellos.worklist;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.cellos.domain.ParameterException;
import org.cellos.domain.Parameters;

/**
 * What a worklist says.
 *
 * @param headings names of the columns
 * @param rows a cell for each heading; empty where a transfer has no such key
 */
record WorklistTable(List<String> headings, List<List<Object>> rows) {
  private static final String TRANSFERS = "transfers";

  /**
   * A line for each of the {@code transfers}, with what holds for all of them in each; without
   * transfers one line.
   *
   * @throws ParameterException if a value is no number, text, true or false
   */
  static WorklistTable of(Parameters parameters) {
    Map<String, Object> common = new LinkedHashMap<>(parameters.values());
    common.remove(TRANSFERS);
    List<Map<String, Object>> lines = new ArrayList<>();
    if (parameters.has(TRANSFERS)) {
      for (Parameters transfer : parameters.maps(TRANSFERS)) {
        Map<String, Object> line = new LinkedHashMap<>(common);
        line.putAll(transfer.values());
        lines.add(line);
      }
    } else {
      lines.add(common);
    }
    List<String> headings =
        lines.stream().flatMap(line -> line.keySet().stream()).distinct().sorted().toList();
    List<List<Object>> rows = new ArrayList<>();
    for (Map<String, Object> line : lines) {
      rows.add(headings.stream().map(heading -> cell(heading, line)).toList());
    }
    return new WorklistTable(headings, rows);
  }

  private static Object cell(String heading, Map<String, Object> line) {
    Object value = line.getOrDefault(heading, "");
    if (value instanceof Number || value instanceof String || value instanceof Boolean) {
      return value;
    }
    throw new ParameterException(heading + " must be a number, a text, true or false");
  }

  /** RFC 4180, with a line of headings. */
  String text() {
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(
            text, CSVFormat.RFC4180.builder().setHeader(headings.toArray(String[]::new)).get())) {
      printer.printRecords(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}

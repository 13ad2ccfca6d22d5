package org.cellos.client;

import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Step;
import org.cellos.json.Fingerprint;
import org.jspecify.annotations.Nullable;

/** What the Temporal Web UI shows of an execution, so that it reads like its protocol. Pure. */
public final class ExecutionLabels {
  public static final String CELL_LINE = "CellosCellLine";
  public static final String VESSEL = "CellosVessel";
  public static final String OPERATION = "CellosOperation";
  public static final String INSTRUMENTS = "CellosInstruments";

  /** Temporal takes 20,000 bytes; letters may take several. */
  private static final int MOST_DETAILS = 6_000;

  private ExecutionLabels() {}

  static String summary(ExecutionInput input) {
    StringBuilder summary = new StringBuilder(input.operationType());
    if (input.cellLine() != null) {
      summary.append(" of ").append(input.cellLine());
    }
    if (input.vesselId() != null) {
      summary.append(" in ").append(input.vesselId());
    }
    return summary.append(" (").append(input.steps().size()).append(" steps)").toString();
  }

  /** Markdown: the protocol, then its steps. */
  static String details(ExecutionInput input) {
    StringBuilder details =
        new StringBuilder("Protocol **")
            .append(input.workflowName())
            .append("**, instruments ")
            .append(input.instruments())
            .append(", material ")
            .append(input.materialCostUsd())
            .append(", instrument time ")
            .append(input.instrumentCostUsd())
            .append("\n\n");
    for (Step step : input.steps()) {
      if (details.length() > MOST_DETAILS) {
        return details.append("- …\n").toString();
      }
      details.append("- ").append(step.path()).append(" · ").append(step.name()).append('\n');
    }
    return details.toString();
  }

  static Map<String, Object> memo(ExecutionInput input) {
    Map<String, Object> memo = new LinkedHashMap<>();
    memo.put("fingerprint", Fingerprint.of(input));
    memo.put("protocol", input.workflowName());
    memo.put("instruments", input.instruments().wireValue());
    memo.put("steps", input.steps().size());
    return memo;
  }

  /**
   * @param registered a start with another would be refused
   */
  static SearchAttributes searchAttributes(ExecutionInput input, Set<String> registered) {
    SearchAttributes.Builder attributes = SearchAttributes.newBuilder();
    add(attributes, registered, CELL_LINE, input.cellLine());
    add(attributes, registered, VESSEL, input.vesselId());
    add(attributes, registered, OPERATION, input.operationType());
    add(attributes, registered, INSTRUMENTS, input.instruments().wireValue());
    return attributes.build();
  }

  private static void add(
      SearchAttributes.Builder attributes,
      Set<String> registered,
      String name,
      @Nullable String value) {
    if (value != null && registered.contains(name)) {
      attributes.set(SearchAttributeKey.forKeyword(name), value);
    }
  }
}

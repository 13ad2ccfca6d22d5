package org.cellos.dashboard;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.cellos.protocol.ProtocolData;
import org.cellos.protocol.ProtocolResolver;

/**
 * Which operations go with which cell lines and vessels, and why the others do not. Thread-safe.
 */
final class Combinations {
  private final ProtocolData data;
  private final ProtocolResolver resolver;

  /** A page asks for dozens of them, and the facts do not change while the dashboard lives. */
  private final Map<Combination, Optional<String>> known = new ConcurrentHashMap<>();

  /** One of them. */
  record Combination(String operation, String cellLine, String vessel) {}

  Combinations(ProtocolData data) {
    this.data = data;
    this.resolver = new ProtocolResolver(data);
  }

  ProtocolData data() {
    return data;
  }

  /** Why it cannot be resolved; empty where it can. */
  Optional<String> whyNot(String operation, String cellLine, String vessel) {
    return known.computeIfAbsent(
        new Combination(operation, cellLine, vessel),
        asked -> resolver.whyNot(asked.operation(), asked.cellLine(), asked.vessel()));
  }

  /**
   * Something to choose.
   *
   * @param whyNot empty where it can be chosen
   */
  public record Choice(String value, boolean chosen, String whyNot) {}

  List<Choice> operations(String chosen, String cellLine, String vessel) {
    return data.operations().stream()
        .map(
            operation ->
                new Choice(
                    operation,
                    operation.equals(chosen),
                    whyNot(operation, cellLine, vessel).orElse("")))
        .toList();
  }

  List<Choice> cellLines(String operation, String chosen, String vessel) {
    return data.cellLineNames().stream()
        .map(
            line ->
                new Choice(line, line.equals(chosen), whyNot(operation, line, vessel).orElse("")))
        .toList();
  }

  List<Choice> vessels(String operation, String cellLine, String chosen) {
    return data.vesselIds().stream()
        .map(
            vessel ->
                new Choice(
                    vessel, vessel.equals(chosen), whyNot(operation, cellLine, vessel).orElse("")))
        .toList();
  }
}

package org.cellos.dashboard;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.cellos.deck.RobotShare;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.Parameters;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Severity;
import org.cellos.domain.Step;
import org.cellos.view.Texts;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol would do, before anything does it.
 *
 * @param title operation, cell line and vessel
 * @param steps in order
 * @param materials the bill of materials
 * @param costs those of them that cost something, dearest first
 * @param warnings what is wrong with it
 * @param blocked whether real instruments would refuse it
 * @param byRobot what a robot would do; empty where none does
 * @param byPerson what would stay for a person beside a robot; empty without one
 */
public record Preview(
    String title,
    List<Row> steps,
    List<Material> materials,
    List<Cost> costs,
    List<ExecutionModel.Warning> warnings,
    boolean blocked,
    String materialCost,
    String instrumentCost,
    String time,
    List<String> byRobot,
    List<String> byPerson) {

  /**
   * A step; quantities are its parameters', never read from its name.
   *
   * @param holds what the containers that it touches hold after it
   */
  public record Row(
      String path,
      String name,
      String operation,
      String from,
      String to,
      String millilitres,
      String holds,
      String time,
      String cost,
      String role) {
    static Row of(Step step) {
      Parameters parameters = step.unitOp().parameters();
      return new Row(
          step.path(),
          step.name(),
          step.operationType(),
          parameters.optionalText("from").orElse(""),
          parameters.optionalText("to").or(() -> parameters.optionalText("vessel")).orElse(""),
          parameters.values().get("volume_ml") instanceof Number millilitres
              ? Texts.number(millilitres.doubleValue())
              : "",
          holds(parameters),
          Texts.minutes(step.unitOp().durationMinutes()),
          step.unitOp().materialCostUsd().plus(step.unitOp().instrumentCostUsd()).toString(),
          step.role() == null ? "" : step.role().inWords());
    }

    private static String holds(Parameters parameters) {
      return parameters.values().get("contents_after") instanceof Map<?, ?> contents
          ? contents.entrySet().stream()
              .filter(entry -> entry.getValue() instanceof Number)
              .map(
                  entry ->
                      entry.getKey()
                          + " "
                          + Texts.number(((Number) entry.getValue()).doubleValue())
                          // No line ends between a number and its unit.
                          + "\u00a0mL")
              .collect(Collectors.joining(", "))
          : "";
    }
  }

  public record Material(String name, String quantity, String unit, String cost) {
    static Material of(MaterialLine line) {
      return new Material(
          line.name(),
          Texts.number(line.quantity()),
          line.unit(),
          line.costUsd() == null
              ? (line.kind() == MaterialLine.Kind.PREPARED ? "made here" : "no price known")
              : line.costUsd().toString());
    }
  }

  /**
   * @param dollars for a picture
   */
  public record Cost(String name, String text, String dollars) {}

  static Preview of(ExecutionActions.Plan plan) {
    ResolvedProtocol protocol = plan.protocol();
    Optional<RobotShare> share = Optional.ofNullable(plan.share());
    return new Preview(
        Stream.of(protocol.operation(), protocol.cellLine(), protocol.vesselId())
            .filter(part -> part != null)
            .collect(Collectors.joining(", ")),
        protocol.steps().stream().map(Row::of).toList(),
        protocol.billOfMaterials().stream().map(Material::of).toList(),
        protocol.billOfMaterials().stream()
            .filter(line -> dollars(line) > 0)
            .sorted(Comparator.comparingDouble(Preview::dollars).reversed())
            .map(
                line ->
                    new Cost(
                        line.name(),
                        String.valueOf(line.costUsd()),
                        String.format(Locale.ROOT, "%.4f", dollars(line))))
            .toList(),
        protocol.warnings().stream().map(warning -> warning(warning, protocol)).toList(),
        protocol.warnings().stream().anyMatch(warning -> warning.severity() == Severity.BLOCKING),
        protocol.materialCostUsd().toString(),
        protocol.instrumentCostUsd().toString(),
        Texts.minutes(protocol.durationMinutes()),
        share.map(RobotShare::byRobot).orElse(List.of()),
        share.map(RobotShare::byPerson).orElse(List.of()));
  }

  private static double dollars(MaterialLine line) {
    return Optional.ofNullable(line.costUsd()).map(cost -> cost.amount().doubleValue()).orElse(0.0);
  }

  private static ExecutionModel.Warning warning(
      ProtocolWarning warning, ResolvedProtocol protocol) {
    @Nullable Integer index = warning.stepIndex();
    return new ExecutionModel.Warning(
        warning.severity().wireValue(),
        warning.code().toString(),
        index == null ? "" : protocol.steps().get(index).path(),
        warning.message(),
        warning.fix());
  }
}

package org.cellos.domain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One laboratory operation of a protocol, perhaps made of smaller ones.
 *
 * <p>Only leaves are performed; a composite orders and sums them.
 *
 * @param uoId readable id, not unique within a protocol: {@code Dispense_accutase_5.0ml}
 * @param name one line for people
 * @param operationType what chooses the handler: {@code dispense}, {@code incubate}, {@code image}…
 * @param instrument what performs it, for people; null where it does not matter
 * @param parameters quantities with their units in the key
 * @param items what it uses
 * @param materialCostUsd sum of the priced material
 * @param instrumentCostUsd sum of the priced instrument time
 * @param durationMinutes expected time, 0 or more
 * @param subSteps empty for a leaf
 */
public record UnitOp(
    String uoId,
    String name,
    String operationType,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String instrument,
    Parameters parameters,
    List<Item> items,
    Usd materialCostUsd,
    Usd instrumentCostUsd,
    double durationMinutes,
    @JsonProperty(required = false) List<UnitOp> subSteps) {

  public UnitOp {
    requireText("uo_id", uoId);
    requireText("name", name);
    requireText("operation_type", operationType);
    items = List.copyOf(items);
    subSteps = subSteps == null ? List.of() : List.copyOf(subSteps);
    if (!(durationMinutes >= 0 && durationMinutes <= Minutes.MOST)) {
      throw new IllegalArgumentException(
          "duration_minutes of " + uoId + " must be 0 or more, not " + durationMinutes);
    }
  }

  /** A leaf without items or costs, as a caller of the Java interface writes it. */
  public static UnitOp of(String operationType, String name, Map<String, ?> parameters) {
    return new UnitOp(
        operationType,
        name,
        operationType,
        null,
        Parameters.of(parameters),
        List.of(),
        Usd.ZERO,
        Usd.ZERO,
        0,
        List.of());
  }

  /** A composite of {@code subSteps}, which costs and lasts as much as they do. */
  public static UnitOp composite(
      String uoId,
      String name,
      String operationType,
      Parameters parameters,
      List<UnitOp> subSteps) {
    Usd material = Usd.ZERO;
    Usd instrument = Usd.ZERO;
    double minutes = 0;
    for (UnitOp sub : subSteps) {
      material = material.plus(sub.materialCostUsd());
      instrument = instrument.plus(sub.instrumentCostUsd());
      minutes += sub.durationMinutes();
    }
    List<Item> items = subSteps.stream().flatMap(sub -> sub.items().stream()).toList();
    return new UnitOp(
        uoId,
        name,
        operationType,
        null,
        parameters,
        items,
        material,
        instrument,
        minutes,
        subSteps);
  }

  /** The same leaf, under another name and with other parameters. */
  UnitOp with(String newName, Parameters newParameters) {
    return new UnitOp(
        uoId,
        newName,
        operationType,
        instrument,
        newParameters,
        items,
        materialCostUsd,
        instrumentCostUsd,
        durationMinutes,
        subSteps);
  }

  @JsonIgnore
  public boolean isComposite() {
    return !subSteps.isEmpty();
  }

  /** The operations that are performed, in order: this one, or those of its sub-steps. */
  public Stream<UnitOp> leaves() {
    return isComposite() ? subSteps.stream().flatMap(UnitOp::leaves) : Stream.of(this);
  }

  private static void requireText(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(field + " must not be empty");
    }
  }
}

package org.cellos.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.client.ExecutionInputs;
import org.cellos.domain.Begin;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.Instruments;
import org.cellos.domain.Parameters;
import org.cellos.domain.Profile;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.jspecify.annotations.Nullable;

/** The execution that is measured: ten dispenses, which virtual instruments do without waiting. */
final class TenSteps {
  static final int COUNT = 10;
  static final String NAME = "Dispense 1.0 mL medium into T75 Flask";
  static final String OPERATION = "dispense";
  static final String CELL_LINE = "iPSC";
  static final String VESSEL = "flask_t75";
  static final Parameters PARAMETERS =
      Parameters.of(Map.of("volume_ml", 1.0, "reagent", "medium", "to", VESSEL));

  private TenSteps() {}

  /**
   * @param begin null for one that waits
   */
  static ExecutionInput input(@Nullable Begin begin) {
    return of(unitOps(), ExecutionInput.DEFAULT_SPEED_UP, begin);
  }

  /** The same after an incubation of ten days, which nothing hurries: it stays open. */
  static ExecutionInput inputThatStaysOpen() {
    List<UnitOp> unitOps = unitOps();
    unitOps.add(
        1,
        UnitOp.of(
            "incubate",
            "Incubate T75 Flask at 37 °C",
            Map.of("minutes", 14_400, "temperature_c", 37)));
    return of(unitOps, 1, new Begin(false));
  }

  private static List<UnitOp> unitOps() {
    List<UnitOp> unitOps = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      unitOps.add(UnitOp.of(OPERATION, NAME, PARAMETERS.values()));
    }
    return unitOps;
  }

  private static ExecutionInput of(List<UnitOp> unitOps, double speedUp, @Nullable Begin begin) {
    ExecutionInput input =
        ExecutionInputs.ofUnitOps(
            ExecutionInputs.newExecutionId(),
            "Ten dispenses",
            CELL_LINE,
            VESSEL,
            "feed",
            unitOps,
            Parameters.of(Map.of("researcher", "ada")));
    return new ExecutionInput(
        input.executionId(),
        input.workflowName(),
        input.cellLine(),
        input.vesselId(),
        input.operationType(),
        Profile.ORIGINAL,
        Instruments.VIRTUAL,
        speedUp,
        Step.numbered(unitOps),
        input.warnings(),
        input.metadata(),
        input.materialCostUsd(),
        input.instrumentCostUsd(),
        input.durationMinutes(),
        begin,
        null);
  }
}

package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cellos.protocol.BuiltIn.usd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Usd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassageTest {
  /** Working volume, wash 1, detach, quench, collect 1, wash 2, collect 2, resuspend. */
  private static final Map<String, double[]> VOLUMES =
      Map.of(
          "t25", new double[] {5, 3, 1.5, 3, 5, 1.5, 5, 2},
          "t75", new double[] {15, 10, 5, 10, 15, 5, 15, 5},
          "t175", new double[] {30, 20, 10, 20, 30, 10, 30, 10},
          "t225", new double[] {45, 30, 15, 30, 45, 15, 45, 15});

  /** Medium and detach reagent. */
  private static final Map<String, List<String>> REAGENTS =
      Map.of(
          "iPSC", List.of("mtesr_plus_kit", "accutase"),
          "HEK293", List.of("dmem_high_glucose", "trypsin_edta"),
          "HepG2", List.of("emem", "trypsin_edta"));

  @Test
  void ofIpscInAT75IsWrittenOutInFull() {
    ResolvedProtocol passage = BuiltIn.resolve("passage", "iPSC", "T75");

    assertThat(BuiltIn.leaves(passage).stream().map(BuiltIn::row))
        .containsExactly(
            "aspirate | Aspirate_15.0ml | 15.0 | pipette_10ml=1.0",
            "dispense | Dispense_dpbs_ca_mg_free_10.0ml | 10.0 | dpbs_ca_mg_free=10.0,"
                + " pipette_10ml=1.0",
            "aspirate | Aspirate_10.0ml | 10.0 | pipette_10ml=1.0",
            "dispense | Dispense_accutase_5.0ml | 5.0 | accutase=5.0, pipette_2ml=1.0",
            "incubate | Incubate_flask_t75 | - | incubator_usage=0.083333",
            "dispense | Dispense_mtesr_plus_kit_10.0ml | 10.0 | mtesr_plus_kit=10.0,"
                + " pipette_10ml=1.0",
            "aspirate | Aspirate_15.0ml | 15.0 | pipette_10ml=1.0",
            "dispense | Dispense_dpbs_ca_mg_free_5.0ml | 5.0 | dpbs_ca_mg_free=5.0,"
                + " pipette_2ml=1.0",
            "aspirate | Aspirate_15.0ml | 15.0 | pipette_10ml=1.0",
            "centrifuge | Centrifuge_flask_t75 | - | centrifuge_usage=1.0",
            "aspirate | Aspirate_15.0ml | 15.0 | pipette_10ml=1.0",
            "dispense | Dispense_mtesr_plus_kit_5.0ml | 5.0 | mtesr_plus_kit=5.0, pipette_2ml=1.0",
            "count | Count_flask_t75 | 0.1 | cell_counter_slides=1.0, nc202_usage=1.0");
    assertThat(passage.unitOps()).hasSize(13);
    assertThat(passage.operation()).isEqualTo("passage");
    assertThat(passage.cellLine()).isEqualTo("iPSC");
    assertThat(passage.vesselId()).isEqualTo("flask_t75");
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, t25", "iPSC, t75", "iPSC, t175", "iPSC, t225",
    "HEK293, t25", "HEK293, t75", "HEK293, t175", "HEK293, t225",
    "HepG2, t25", "HepG2, t75", "HepG2, t175", "HepG2, t225"
  })
  void hasTheSameThirteenStepsInEveryFlask(String line, String size) {
    double[] v = VOLUMES.get(size);
    String medium = REAGENTS.get(line).get(0);
    String detach = REAGENTS.get(line).get(1);
    String vessel = "flask_" + size;

    List<String> rows = new ArrayList<>();
    rows.add(aspirate(v[0]));
    rows.add(dispense("dpbs_ca_mg_free", v[1]));
    rows.add(aspirate(v[1]));
    rows.add(dispense(detach, v[2]));
    rows.add("incubate | Incubate_" + vessel + " | - | incubator_usage=0.083333");
    rows.add(dispense(medium, v[3]));
    rows.add(aspirate(v[4]));
    rows.add(dispense("dpbs_ca_mg_free", v[5]));
    rows.add(aspirate(v[6]));
    rows.add("centrifuge | Centrifuge_" + vessel + " | - | centrifuge_usage=1.0");
    rows.add(aspirate(v[4]));
    rows.add(dispense(medium, v[7]));
    rows.add("count | Count_" + vessel + " | 0.1 | cell_counter_slides=1.0, nc202_usage=1.0");

    ResolvedProtocol passage = BuiltIn.resolve("passage", line, size);
    assertThat(BuiltIn.leaves(passage).stream().map(BuiltIn::row)).containsExactlyElementsOf(rows);
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, T25, 14.135, 0.87 0.96 0.87 2.22 0 3.24 0.87 0.915 0.87 0 0.87 2.45 0",
    "iPSC, T75, 28.23, 1.26 1.56 1.26 5.37 0 9.16 1.26 1.02 1.26 0 1.26 4.82 0",
    "iPSC, T175, 46.20, 1.26 1.86 1.26 10.26 0 17.06 1.26 1.56 1.26 0 1.26 9.16 0",
    "iPSC, T225, 63.00, 1.26 2.16 1.26 14.76 0 24.96 1.26 1.71 1.26 0 1.26 13.11 0",
    "HEK293, T25, 9.28, 0.87 0.96 0.87 1.065 0 1.02 0.87 0.915 0.87 0 0.87 0.97 0",
    "HEK293, T75, 13.28, 1.26 1.56 1.26 1.52 0 1.76 1.26 1.02 1.26 0 1.26 1.12 0",
    "HEK293, T175, 16.30, 1.26 1.86 1.26 2.56 0 2.26 1.26 1.56 1.26 0 1.26 1.76 0",
    "HEK293, T225, 18.15, 1.26 2.16 1.26 3.21 0 2.76 1.26 1.71 1.26 0 1.26 2.01 0",
    "HepG2, T25, 9.03, 0.87 0.96 0.87 1.065 0 0.87 0.87 0.915 0.87 0 0.87 0.87 0",
    "HepG2, T75, 12.53, 1.26 1.56 1.26 1.52 0 1.26 1.26 1.02 1.26 0 1.26 0.87 0",
    "HepG2, T175, 14.80, 1.26 1.86 1.26 2.56 0 1.26 1.26 1.56 1.26 0 1.26 1.26 0",
    "HepG2, T225, 15.90, 1.26 2.16 1.26 3.21 0 1.26 1.26 1.71 1.26 0 1.26 1.26 0",
  })
  void costsWhatItsStepsCost(String line, String vessel, double total, String perStep) {
    ResolvedProtocol passage = BuiltIn.resolve("passage", line, vessel);

    List<Usd> expected =
        List.of(perStep.split(" ")).stream().map(Double::parseDouble).map(Usd::of).toList();
    assertThat(BuiltIn.leaves(passage).stream().map(UnitOp::materialCostUsd))
        .containsExactlyElementsOf(expected);
    assertThat(passage.materialCostUsd()).isEqualTo(usd(total));
    // Ten aspirations and dispenses wear the liquid handler; the instruments themselves have no
    // price.
    assertThat(BuiltIn.leaves(passage).stream().map(leaf -> leaf.instrumentCostUsd().toDouble()))
        .containsExactly(0.05, 0.05, 0.05, 0.05, 0., 0.05, 0.05, 0.05, 0.05, 0., 0.05, 0.05, 0.);
    assertThat(passage.instrumentCostUsd()).isEqualTo(usd(0.50));
  }

  @ParameterizedTest
  @CsvSource({"iPSC, T25", "HEK293, T75", "HepG2, T225"})
  void lastsAMinuteAMoveAndFiveForEachTimedStep(String line, String vessel) {
    ResolvedProtocol passage = BuiltIn.resolve("passage", line, vessel);

    assertThat(BuiltIn.leaves(passage).stream().map(UnitOp::durationMinutes))
        .containsExactly(1., 1., 1., 1., 5., 1., 1., 1., 1., 5., 1., 1., 5.);
    assertThat(passage.durationMinutes()).isEqualTo(25);
  }

  @Test
  void givesTheTimedStepsTheirQuantities() {
    List<UnitOp> leaves = BuiltIn.leaves(BuiltIn.resolve("passage", "iPSC", "T75"));

    assertThat(leaves.get(4).parameters().values())
        .isEqualTo(Map.of("vessel", "flask_t75", "minutes", 5.0, "temperature_c", 37.0));
    assertThat(leaves.get(9).parameters().values())
        .isEqualTo(Map.of("vessel", "tube_50ml", "g_force", 300.0, "minutes", 5.0));
  }

  @Test
  void collectsInTheImpliedTubeAndCountsThere() {
    List<UnitOp> leaves = BuiltIn.leaves(BuiltIn.resolve("passage", "HEK293", "T175"));

    assertThat(leaves.stream().map(leaf -> leaf.parameters().values().get("to")).toList())
        .containsExactly(
            "waste",
            "flask_t175",
            "waste",
            "flask_t175",
            null,
            "flask_t175",
            "tube_50ml",
            "flask_t175",
            "tube_50ml",
            null,
            "waste",
            "tube_50ml",
            null);
    assertThat(leaves.get(12).parameters().text("vessel")).isEqualTo("tube_50ml");
  }

  private static String aspirate(double millilitres) {
    return "aspirate | Aspirate_"
        + millilitres
        + "ml | "
        + millilitres
        + " | "
        + pipette(millilitres)
        + "=1.0";
  }

  private static String dispense(String reagent, double millilitres) {
    return String.format(
        "dispense | Dispense_%s_%sml | %s | %s=%s, %s=1.0",
        reagent, millilitres, millilitres, reagent, millilitres, pipette(millilitres));
  }

  private static String pipette(double millilitres) {
    return millilitres > 5 ? "pipette_10ml" : "pipette_2ml";
  }
}

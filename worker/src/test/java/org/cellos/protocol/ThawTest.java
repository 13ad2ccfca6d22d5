package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cellos.protocol.BuiltIn.usd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.domain.Item;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThawTest {
  private static final List<String> MIXED_COATING =
      List.of(
          "Dispense_pbs_12.25ml",
          "Dispense_vitronectin_0.25ml",
          "Aspirate_5.0ml",
          "Dispense_mixture_5.0ml",
          "Aspirate_12.5ml",
          "Dispense_vitronectin_12.5ml",
          "Incubate_flask_t75");

  private static List<String> uncoated(String medium) {
    return List.of(
        "Incubate_water_bath",
        "Dispense_" + medium + "_5.0ml",
        "Aspirate_1.0ml",
        "Dispense_cells_1.0ml",
        "Dispense_" + medium + "_0.5ml",
        "Aspirate_0.5ml",
        "Dispense_wash_0.5ml",
        "Centrifuge_tube_15ml",
        "Aspirate_6.4ml",
        "Dispense_" + medium + "_1.1ml",
        "Aspirate_0.1ml",
        "Dispense_" + medium + "_15.0ml",
        "Aspirate_1.0ml",
        "Dispense_cells_1.0ml",
        "Incubate_flask_t75");
  }

  @Test
  void ofIpscMixesAndRemovesTheCoatingFirst() {
    ResolvedProtocol thaw = BuiltIn.resolve("thaw", "iPSC", "T75");

    List<String> expected = new ArrayList<>(MIXED_COATING);
    expected.add("Aspirate_12.5ml");
    expected.addAll(uncoated("mtesr_plus_kit"));
    assertThat(BuiltIn.ids(thaw)).containsExactlyElementsOf(expected).hasSize(23);
  }

  @ParameterizedTest
  @CsvSource({
    "HEK293, dmem_high_glucose", "HEK293T, dmem_high_glucose", "HeLa, dmem_high_glucose",
    "A549, dmem_high_glucose", "Primary_Fibroblasts, dmem_high_glucose", "Jurkat, rpmi_1640",
    "HepG2, emem"
  })
  void ofAnUncoatedLineHasFifteenSteps(String line, String medium) {
    assertThat(BuiltIn.ids(BuiltIn.resolve("thaw", line, "T75")))
        .containsExactlyElementsOf(uncoated(medium));
  }

  @ParameterizedTest
  @CsvSource({
    "hESC, laminin_521, mtesr_plus_kit",
    "Primary_Neurons, plo_laminin, neurobasal",
    "Primary_Astrocytes, plo, dmem_high_glucose",
    "iMicroglia, plo, rpmi_1640",
    "iNeurons, plo_laminin, neurobasal",
    "Cardiomyocytes, matrigel, rpmi_1640"
  })
  void dispensesAnyOtherCoatingAsItComes(String line, String coating, String medium) {
    List<String> expected = new ArrayList<>();
    expected.add("Dispense_" + coating + "_12.5ml");
    expected.add("Incubate_flask_t75");
    expected.add("Aspirate_12.5ml");
    expected.addAll(uncoated(medium));

    assertThat(BuiltIn.ids(BuiltIn.resolve("thaw", line, "T75")))
        .containsExactlyElementsOf(expected);
    assertThat(BuiltIn.ids(BuiltIn.resolve("coat", line, "T75")))
        .containsExactly("Dispense_" + coating + "_12.5ml", "Incubate_flask_t75");
  }

  @Test
  void nestsTheCoatingInTheThaw() {
    ResolvedProtocol thaw = BuiltIn.resolve("thaw", "iPSC", "T75");

    assertThat(thaw.unitOps()).hasSize(1);
    UnitOp whole = thaw.unitOps().get(0);
    assertThat(whole.uoId()).isEqualTo("Thaw_flask_t75");
    assertThat(whole.operationType()).isEqualTo("thaw");
    assertThat(whole.subSteps()).hasSize(17);
    UnitOp coat = whole.subSteps().get(0);
    assertThat(coat.uoId()).isEqualTo("Coat_flask_t75");
    assertThat(coat.operationType()).isEqualTo("coat");
    assertThat(coat.subSteps()).hasSize(7).noneMatch(UnitOp::isComposite);
    assertThat(thaw.steps().stream().map(Step::path).limit(9))
        .containsExactly(
            "1.1.1", "1.1.2", "1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.2", "1.3");
    assertThat(thaw.steps().stream().map(Step::stepIndex).toList())
        .isEqualTo(java.util.stream.IntStream.range(0, 23).boxed().toList());
  }

  @Test
  void ofIpscUsesAndCostsWhatItsStepsDo() {
    ResolvedProtocol thaw = BuiltIn.resolve("thaw", "iPSC", "T75");

    assertThat(BuiltIn.leaves(thaw).stream().map(UnitOp::materialCostUsd))
        .containsExactly(
            // 12.25 mL of DPBS; 0.25 mL of vitronectin at 7 dollars; what is mixed costs nothing.
            usd(1.26 + 0.637),
            usd(0.87 + 1.75),
            usd(0.87),
            usd(0.87),
            usd(1.26),
            usd(1.26),
            usd(0),
            usd(1.26),
            usd(0),
            usd(0.87 + 3.95),
            usd(0.87),
            usd(0.87),
            usd(0.87 + 0.395),
            usd(0.87),
            usd(0.87),
            usd(0),
            usd(1.26),
            usd(0.87 + 0.869),
            usd(0.033333),
            usd(1.26 + 11.85),
            usd(0.87),
            usd(0.87),
            usd(0));
    assertThat(thaw.materialCostUsd()).isEqualTo(usd(37.484333));
    assertThat(thaw.instrumentCostUsd()).isEqualTo(usd(19 * 0.05));
    UnitOp whole = thaw.unitOps().get(0);
    assertThat(whole.materialCostUsd()).isEqualTo(thaw.materialCostUsd());
    assertThat(whole.instrumentCostUsd()).isEqualTo(thaw.instrumentCostUsd());
    assertThat(thaw.durationMinutes()).isEqualTo(19 + 60 + 2 + 5 + 1440);
  }

  @Test
  void chargesTheStockOfADilutedCoatingAndListsTheRestAsPrepared() {
    ResolvedProtocol coat = BuiltIn.resolve("coat", "iPSC", "T75");

    assertThat(
            coat.billOfMaterials().stream().map(line -> line.resourceId() + "=" + line.quantity()))
        .containsExactly(
            "dpbs=12.25",
            "pipette_10ml=3.0",
            "vitronectin=0.25",
            "pipette_2ml=3.0",
            "mixture=5.0",
            "diluted_vitronectin=12.5",
            "incubator_usage=1.0");
    assertThat(
            coat.billOfMaterials().stream()
                .filter(line -> line.kind() == MaterialLine.Kind.PREPARED)
                .map(MaterialLine::costUsd))
        .containsOnlyNulls();
    assertThat(coat.materialCostUsd()).isEqualTo(usd(3 * 1.26 + 3 * 0.87 + 0.637 + 1.75));
  }

  @ParameterizedTest
  @ValueSource(strings = {"passage", "thaw", "feed", "coat"})
  void theBillAddsUpToTheCost(String operation) {
    ResolvedProtocol resolved = BuiltIn.resolve(operation, "iPSC", "T75");

    double billed =
        resolved.billOfMaterials().stream()
            .filter(line -> line.costUsd() != null)
            .mapToDouble(line -> line.costUsd().toDouble())
            .sum();
    assertThat(billed)
        .isCloseTo(
            resolved.materialCostUsd().toDouble(), org.assertj.core.data.Offset.offset(1e-6));
  }

  @Test
  void warmsTheVialBrieflyAndSpinsTheTubeGently() {
    List<UnitOp> leaves = BuiltIn.leaves(BuiltIn.resolve("thaw", "HEK293", "T75"));

    assertThat(leaves.get(0).parameters().values())
        .isEqualTo(
            Map.of(
                "vessel",
                "cryovial_1_8ml",
                "location",
                "water_bath",
                "minutes",
                2.0,
                "temperature_c",
                37.0));
    assertThat(leaves.get(0).items()).containsExactly(new Item("incubator_usage", 0.033333));
    assertThat(leaves.get(7).parameters().values())
        .isEqualTo(Map.of("vessel", "tube_15ml", "g_force", 300.0, "minutes", 5.0));
    assertThat(leaves.get(14).parameters().number("minutes")).isEqualTo(1440);
  }

  @ParameterizedTest
  @CsvSource({"iPSC, mtesr_plus_kit", "HEK293, dmem_high_glucose", "HepG2, dmem_high_glucose"})
  void feedingReplacesTheMedium(String line, String medium) {
    ResolvedProtocol feed = BuiltIn.resolve("feed", line, "T75");

    assertThat(feed.unitOps().stream().map(UnitOp::uoId)).containsExactly("Feed_flask_t75");
    assertThat(BuiltIn.leaves(feed).stream().map(BuiltIn::row))
        .containsExactly(
            "aspirate | Aspirate_15.0ml | 15.0 | pipette_10ml=1.0",
            "dispense | Dispense_"
                + medium
                + "_15.0ml | 15.0 | "
                + medium
                + "=15.0, pipette_10ml=1.0");
  }

  @Test
  void feedsTheWorkingVolumeWhateverTheLinesUsualVolume() {
    assertThat(BuiltIn.ids(BuiltIn.resolve("feed", "A549", "T75")))
        .containsExactly("Aspirate_15.0ml", "Dispense_dmem_high_glucose_15.0ml");
  }
}

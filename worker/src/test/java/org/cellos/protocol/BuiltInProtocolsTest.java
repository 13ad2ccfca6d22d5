package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.cellos.domain.MaterialLine;
import org.cellos.domain.Profile;
import org.cellos.domain.ProtocolWarning;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.WarningCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in protocols against figures worked out by hand from the facts. */
class BuiltInProtocolsTest {
  private static final ProtocolData DATA = ProtocolData.load(Optional.empty());
  private static final ProtocolResolver RESOLVER = new ProtocolResolver(DATA);
  private static final double MICRO_DOLLAR = 1e-6;

  @Test
  void passageOfIpscInAT75HasItsThirteenSteps() {
    ResolvedProtocol passage = resolve("passage", "iPSC", "T75");

    assertThat(passage.steps())
        .extracting(BuiltInProtocolsTest::inOneLine)
        .containsExactly(
            "Aspirate_15.0ml aspirate 1.26+0.05 pipette_10ml*1.0",
            "Dispense_dpbs_ca_mg_free_10.0ml dispense 1.56+0.05 dpbs_ca_mg_free*10.0 pipette_10ml*1.0",
            "Aspirate_10.0ml aspirate 1.26+0.05 pipette_10ml*1.0",
            "Dispense_accutase_5.0ml dispense 5.37+0.05 accutase*5.0 pipette_2ml*1.0",
            "Incubate_flask_t75 incubate 0.0+0.0 incubator_usage*0.083333",
            "Dispense_mtesr_plus_kit_10.0ml dispense 9.16+0.05 mtesr_plus_kit*10.0 pipette_10ml*1.0",
            "Aspirate_15.0ml aspirate 1.26+0.05 pipette_10ml*1.0",
            "Dispense_dpbs_ca_mg_free_5.0ml dispense 1.02+0.05 dpbs_ca_mg_free*5.0 pipette_2ml*1.0",
            "Aspirate_15.0ml aspirate 1.26+0.05 pipette_10ml*1.0",
            "Centrifuge_flask_t75 centrifuge 0.0+0.0 centrifuge_usage*1.0",
            "Aspirate_15.0ml aspirate 1.26+0.05 pipette_10ml*1.0",
            "Dispense_mtesr_plus_kit_5.0ml dispense 4.82+0.05 mtesr_plus_kit*5.0 pipette_2ml*1.0",
            "Count_flask_t75 count 0.0+0.0 cell_counter_slides*1.0 nc202_usage*1.0");
    assertThat(passage.durationMinutes()).isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, T25, 14.135, 0.50",
    "iPSC, T75, 28.23, 0.50",
    "iPSC, T175, 46.20, 0.50",
    "iPSC, T225, 63.00, 0.50",
    "HEK293, T75, 13.28, 0.50",
    "HEK293, T25, 9.28, 0.50",
  })
  void passagesCostWhatTheirPartsCost(
      String line, String vessel, double material, double instrument) {
    ResolvedProtocol passage = resolve("passage", line, vessel);

    assertThat(passage.materialCostUsd().toDouble()).isCloseTo(material, within(MICRO_DOLLAR));
    assertThat(passage.instrumentCostUsd().toDouble()).isCloseTo(instrument, within(MICRO_DOLLAR));
    double billed =
        passage.billOfMaterials().stream()
            .filter(entry -> entry.costUsd() != null)
            .mapToDouble(entry -> entry.costUsd().toDouble())
            .sum();
    assertThat(billed).as("the bill of materials").isCloseTo(material, within(1e-4));
  }

  @ParameterizedTest
  @CsvSource({
    // vessel, then: medium off, wash 1, wash 1 off, detach, quench, collect 1, wash 2, collect 2,
    // supernatant, resuspend
    "T25, 5.0 3.0 3.0 1.5 3.0 5.0 1.5 5.0 5.0 2.0",
    "T75, 15.0 10.0 10.0 5.0 10.0 15.0 5.0 15.0 15.0 5.0",
    "T175, 30.0 20.0 20.0 10.0 20.0 30.0 10.0 30.0 30.0 10.0",
    "T225, 45.0 30.0 30.0 15.0 30.0 45.0 15.0 45.0 45.0 15.0",
  })
  void passageVolumesAreTheVesselsOwnOrScaled(String vessel, String volumes) {
    assertThat(
            resolve("passage", "iPSC", vessel).steps().stream()
                .filter(step -> step.operationType().matches("aspirate|dispense"))
                .map(step -> "" + step.unitOp().parameters().number("volume_ml"))
                .collect(Collectors.joining(" ")))
        .isEqualTo(volumes);
  }

  @Test
  void collectedLiquidGoesToATubeOnWhichTheRestActs() {
    List<Step> steps = resolve("passage", "iPSC", "T75").steps();

    assertThat(steps.get(6).unitOp().parameters().text("to")).isEqualTo("tube_50ml");
    assertThat(steps.get(9).unitOp().parameters().values())
        .containsEntry("vessel", "tube_50ml")
        .containsEntry("g_force", 300.0)
        .containsEntry("minutes", 5.0);
    assertThat(steps.get(10).unitOp().parameters().text("from")).isEqualTo("tube_50ml");
    assertThat(steps.get(11).unitOp().parameters().text("to")).isEqualTo("tube_50ml");
    assertThat(steps.get(12).unitOp().parameters().values())
        .containsEntry("vessel", "tube_50ml")
        .containsEntry("method", "nc202")
        .containsEntry("volume_ml", 0.1);
    assertThat(steps.get(4).unitOp().parameters().values())
        .containsEntry("minutes", 5.0)
        .containsEntry("temperature_c", 37.0);
  }

  @Test
  void thawOfIpscIsACompositeOfTwentyThreeLeaves() {
    ResolvedProtocol thaw = resolve("thaw", "iPSC", "T75");

    assertThat(thaw.steps())
        .extracting(step -> step.unitOp().uoId())
        .containsExactly(
            "Dispense_pbs_12.25ml",
            "Dispense_vitronectin_0.25ml",
            "Aspirate_5.0ml",
            "Dispense_mixture_5.0ml",
            "Aspirate_12.5ml",
            "Dispense_vitronectin_12.5ml",
            "Incubate_flask_t75",
            "Aspirate_12.5ml",
            "Incubate_water_bath",
            "Dispense_mtesr_plus_kit_5.0ml",
            "Aspirate_1.0ml",
            "Dispense_cells_1.0ml",
            "Dispense_mtesr_plus_kit_0.5ml",
            "Aspirate_0.5ml",
            "Dispense_wash_0.5ml",
            "Centrifuge_tube_15ml",
            "Aspirate_6.4ml",
            "Dispense_mtesr_plus_kit_1.1ml",
            "Aspirate_0.1ml",
            "Dispense_mtesr_plus_kit_15.0ml",
            "Aspirate_1.0ml",
            "Dispense_cells_1.0ml",
            "Incubate_flask_t75");
    UnitOp whole = thaw.unitOps().get(0);
    assertThat(whole.uoId()).isEqualTo("Thaw_flask_t75");
    assertThat(whole.operationType()).isEqualTo("thaw");
    assertThat(whole.subSteps().get(0).uoId()).isEqualTo("Coat_flask_t75");
    assertThat(whole.subSteps().get(0).subSteps()).hasSize(7);
    assertThat(thaw.steps().get(6).path()).isEqualTo("1.1.7");
    assertThat(whole.materialCostUsd()).isEqualTo(thaw.materialCostUsd());
    assertThat(thaw.steps().get(22).unitOp().durationMinutes()).isEqualTo(1440);
  }

  @ParameterizedTest
  @CsvSource({
    "HEK293, 15",
    "A549, 15",
    "HepG2, 15",
    "Jurkat, 15",
    "hESC, 18",
    "Primary_Neurons, 18",
    "Primary_Astrocytes, 18",
    "iMicroglia, 18",
    "Cardiomyocytes, 18",
    "iPSC, 23"
  })
  void thawHasTheLeavesThatTheCoatingNeeds(String line, int leaves) {
    assertThat(resolve("thaw", line, "T75").steps()).hasSize(leaves);
  }

  @ParameterizedTest
  @CsvSource({
    "HepG2, passage, emem", "HepG2, thaw, emem", "HepG2, feed, dmem_high_glucose",
    "Jurkat, feed, rpmi_1640", "iNeurons, feed, neurobasal", "A549, feed, dmem_high_glucose"
  })
  void reagentsComeFromTheLine(String line, String operation, String medium) {
    assertThat(resolve(operation, line, "T75").steps())
        .anySatisfy(
            step ->
                assertThat(step.unitOp().parameters().optionalText("reagent")).contains(medium));
  }

  @Test
  void feedReplacesTheWorkingVolumeOfAllWells() {
    ResolvedProtocol feed = resolve("feed", "iPSC", "plate_96well_tc");

    assertThat(feed.unitOps().get(0).uoId()).isEqualTo("Feed_plate_96well_tc");
    assertThat(feed.steps())
        .extracting(step -> step.unitOp().uoId())
        .containsExactly("Aspirate_14.4ml", "Dispense_mtesr_plus_kit_14.4ml");
    assertThat(feed.steps().get(1).unitOp().parameters().values())
        .containsEntry("wells", 96L)
        .containsEntry("volume_per_well_ml", 0.15);
  }

  @ParameterizedTest
  @CsvSource({"T25, 4.167", "T75, 12.5", "T175, 29.167", "T225, 37.5", "6well, 9.5"})
  void coatingScalesWithTheSurface(String vessel, double millilitres) {
    List<Step> steps = resolve("coat", "iPSC", vessel).steps();

    assertThat(volume(steps.get(5))).isEqualTo(millilitres);
    assertThat(volume(steps.get(0)) + volume(steps.get(1))).isCloseTo(millilitres, within(1e-9));
    assertThat(volume(steps.get(2))).isLessThanOrEqualTo(millilitres);
  }

  @Test
  void dilutedCoatingIsChargedAsTheStockInIt() {
    ResolvedProtocol coat = resolve("coat", "iPSC", "T75");

    Map<String, MaterialLine> bill = new HashMap<>();
    coat.billOfMaterials().forEach(line -> bill.put(line.resourceId(), line));
    assertThat(bill.get("vitronectin").quantity()).isEqualTo(0.25);
    assertThat(bill.get("diluted_vitronectin").kind()).isEqualTo(MaterialLine.Kind.PREPARED);
    assertThat(bill.get("diluted_vitronectin").costUsd()).isNull();
    assertThat(bill.get("dpbs").costUsd().toDouble()).isCloseTo(0.637, within(MICRO_DOLLAR));
  }

  @Test
  void eachCombinationResolvesOrIsRefusedByName() {
    Map<String, Integer> resolved = new LinkedHashMap<>();
    for (String operation : DATA.operations()) {
      for (String line : DATA.cellLineNames()) {
        for (String vessel : DATA.vesselIds()) {
          Optional<String> refusal = RESOLVER.whyNot(operation, line, vessel);
          refusal.ifPresentOrElse(
              reason ->
                  assertThat(reason)
                      .containsAnyOf(
                          "No passaging config for " + line,
                          vessel + " is a plate",
                          "wells of " + vessel + " are",
                          line + " grows on bare plastic"),
              () -> resolved.merge(operation, 1, Integer::sum));
        }
      }
    }
    // 14 lines; 17 vessels, of which 4 are flasks and 2 have no flat bottom; 3 lines have passage
    // figures and 7 need a coating.
    assertThat(DATA.cellLineNames()).hasSize(14);
    assertThat(DATA.vesselIds()).hasSize(17);
    assertThat(resolved)
        .containsOnly(
            Map.entry("passage", 3 * 4),
            Map.entry("thaw", 14 * 15),
            Map.entry("feed", 14 * 15),
            Map.entry("coat", 7 * 15));
  }

  @Test
  void refusalsNameWhatIsWrongAndWhatIsNear() {
    assertThatThrownBy(() -> resolve("passage", "A549", "T75"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("No passaging config for A549");
    assertThatThrownBy(() -> resolve("passage", "ipcs", "T75"))
        .hasMessageContaining("'ipcs'")
        .hasMessageContaining("did you mean 'iPSC'?");
    assertThatThrownBy(() -> resolve("passage", "iPSC", "T57"))
        .hasMessageContaining("'T57'")
        .hasMessageContaining("did you mean 'T75'?");
    assertThatThrownBy(() -> resolve("pasage", "iPSC", "T75"))
        .hasMessageContaining("did you mean 'passage'?");
    assertThatThrownBy(() -> RESOLVER.resolve("passage", "iPSC", "T75", Profile.BENCH))
        .hasMessageContaining("bench");
  }

  @Test
  void namesAreFoundInAnyCaseAndForm() {
    ResolvedProtocol expected = resolve("passage", "iPSC", "flask_t75");

    assertThat(resolve("passage", "ipsc", "t75")).isEqualTo(expected);
    assertThat(resolve("passage", "IPSC", "T75")).isEqualTo(expected);
    assertThat(resolve("passage", "iPSC", "FLASK_T75")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, T25, 'TUBE_IMPLIED@6 OVER_ASPIRATION@6 OVER_ASPIRATION@8 RESIDUE@10 NOT_REPLATED NO_ROCK_INHIBITOR UNPRICED'",
    "iPSC, T75, 'TUBE_IMPLIED@6 OVER_ASPIRATION@8 RESIDUE@10 NOT_REPLATED NO_ROCK_INHIBITOR UNPRICED'",
    "iPSC, T175, 'TUBE_IMPLIED@6 OVER_ASPIRATION@8 RESIDUE@10 NOT_REPLATED NO_ROCK_INHIBITOR UNPRICED'",
    "iPSC, T225, 'TUBE_IMPLIED@6 OVER_ASPIRATION@8 OVER_FILL@8 RESIDUE@10 NOT_REPLATED NO_ROCK_INHIBITOR UNPRICED'",
    "HEK293, T75, 'SERUM_FREE_QUENCH@5 TUBE_IMPLIED@6 OVER_ASPIRATION@8 RESIDUE@10 NOT_REPLATED UNPRICED'",
    "HepG2, T25, 'SERUM_FREE_QUENCH@5 TUBE_IMPLIED@6 OVER_ASPIRATION@6 OVER_ASPIRATION@8 RESIDUE@10 NOT_REPLATED UNPRICED'",
  })
  void passagesAreWarnedOf(String line, String vessel, String expected) {
    assertThat(codes(resolve("passage", line, vessel))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, 'COATING_DRY@7 COUNT_SAMPLE_UNUSED@18 NO_ROCK_INHIBITOR UNPRICED'",
    "hESC, 'COATING_NEAT@0 COATING_DRY@2 COUNT_SAMPLE_UNUSED@13 NO_ROCK_INHIBITOR UNPRICED'",
    "iMicroglia, 'COATING_NEAT@0 COATING_DRY@2 COUNT_SAMPLE_UNUSED@13 UNPRICED'",
    "Cardiomyocytes, 'COATING_NEAT@0 COATING_DRY@2 COUNT_SAMPLE_UNUSED@13 UNPRICED'",
    "HEK293, 'COUNT_SAMPLE_UNUSED@10 UNPRICED'",
  })
  void thawsAreWarnedOf(String line, String expected) {
    assertThat(codes(resolve("thaw", line, "T75"))).isEqualTo(expected);
  }

  @Test
  void aFeedIsWarnedOfNothing() {
    assertThat(resolve("feed", "iPSC", "T75").warnings()).isEmpty();
  }

  @Test
  void warningsSayTheFigures() {
    assertThat(warning(resolve("passage", "iPSC", "T75"), WarningCode.OVER_ASPIRATION).message())
        .contains("15.0 mL", "5.0 mL");
    assertThat(warning(resolve("passage", "iPSC", "T225"), WarningCode.OVER_FILL).message())
        .contains("60.0 mL", "45.0 mL");
    assertThat(warning(resolve("passage", "iPSC", "T175"), WarningCode.RESIDUE).message())
        .contains("10.0 mL");
    assertThat(warning(resolve("thaw", "hESC", "T75"), WarningCode.UNPRICED).message())
        .contains("laminin_521");
  }

  @Test
  void noLiquidIsMadeOrLostOnTheWay() {
    List<ResolvedProtocol> all = new ArrayList<>();
    for (String operation : DATA.operations()) {
      for (String line : DATA.cellLineNames()) {
        for (String vessel : DATA.vesselIds()) {
          if (RESOLVER.whyNot(operation, line, vessel).isEmpty()) {
            all.add(resolve(operation, line, vessel));
          }
        }
      }
    }
    assertThat(all).hasSizeGreaterThan(500).allSatisfy(BuiltInProtocolsTest::assertBalanced);
  }

  private static void assertBalanced(ResolvedProtocol protocol) {
    Map<String, Double> level = new HashMap<>();
    for (Step step : protocol.steps()) {
      var parameters = step.unitOp().parameters();
      if (!parameters.has("contents_before")) {
        assertThat(step.operationType()).isIn("incubate", "centrifuge");
        assertThat(parameters.number("minutes")).isPositive();
        continue;
      }
      assertThat(parameters.number("volume_ml")).as(step.name()).isPositive();
      var before = parameters.volumes("contents_before");
      var after = parameters.volumes("contents_after");
      before.forEach(
          (container, volume) ->
              assertThat(level.getOrDefault(container, volume.millilitres()))
                  .as("%s before %s", container, step.name())
                  .isEqualTo(volume.millilitres()));
      after.forEach((container, volume) -> level.put(container, volume.millilitres()));
      if (step.operationType().equals("count")) {
        continue;
      }
      String from = parameters.text("from");
      String to = parameters.text("to");
      if (before.containsKey(from) && before.containsKey(to)) {
        assertThat(before.get(from).plus(before.get(to)))
            .as("what %s moves", step.name())
            .isEqualTo(after.get(from).plus(after.get(to)));
      }
    }
  }

  private static ResolvedProtocol resolve(String operation, String line, String vessel) {
    return RESOLVER.resolve(operation, line, vessel, Profile.ORIGINAL);
  }

  private static double volume(Step step) {
    return step.unitOp().parameters().number("volume_ml");
  }

  private static String inOneLine(Step step) {
    UnitOp unitOp = step.unitOp();
    return unitOp.uoId()
        + " "
        + unitOp.operationType()
        + " "
        + unitOp.materialCostUsd().toDouble()
        + "+"
        + unitOp.instrumentCostUsd().toDouble()
        + " "
        + unitOp.items().stream()
            .map(item -> item.resourceId() + "*" + item.quantity())
            .collect(Collectors.joining(" "));
  }

  private static String codes(ResolvedProtocol protocol) {
    return protocol.warnings().stream()
        .map(
            warning ->
                warning.code() + (warning.stepIndex() == null ? "" : "@" + warning.stepIndex()))
        .collect(Collectors.joining(" "));
  }

  private static ProtocolWarning warning(ResolvedProtocol protocol, WarningCode code) {
    return protocol.warnings().stream()
        .filter(warning -> warning.code() == code)
        .findFirst()
        .orElseThrow();
  }
}

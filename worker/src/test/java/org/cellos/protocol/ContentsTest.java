package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.cellos.domain.Parameters;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.cellos.domain.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing is made or lost, in any protocol, for any line, in any vessel. */
class ContentsTest {
  private static final Set<String> WITHOUT_CONTENTS = Set.of("stock", "waste", "count_sample");

  static List<String> lines() {
    return CombinationsTest.LINES;
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyStepSaysAllThatAHandlerNeeds(String line) {
    for (ResolvedProtocol resolved : all(line)) {
      for (Step step : resolved.steps()) {
        Parameters parameters = step.unitOp().parameters();
        String where = where(resolved, step);
        assertThat(parameters.values().keySet())
            .as(where)
            .contains(
                switch (step.operationType()) {
                  case "aspirate" -> new String[] {"from", "to", "volume_ml"};
                  case "dispense" -> new String[] {"from", "to", "volume_ml", "reagent"};
                  case "count" -> new String[] {"vessel", "volume_ml", "method"};
                  case "incubate" -> new String[] {"vessel", "minutes", "temperature_c"};
                  case "centrifuge" -> new String[] {"vessel", "g_force", "minutes"};
                  default -> throw new AssertionError(where);
                });
        assertThat(parameters.values().values()).as(where).doesNotContainNull();
        for (String quantity : List.of("volume_ml", "minutes", "g_force")) {
          if (parameters.has(quantity)) {
            assertThat(parameters.number(quantity)).as(where).isPositive();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatLeavesOneContainerArrivesInTheOther(String line) {
    for (ResolvedProtocol resolved : all(line)) {
      for (Step step : resolved.steps()) {
        Parameters parameters = step.unitOp().parameters();
        if (!parameters.has("contents_before")) {
          continue;
        }
        Map<String, Volume> before = parameters.volumes("contents_before");
        Map<String, Volume> after = parameters.volumes("contents_after");
        boolean count = step.operationType().equals("count");
        String from = parameters.text(count ? "vessel" : "from");
        String to = count ? "count_sample" : parameters.text("to");
        Volume asked = parameters.volume("volume_ml");
        String where = where(resolved, step);

        Volume moved = asked;
        if (!WITHOUT_CONTENTS.contains(from)) {
          moved = asked.min(before.get(from));
          assertThat(before.get(from).minus(after.get(from))).as(where).isEqualTo(moved);
        }
        if (!WITHOUT_CONTENTS.contains(to)) {
          assertThat(after.get(to).minus(before.get(to))).as(where).isEqualTo(moved);
        }
        assertThat(before.keySet()).as(where).isEqualTo(after.keySet());
        assertThat(before.keySet()).as(where).doesNotContainAnyElementsOf(WITHOUT_CONTENTS);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void eachStepFindsWhatTheOneBeforeItLeft(String line) {
    for (ResolvedProtocol resolved : all(line)) {
      Map<String, Volume> held = new HashMap<>();
      String vessel = resolved.vesselId();
      boolean full = Set.of("passage", "feed").contains(resolved.operation());
      held.put(vessel, full ? BuiltIn.DATA.vessel(vessel).totalWorkingVolume() : Volume.ZERO);
      held.put("cryovial_1_8ml", Volume.ofMillilitres(1));
      for (Step step : resolved.steps()) {
        Parameters parameters = step.unitOp().parameters();
        if (parameters.has("contents_before")) {
          parameters
              .volumes("contents_before")
              .forEach(
                  (id, volume) ->
                      assertThat(volume)
                          .as(where(resolved, step) + " " + id)
                          .isEqualTo(held.getOrDefault(id, Volume.ZERO)));
          held.putAll(parameters.volumes("contents_after"));
        }
      }
      assertThat(held.getOrDefault("pipette", Volume.ZERO)).isEqualTo(Volume.ZERO);
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void onlyAPassageTakesWhatIsNotThere(String line) {
    for (ResolvedProtocol resolved : all(line)) {
      boolean passage = resolved.operation().equals("passage");
      assertThat(BuiltIn.codes(resolved).toString().contains("OVER_"))
          .as(resolved.operation() + " in " + resolved.vesselId())
          .isEqualTo(passage);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "T25, 4.167, 4.084, 0.083, 1.667, 5.0",
    "T75, 12.5, 12.25, 0.25, 5.0, 15.0",
    "T175, 29.167, 28.584, 0.583, 11.667, 30.0",
    "T225, 37.5, 36.75, 0.75, 15.0, 45.0",
    "6well, 9.5, 9.31, 0.19, 3.8, 18.0",
    "96well, 5.12, 5.018, 0.102, 2.048, 14.4",
    "384well, 7.04, 6.899, 0.141, 2.816, 19.2"
  })
  void coatingFollowsTheSurfaceAndMediumTheWorkingVolume(
      String vessel, double coating, double diluent, double stock, double mix, double medium) {
    List<UnitOp> leaves = BuiltIn.leaves(BuiltIn.resolve("thaw", "iPSC", vessel));

    assertThat(leaves.stream().limit(8).filter(leaf -> leaf.parameters().has("volume_ml")))
        .extracting(leaf -> leaf.parameters().number("volume_ml"))
        .containsExactly(diluent, stock, mix, mix, coating, coating, coating);
    assertThat(leaves.get(19).parameters().number("volume_ml")).isEqualTo(medium);
    assertThat(Volume.ofMillilitres(diluent).plus(Volume.ofMillilitres(stock)))
        .isEqualTo(Volume.ofMillilitres(coating));
  }

  @Test
  void vialAndTubeVolumesAreTheSameForEveryVessel() {
    for (String vessel : BuiltIn.DATA.vesselIds()) {
      if (CombinationsTest.ROUND_PLATES.contains(vessel)) {
        continue;
      }
      List<String> ids = new ArrayList<>(BuiltIn.ids(BuiltIn.resolve("thaw", "HEK293", vessel)));
      assertThat(ids.remove(14)).isEqualTo("Incubate_" + vessel);
      assertThat(ids.remove(11)).startsWith("Dispense_dmem_high_glucose_");
      assertThat(ids)
          .containsExactly(
              "Incubate_water_bath",
              "Dispense_dmem_high_glucose_5.0ml",
              "Aspirate_1.0ml",
              "Dispense_cells_1.0ml",
              "Dispense_dmem_high_glucose_0.5ml",
              "Aspirate_0.5ml",
              "Dispense_wash_0.5ml",
              "Centrifuge_tube_15ml",
              "Aspirate_6.4ml",
              "Dispense_dmem_high_glucose_1.1ml",
              "Aspirate_0.1ml",
              "Aspirate_1.0ml",
              "Dispense_cells_1.0ml");
    }
  }

  @Test
  void aPlateGetsItsVolumesByWell() {
    List<UnitOp> leaves = BuiltIn.leaves(BuiltIn.resolve("feed", "iPSC", "96well"));

    for (UnitOp leaf : leaves) {
      assertThat(leaf.parameters().number("volume_ml")).isEqualTo(14.4);
      assertThat(leaf.parameters().number("wells")).isEqualTo(96);
      assertThat(leaf.parameters().number("volume_per_well_ml")).isEqualTo(0.15);
    }
    assertThat(BuiltIn.leaves(BuiltIn.resolve("feed", "iPSC", "T75")))
        .noneMatch(leaf -> leaf.parameters().has("wells"));
  }

  private static List<ResolvedProtocol> all(String line) {
    List<ResolvedProtocol> all = new ArrayList<>();
    for (String operation : BuiltIn.DATA.operations()) {
      for (String vessel : BuiltIn.DATA.vesselIds()) {
        if (BuiltIn.RESOLVER.whyNot(operation, line, vessel).isEmpty()) {
          all.add(BuiltIn.resolve(operation, line, vessel));
        }
      }
    }
    assertThat(all).hasSizeGreaterThanOrEqualTo(30);
    return all;
  }

  private static String where(ResolvedProtocol resolved, Step step) {
    return String.join(
        " ",
        resolved.operation(),
        resolved.cellLine(),
        resolved.vesselId(),
        String.valueOf(step.stepIndex()),
        step.name());
  }
}

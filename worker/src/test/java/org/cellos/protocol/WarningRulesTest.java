package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.WarningCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WarningRulesTest {
  /** In every passage: collecting, the second collection, and the spin's residue. */
  private static final Map<String, List<String>> OF_A_FLASK =
      Map.of(
          "T25",
              List.of(
                  "TUBE_IMPLIED at 6",
                  "OVER_ASPIRATION at 6",
                  "OVER_ASPIRATION at 8",
                  "RESIDUE at 10"),
          "T75", List.of("TUBE_IMPLIED at 6", "OVER_ASPIRATION at 8", "RESIDUE at 10"),
          "T175", List.of("TUBE_IMPLIED at 6", "OVER_ASPIRATION at 8", "RESIDUE at 10"),
          "T225",
              List.of(
                  "TUBE_IMPLIED at 6", "OVER_ASPIRATION at 8", "OVER_FILL at 8", "RESIDUE at 10"));

  @ParameterizedTest
  @CsvSource({
    "iPSC, T25", "iPSC, T75", "iPSC, T175", "iPSC, T225",
    "HEK293, T25", "HEK293, T75", "HEK293, T175", "HEK293, T225",
    "HepG2, T25", "HepG2, T75", "HepG2, T175", "HepG2, T225"
  })
  void ofAPassageAreTheseAndNoOthers(String line, String vessel) {
    List<String> expected = new ArrayList<>();
    if (!line.equals("iPSC")) {
      expected.add("SERUM_FREE_QUENCH at 5");
    }
    expected.addAll(OF_A_FLASK.get(vessel));
    expected.add("NOT_REPLATED");
    if (line.equals("iPSC")) {
      expected.add("NO_ROCK_INHIBITOR");
    }
    expected.add("UNPRICED");

    assertThat(BuiltIn.codes(BuiltIn.resolve("passage", line, vessel)))
        .containsExactlyElementsOf(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "T25, 6, 'Takes 5.0 mL from flask_t25, which holds 4.5 mL.'",
    "T25, 8, 'Takes 5.0 mL from flask_t25, which holds 1.5 mL.'",
    "T75, 8, 'Takes 15.0 mL from flask_t75, which holds 5.0 mL.'",
    "T175, 8, 'Takes 30.0 mL from flask_t175, which holds 10.0 mL.'",
    "T225, 8, 'Takes 45.0 mL from flask_t225, which holds 15.0 mL.'"
  })
  void sayHowMuchIsMissing(String vessel, int step, String message) {
    ResolvedProtocol passage = BuiltIn.resolve("passage", "iPSC", vessel);

    assertThat(BuiltIn.message(passage, "OVER_ASPIRATION at " + step)).isEqualTo(message);
    // What was asked for stays; what was there is in the contents.
    assertThat(
            passage
                .steps()
                .get(8)
                .unitOp()
                .parameters()
                .volumes("contents_after")
                .get("flask_" + vessel.toLowerCase(java.util.Locale.ROOT))
                .isZero())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"T25, 1.0", "T75, 5.0", "T175, 10.0", "T225, 15.0"})
  void sayHowMuchStaysAboveThePellet(String vessel, String left) {
    assertThat(BuiltIn.message(BuiltIn.resolve("passage", "HEK293", vessel), "RESIDUE at 10"))
        .isEqualTo(left + " mL stay in tube_50ml and dilute the resuspension.");
  }

  @Test
  void sayWhatThePoolOfAT225DoesToItsTube() {
    assertThat(BuiltIn.message(BuiltIn.resolve("passage", "iPSC", "T225"), "OVER_FILL at 8"))
        .isEqualTo("Fills tube_50ml to 60.0 mL, above the safe 45.0 mL.");
  }

  @ParameterizedTest
  @CsvSource({
    "iPSC, 'COATING_DRY at 7, COUNT_SAMPLE_UNUSED at 18, NO_ROCK_INHIBITOR, UNPRICED'",
    "hESC, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13, NO_ROCK_INHIBITOR,"
        + " UNPRICED'",
    "Primary_Neurons, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13, UNPRICED'",
    "Primary_Astrocytes, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13,"
        + " UNPRICED'",
    "iMicroglia, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13, UNPRICED'",
    "iNeurons, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13, UNPRICED'",
    "Cardiomyocytes, 'COATING_NEAT at 0, COATING_DRY at 2, COUNT_SAMPLE_UNUSED at 13, UNPRICED'",
    "HEK293, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "HEK293T, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "HeLa, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "Jurkat, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "A549, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "Primary_Fibroblasts, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'",
    "HepG2, 'COUNT_SAMPLE_UNUSED at 10, UNPRICED'"
  })
  void ofAThawAreTheseAndNoOthers(String line, String codes) {
    for (String vessel : List.of("T25", "T75", "T175", "T225", "6well", "96well", "384well")) {
      assertThat(BuiltIn.codes(BuiltIn.resolve("thaw", line, vessel)))
          .as(vessel)
          .containsExactly(codes.split(", "));
    }
  }

  @Test
  void sayForHowLongTheFlaskIsDry() {
    assertThat(BuiltIn.message(BuiltIn.resolve("thaw", "iPSC", "T75"), "COATING_DRY at 7"))
        .isEqualTo("The coating is taken off 16 min before the cells come.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"iPSC", "hESC", "HEK293", "Primary_Fibroblasts", "Primary_Neurons"})
  void ofFeedingAPricedMediumThereAreNone(String line) {
    assertThat(BuiltIn.codes(BuiltIn.resolve("feed", line, "T75"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "passage, iPSC, 'incubator_usage, centrifuge_usage, cell_counter_slides, nc202_usage'",
    "passage, HepG2, 'incubator_usage, emem, centrifuge_usage, cell_counter_slides, nc202_usage'",
    "thaw, iPSC, 'incubator_usage, centrifuge_usage'",
    "thaw, Jurkat, 'incubator_usage, rpmi_1640, centrifuge_usage'",
    "thaw, hESC, 'laminin_521, incubator_usage, centrifuge_usage'",
    "thaw, iNeurons, 'plo_laminin, incubator_usage, centrifuge_usage'",
    "thaw, iMicroglia, 'plo, incubator_usage, rpmi_1640, centrifuge_usage'",
    "thaw, Cardiomyocytes, 'incubator_usage, rpmi_1640, centrifuge_usage'",
    "feed, Jurkat, rpmi_1640",
    "feed, Cardiomyocytes, rpmi_1640",
    "coat, hESC, 'laminin_521, incubator_usage'",
    "coat, iPSC, incubator_usage"
  })
  void nameWhatHasNoPrice(String operation, String line, String names) {
    assertThat(BuiltIn.message(BuiltIn.resolve(operation, line, "T75"), "UNPRICED"))
        .isEqualTo("No price in the unit used, so not in the cost: " + names + ".");
  }

  @Test
  void coatingAloneWarnsOfNeatCoatingAndOfNothingItDoesNotDo() {
    assertThat(BuiltIn.codes(BuiltIn.resolve("coat", "Cardiomyocytes", "T75")))
        .containsExactly("COATING_NEAT at 0", "UNPRICED");
    assertThat(BuiltIn.codes(BuiltIn.resolve("coat", "iPSC", "T75"))).containsExactly("UNPRICED");
  }

  @Test
  void haveTheSeverityOfTheirCode() {
    assertThat(BuiltIn.resolve("passage", "iPSC", "T225").warnings())
        .allMatch(warning -> warning.severity() == warning.code().severity())
        .filteredOn(warning -> warning.severity() == org.cellos.domain.Severity.BLOCKING)
        .extracting(warning -> warning.code())
        .containsExactly(WarningCode.OVER_ASPIRATION, WarningCode.OVER_FILL);
  }
}

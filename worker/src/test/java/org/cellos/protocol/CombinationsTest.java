package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.cellos.domain.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line in every vessel: what is resolved, and why the rest is refused. */
class CombinationsTest {
  static final List<String> LINES =
      List.of(
          "iPSC",
          "HEK293",
          "HEK293T",
          "HeLa",
          "Jurkat",
          "A549",
          "hESC",
          "Primary_Neurons",
          "Primary_Astrocytes",
          "Primary_Fibroblasts",
          "iMicroglia",
          "iNeurons",
          "Cardiomyocytes",
          "HepG2");
  static final List<String> FLASKS = List.of("flask_t25", "flask_t75", "flask_t175", "flask_t225");
  static final List<String> FLAT_PLATES =
      List.of(
          "plate_6well",
          "plate_6well_glass",
          "plate_12well",
          "plate_12well_glass",
          "plate_24well",
          "plate_24well_glass",
          "plate_48well",
          "plate_96well_tc",
          "plate_96well_pheno",
          "plate_96well_glass",
          "plate_384well");
  static final List<String> ROUND_PLATES = List.of("plate_96well_ubtm", "plate_96well_vbtm");

  private static final Set<String> PASSAGED = Set.of("iPSC", "HEK293", "HepG2");
  private static final Set<String> COATED =
      Set.of(
          "iPSC",
          "hESC",
          "Primary_Neurons",
          "Primary_Astrocytes",
          "iMicroglia",
          "iNeurons",
          "Cardiomyocytes");

  static List<String> lines() {
    return LINES;
  }

  @Test
  void thereAreNoOtherLinesVesselsOrOperations() {
    assertThat(BuiltIn.DATA.cellLineNames()).containsExactlyElementsOf(LINES);
    assertThat(BuiltIn.DATA.vesselIds())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(FLASKS, FLAT_PLATES, ROUND_PLATES).flatMap(List::stream).toList());
    assertThat(BuiltIn.DATA.operations()).containsExactly("passage", "thaw", "feed", "coat");
  }

  @ParameterizedTest
  @MethodSource("lines")
  void threeLinesArePassagedInFlasks(String line) {
    for (String vessel : BuiltIn.DATA.vesselIds()) {
      String reason = refusal("passage", line, vessel);
      if (!PASSAGED.contains(line)) {
        assertThat(reason)
            .startsWith("No passaging config for " + line)
            .contains("data/cell_lines.yaml");
      } else if (FLASKS.contains(vessel)) {
        assertThat(reason).isEmpty();
      } else {
        assertThat(reason)
            .isEqualTo("The protocol passage is for flasks, and " + vessel + " is a plate.");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void everyLineIsThawedAndFedOnAFlatBottom(String line) {
    for (String operation : List.of("thaw", "feed")) {
      for (String vessel : BuiltIn.DATA.vesselIds()) {
        String reason = refusal(operation, line, vessel);
        if (ROUND_PLATES.contains(vessel)) {
          assertThat(reason).isEqualTo(shaped(operation, vessel));
        } else {
          assertThat(reason).as(operation + " in " + vessel).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void whatNeedsACoatingIsCoatedOnAFlatBottom(String line) {
    for (String vessel : BuiltIn.DATA.vesselIds()) {
      String reason = refusal("coat", line, vessel);
      if (!COATED.contains(line)) {
        assertThat(reason).isEqualTo(line + " grows on bare plastic and needs no coating.");
      } else if (ROUND_PLATES.contains(vessel)) {
        assertThat(reason).isEqualTo(shaped("coat", vessel));
      } else {
        assertThat(reason).isEmpty();
      }
    }
  }

  private static String shaped(String operation, String vessel) {
    return "The protocol "
        + operation
        + " needs a flat bottom for the cells to settle on, and the wells of "
        + vessel
        + " are "
        + (vessel.endsWith("ubtm") ? "U" : "V")
        + "-shaped.";
  }

  @ParameterizedTest
  @ValueSource(strings = {"iPSC", "ipsc", "IPSC", "iPsC"})
  void cellLinesAreFoundInAnyCase(String name) {
    assertThat(BuiltIn.resolve("passage", name, "T75").cellLine()).isEqualTo("iPSC");
  }

  @ParameterizedTest
  @CsvSource({
    "T75, flask_t75",
    "t75, flask_t75",
    "flask_t75, flask_t75",
    "FLASK_T75, flask_t75",
    "96well, plate_96well_tc",
    "plate_96well_tc, plate_96well_tc",
    "96WELL_TC, plate_96well_tc",
    "384well, plate_384well",
    "6well_glass, plate_6well_glass",
    "plate_6well, plate_6well"
  })
  void vesselsAreFoundByIdAndShortNameInAnyCase(String name, String id) {
    assertThat(BuiltIn.resolve("feed", "HEK293", name).vesselId()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pasage | iPSC | T75 | The operation 'pasage' is not known: did you mean 'passage'?",
        "freeze | iPSC | T75 | The operation 'freeze' is not known. Known: passage, thaw, feed,"
            + " coat.",
        "passage | iPCS | T75 | The cell line 'iPCS' is not known: did you mean 'iPSC'?",
        "passage | HEK-293 | T75 | The cell line 'HEK-293' is not known: did you mean 'HEK293'?",
        "passage | CHO | T75 | The cell line 'CHO' is not known. Known: iPSC, HEK293, HEK293T,",
        "passage | iPSC | T57 | The vessel 'T57' is not known: did you mean 'T75'?",
        "passage | iPSC | flask_75 | The vessel 'flask_75' is not known: did you mean"
            + " 'flask_t75'?",
        "passage | iPSC | bucket | The vessel 'bucket' is not known. Known: flask_t25, flask_t75,",
        "passage | '' | T75 | The cell line '' is not known. Known: iPSC,",
        "passage | iPSC | '' | The vessel '' is not known. Known: flask_t25,"
      })
  void whatIsNotKnownIsRefusedWithTheNearestName(
      String operation, String line, String vessel, String message) {
    assertThat(refusal(operation, line, vessel)).startsWith(message);
  }

  @Test
  void theBenchProfileIsRefusedUntilItExists() {
    assertThatThrownBy(() -> BuiltIn.RESOLVER.resolve("passage", "iPSC", "T75", Profile.BENCH))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("The profile 'bench' comes with a later version; use the profile 'original'.");
  }

  private static String refusal(String operation, String line, String vessel) {
    return BuiltIn.RESOLVER.whyNot(operation, line, vessel).orElse("");
  }
}

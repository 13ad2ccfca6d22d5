package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.UnitOp;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
  private static final Path EXAMPLE = Path.of("../data/protocols/examples/half-medium-change.yaml");

  @TempDir private Path folder;

  @Test
  void theExampleResolves() {
    ResolvedProtocol resolved =
        BuiltIn.RESOLVER.resolveFile(EXAMPLE, Optional.empty(), Optional.empty());

    assertThat(resolved.operation()).isEqualTo("half_medium_change");
    assertThat(resolved.cellLine()).isEqualTo("iNeurons");
    assertThat(resolved.vesselId()).isEqualTo("flask_t75");
    assertThat(resolved.steps().stream().map(Step::path)).containsExactly("1", "2", "3.1", "3.2");
    assertThat(BuiltIn.leaves(resolved).stream().map(BuiltIn::row))
        .containsExactly(
            "aspirate | Aspirate_7.5ml | 7.5 | pipette_10ml=1.0",
            "dispense | Dispense_neurobasal_7.5ml | 7.5 | neurobasal=7.5, pipette_10ml=1.0",
            "incubate | Incubate_flask_t75 | - | incubator_usage=0.5",
            "image | Image_flask_t75 | - | ");
    UnitOp image = BuiltIn.leaves(resolved).get(3);
    assertThat(image.name()).isEqualTo("Image the neurites");
    assertThat(image.durationMinutes()).isEqualTo(2);
    assertThat(image.parameters().values())
        .isEqualTo(
            Map.of(
                "vessel",
                "flask_t75",
                "magnification",
                10L,
                "channels",
                List.of("phase"),
                "minutes",
                2.0));
    assertThat(BuiltIn.codes(resolved)).containsExactly("UNPRICED");
  }

  @Test
  void theCommandLineWinsOverTheFile() {
    ResolvedProtocol resolved =
        BuiltIn.RESOLVER.resolveFile(EXAMPLE, Optional.of("hek293"), Optional.of("T175"));

    assertThat(resolved.cellLine()).isEqualTo("HEK293");
    assertThat(resolved.vesselId()).isEqualTo("flask_t175");
    assertThat(BuiltIn.ids(resolved)).contains("Dispense_dmem_high_glucose_7.5ml");
  }

  @Test
  void takingWhatIsNotThereAndFillingTooHighAreErrorsTogether() throws IOException {
    assertThat(
            problems(
                """
                protocol: p
                vessel: T25
                starts_with_ml: 4
                steps:
                  - {operation: aspirate, volume_ml: 4.5, from: vessel}
                  - {operation: dispense, reagent: dpbs, volume_ml: 10.1, to: vessel}
                  - operation: rinse
                    steps:
                      - {operation: mix, vessel: tube_15ml, volume_ml: 1}
                      - {operation: dispense, reagent: dpbs, volume_ml: 14, to: tube_15ml}
                      - {operation: count, vessel: tube_50ml, volume_ml: 0.1}
                """))
        .containsExactly(
            "line 5, steps[0]: takes 4.5 mL from flask_t25, which holds 4.0 mL",
            "line 6, steps[1]: fills flask_t25 to 10.1 mL, above its safe level of 10.0 mL",
            "line 9, steps[2].steps[0]: mixes 1.0 mL where tube_15ml holds 0.0 mL",
            "line 10, steps[2].steps[1]: fills tube_15ml to 14.0 mL, above its safe level of"
                + " 13.5 mL",
            "line 11, steps[2].steps[2]: takes 0.1 mL from tube_50ml, which holds 0.0 mL");
  }

  @Test
  void aVesselThatIsNeededAndMissingIsAskedFor() throws IOException {
    assertThat(
            problems(
                """
                protocol: p
                steps:
                  - {operation: aspirate, volume: working_volume}
                  - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37}
                  - {operation: dispense, reagent: medium, volume_per_well_ml: 1, to: tube_15ml}
                """))
        .containsExactly(
            "line 3, steps[0]: the volume 'working_volume' needs a vessel: add 'vessel:' or"
                + " --vessel",
            "line 3, steps[0]: names the vessel, and none is given: add 'vessel:' or --vessel",
            "line 4, steps[1]: names the vessel, and none is given: add 'vessel:' or --vessel",
            "line 5, steps[2]: the volume of all wells needs a vessel: add 'vessel:' or --vessel",
            "line 5, steps[2]: the reagent 'medium' is that of a cell line: add 'cell_line:' or"
                + " --cell-line, or name one of the price list");
  }

  @Test
  void tubesNeedNoVesselAndNoLine() throws IOException {
    ResolvedProtocol resolved =
        resolve(
            """
            protocol: aliquots
            starts_with_ml: {cryovial_1_8ml: 1.5}
            steps:
              - {operation: dispense, reagent: FBS, volume_ml: 0.5, to: tube_15ml}
              - {operation: aspirate, liquid: cells, volume_ml: 1.5, from: cryovial_1_8ml, to: pipette}
              - {operation: dispense, reagent: cells, volume_ml: 1.5, from: pipette, to: tube_15ml}
              - {operation: mix, vessel: tube_15ml, volume_ml: 1, cycles: 5}
              - {operation: centrifuge, vessel: tube_15ml, g_force: 200, minutes: 4}
              - {operation: count, vessel: tube_15ml, method: nc202, volume_ml: 0.1}
            """);

    assertThat(resolved.vesselId()).isNull();
    assertThat(resolved.cellLine()).isNull();
    assertThat(BuiltIn.ids(resolved))
        .containsExactly(
            "Dispense_FBS_0.5ml",
            "Aspirate_1.5ml",
            "Dispense_cells_1.5ml",
            "Mix_1.0ml",
            "Centrifuge_tube_15ml",
            "Count_tube_15ml");
    assertThat(resolved.steps().get(3).unitOp().parameters().values())
        .isEqualTo(Map.of("vessel", "tube_15ml", "volume_ml", 1.0, "cycles", 5L));
    assertThat(resolved.steps().get(5).unitOp().parameters().volumes("contents_after"))
        .containsKey("tube_15ml")
        .allSatisfy((id, volume) -> assertThat(volume.millilitres()).isEqualTo(1.9));
  }

  @Test
  void volumesPerWellCountForTheWholePlate() throws IOException {
    ResolvedProtocol resolved =
        resolve(
            """
            protocol: p
            vessel: 96well
            cell_line: HEK293
            steps:
              - {operation: aspirate, volume_per_well_ml: 0.1, from: vessel}
              - {operation: dispense, reagent: medium, volume_per_well_ml: 0.1, to: vessel}
            """);

    for (Step step : resolved.steps()) {
      assertThat(step.unitOp().parameters().number("volume_ml")).isEqualTo(9.6);
      assertThat(step.unitOp().parameters().number("volume_per_well_ml")).isEqualTo(0.1);
      assertThat(step.unitOp().parameters().number("wells")).isEqualTo(96);
    }
    assertThat(resolved.billOfMaterials().get(1).quantity()).isEqualTo(9.6);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "incubat, vessel: vessel | the operation 'incubat' is not known: did you mean 'incubate'?",
        "aspirat, vessel: vessel | the operation 'aspirat' is not known: did you mean 'aspirate'?",
        "Aspirate, volume_ml: 1 | the operation 'Aspirate' must be a word of a–z, 0–9 and _, in"
            + " lower case: did you mean 'aspirate'?",
        "'two words' | the operation 'two words' must be a word of a–z",
        "no | .operation: must be text, but YAML reads 'no' as false: put it in quotes",
        "aspirate | needs a volume: volume_ml, volume_per_well_ml or volume",
        "aspirate, volume_ml: 1, volume: wash_1 | has volume and volume_ml: keep one",
        "aspirate, volume: wash1 | the volume 'wash1' is not known here: did you mean 'wash_1'?",
        "aspirate, volume_ml: 1, frm: vessel | .frm: is not a known key: did you mean 'from'?",
        "aspirate, volume_ml: 1, from: tube_15 | 'tube_15' is no container here: did you mean"
            + " 'tube_15ml'?",
        "aspirate, volume_ml: 1, from: waste | nothing can be taken from waste",
        "aspirate, volume_ml: 1, from: count_sample | nothing can be taken from count_sample",
        "aspirate, volume_ml: 1, from: stock, to: pipette | a bottle is poured from by 'dispense'",
        "dispense, volume_ml: 1, reagent: dpbs, to: stock | nothing goes back into stock",
        "dispense, volume_ml: 1, reagent: dpbs, from: waste | nothing can be taken from waste",
        "dispense, volume_ml: 1 | needs the key 'reagent'",
        "dispense, volume_ml: 1, reagent: acutase | the reagent 'acutase' is not known for HEK293: did"
            + " you mean 'accutase'?",
        "incubate, vessel: waste, minutes: 1, temperature_c: 37 | 'waste' is no container here",
        "incubate, vessel: pipette, minutes: 1, temperature_c: 37 | 'pipette' is no container here",
        "incubate, minutes: 0, temperature_c: 37 | .minutes: must be from 0.01 to 129600, not 0",
        "incubate, minutes: 1e-5, temperature_c: 37 | .minutes: must be from 0.01 to 129600",
        "incubate, minutes: 5 | needs the key 'temperature_c'",
        "incubate, minutes: 5, temperature_c: 370 | .temperature_c: must be from -80 to 95",
        "incubate, duration: coffee | the duration 'coffee' is not known here",
        "centrifuge, g_force: 0, minutes: 5 | .g_force: must be above 0, to 30000, not 0",
        "centrifuge, rpm: 1200, minutes: 5 | .rpm: is not a known key",
        "mix, volume_ml: 1, cycles: 2.5 | .cycles: must be a whole number",
        "image, parameters: {a: ~} | parameters.a: has no value: give one, or leave the key out",
        "image, parameters: {a: .nan} | parameters.a: must be a plain decimal number",
        "image, minutes: 1, parameters: {minutes: 2} | has 'minutes' in its parameters too",
        "image, when: always_ | .when: 'always_' is not known: did you mean 'always'?",
        "settle, steps: [] | .steps: needs at least one step",
        "settle, steps: {a: 1} | .steps: must be a list, not a map",
        "dispense, reagent: dpbs, volume_ml: 10001 | .volume_ml: must be above 0, to 10000",
        "dispense, reagent: dpbs, volume_ml: 1e-9 | .volume_ml: is less than a nanolitre",
        "dispense, reagent: dpbs, volume_per_well_ml: 100 | fills flask_t75 to 115.0 mL"
      })
  void aStepThatIsNotRightSaysWhy(String step, String message) throws IOException {
    List<String> problems =
        problems(
            "protocol: p\ncell_line: HEK293\nvessel: T75\nsteps:\n  - {operation: " + step + "}\n");

    assertThat(problems).first().asString().startsWith("line 5, steps[0]").contains(message);
  }

  @Test
  void aHandlersOperationMayLookLikeABuiltInOne() throws IOException {
    ResolvedProtocol resolved =
        resolve("protocol: p\nsteps:\n  - {operation: centrifuge_2, parameters: {rotor: A}}\n");

    assertThat(BuiltIn.ids(resolved)).containsExactly("Centrifuge_2");
  }

  @Test
  void parametersKeepTextsOfSeveralLines() throws IOException {
    ResolvedProtocol resolved =
        resolve(
            """
            protocol: p
            steps:
              - operation: note
                parameters:
                  text: |
                    one
                    two
            """);

    assertThat(resolved.steps().get(0).unitOp().parameters().text("text")).isEqualTo("one\ntwo\n");
  }

  @Test
  void unknownLineAndVesselAreNamedTogether() throws IOException {
    assertThat(
            problems(
                "protocol: p\ncell_line: HEK-293\nvessel: T57\nsteps:\n  - {operation: image}\n"))
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("line 2, cell_line: The cell line 'HEK-293' is not known"))
        .anySatisfy(
            problem ->
                assertThat(problem).startsWith("line 3, vessel: The vessel 'T57' is not known"));
  }

  @Test
  void theVesselMayBeFilledUnderItsOwnName() throws IOException {
    ResolvedProtocol resolved =
        resolve(
            """
            protocol: p
            vessel: T75
            starts_with_ml: {flask_t75: 5}
            steps:
              - {operation: aspirate, volume_ml: 5, from: flask_t75}
            """);

    assertThat(resolved.steps().get(0).unitOp().parameters().volumes("contents_after"))
        .allSatisfy((id, volume) -> assertThat(volume.isZero()).isTrue());
  }

  @Test
  void startingAboveTheSafeLevelIsRefused() throws IOException {
    assertThat(
            problems(
                "protocol: p\nvessel: T25\nstarts_with_ml: 11\nsteps:\n  - {operation: image}\n"))
        .containsExactly(
            "line 1: starts_with_ml fills flask_t25 to 11.0 mL, above its safe level of 10.0 mL");
  }

  @Test
  void aGroupOfMonthsIsRefused() throws IOException {
    String month = "      - {operation: incubate, minutes: 100000, temperature_c: 37}\n";
    assertThat(
            problems(
                "protocol: p\nvessel: T75\nsteps:\n  - operation: wait\n    steps:\n"
                    + month
                    + month))
        .containsExactly("line 4, steps[0]: the steps of 'wait' last longer than 90 days together");
  }

  @Test
  void aProtocolWithoutAStepIsRefused() throws IOException {
    assertThat(
            problems(
                """
                protocol: p
                cell_line: HEK293
                vessel: T75
                steps:
                  - {operation: image, when: coated}
                """))
        .containsExactly("The protocol p has no step for what was asked.");
    assertThat(problems("protocol: p\nsteps:\n  - {use: coatt}\n"))
        .containsExactly(
            "line 3, steps[0]: 'coatt' is no protocol: did you mean 'coat'? Known: passage, thaw,"
                + " feed, coat.");
  }

  @Test
  void aBuiltInProtocolMayBeUsed() throws IOException {
    ResolvedProtocol resolved =
        resolve(
            """
            protocol: p
            cell_line: iPSC
            vessel: T75
            starts_with_ml: 0
            steps:
              - {use: coat}
              - {operation: aspirate, volume: coating, from: vessel}
            """);

    assertThat(resolved.steps()).hasSize(8);
  }

  @Test
  void thereIsNoEndOfVolume() throws IOException {
    String pour =
        "  - {operation: dispense, reagent: dpbs, volume_ml: 10000, to: pipette}\n".repeat(500);

    assertThat(problems("protocol: p\nsteps:\n" + pour))
        .contains("line 4, steps[1]: fills pipette with more than 10000.0 mL")
        .last()
        .isEqualTo("there may be more: only the first 100 are listed");
    assertThat(
            problems(
                """
                protocol: p
                vessel: 384well
                steps:
                  - {operation: dispense, reagent: dpbs, volume_per_well_ml: 9999}
                """))
        .contains("line 4, steps[0]: the volume of all wells comes to more than 10000.0 mL here");
  }

  @Test
  void tenThousandStepsAreTheMostAndAreQuick() throws IOException {
    String step = "  - {operation: aspirate, volume_ml: 1e-6, from: vessel, to: count_sample}\n";
    String start = "protocol: p\nvessel: T75\nsteps:\n";

    ResolvedProtocol resolved =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> resolve(start + step.repeat(10_000)));
    assertThat(resolved.steps()).hasSize(10_000);
    assertThat(problems(start + step.repeat(10_001)))
        .containsExactly("line 1: has 10001 steps; 10000 are the most");
    assertThat(
            problems(
                "protocol: p\ncell_line: iPSC\nvessel: T75\nsteps:\n"
                    + "  - {use: thaw}\n".repeat(5_000)))
        .last()
        .asString()
        .satisfiesAnyOf(
            last -> assertThat(last).contains("more than 10000 steps"),
            last -> assertThat(last).contains("only the first 100 are listed"));
  }

  private ResolvedProtocol resolve(String text) throws IOException {
    return BuiltIn.RESOLVER.resolveFile(write(text), Optional.empty(), Optional.empty());
  }

  private List<String> problems(String text) throws IOException {
    Path file = write(text);
    ProtocolException thrown =
        catchThrowableOfType(
            ProtocolException.class,
            () -> BuiltIn.RESOLVER.resolveFile(file, Optional.empty(), Optional.empty()));
    assertThat(thrown).as("refusal").isNotNull();
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(file + ", ", ""))
        .toList();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("own.yaml"), text);
  }
}

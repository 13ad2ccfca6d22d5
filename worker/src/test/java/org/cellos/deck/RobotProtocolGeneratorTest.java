package org.cellos.deck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotProtocolGeneratorTest {
  private static final String PLATE = "plate_24well";

  @TempDir private Path folder;

  @Test
  void aFeedTakesAndBringsWellByWell() throws IOException {
    RobotProtocol protocol = generate(Decks.YAML, PLATE);

    assertThat(protocol.source())
        .contains("requirements = {\"robotType\": \"OT-2\", \"apiLevel\": \"2.15\"}")
        .contains("protocol.comment(\"step 1.1: Aspirate 24.0 mL")
        .contains(
            """
                protocol.comment("well A1 begins")
                right.pick_up_tip(tips_9["B1"])
                right.aspirate(896.00, plate["A1"].bottom(0.50).move(types.Point(x=6.63)))
                right.air_gap(50.00)
                right.dispense(946.00, waste["A1"].top(-5.0))
            """
                .indent(0))
        .contains("right.aspirate(896.00, stock_4[\"A1\"].bottom(2.0))");
    assertThat(protocol.tips()).isEqualTo(Map.of("right", 25));
    assertThat(protocol.reagentMicrolitres()).isEqualTo(Map.of("mtesr_plus_kit", 21_504.0));
    assertThat(protocol.wasteMicrolitres()).isEqualTo(21_504.0);
  }

  @Test
  void eightChannelsGoFromColumnToColumn() throws IOException {
    RobotProtocol protocol = generate(Decks.YAML, "plate_96well_tc");

    assertThat(protocol.source()).contains("well A12 is done").doesNotContain("plate[\"B1\"]");
    assertThat(protocol.tips()).isEqualTo(Map.of("left", 13 * 8));
    assertThat(protocol.wasteMicrolitres()).isEqualTo(12_576.0);
  }

  @Test
  void aReagentGoesOnWithItsNextPosition() throws IOException {
    assertThat(generate(Decks.YAML, PLATE).source())
        .contains("stock_4[\"A2\"]")
        .doesNotContain("stock_4[\"A3\"]");
  }

  @Test
  void wellsThatAreFinishedAreLeftAlone() throws IOException {
    RobotProtocol rest =
        RobotProtocolGenerator.generate(
            Decks.robot(folder, Decks.YAML), "x", PLATE, Decks.feed(PLATE), Set.of("A1", "B1"));

    assertThat(rest.source())
        .doesNotContain("plate[\"A1\"]")
        .doesNotContain("plate[\"B1\"]")
        .contains("plate[\"C1\"]");
    assertThat(rest.wasteMicrolitres()).isEqualTo(22_000.0);
  }

  @Test
  void theSameStepsAreTheSameProtocol() throws IOException {
    assertThat(generate(Decks.YAML, PLATE)).isEqualTo(generate(Decks.YAML, PLATE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plate_24well: {slot: 2, labware: corning_24_wellplate_3.4ml_flat} |"
            + " | The vessel plate_24well is not on the deck of ot2-a, which has plate_6well, plate_96well_tc.",
        "- {slot: 9, labware: opentrons_96_tiprack_1000ul, for: right} | | No pipette of ot2-a can move 896.00 µL",
        "wells: [A1, A2, A3] | wells: [A1] | The reagent mtesr_plus_kit is short: 21.504 mL are needed, and 1 × 12",
        "mtesr_plus_kit: | other_medium: | The reagent mtesr_plus_kit of step 1.2 is not on the deck",
        "volume_ml: 150 | volume_ml: 20 | The waste has too little room: 21.504 mL will come, and 20.0 mL",
        "'waste: {slot: 5, labware: nest_1_reservoir_195ml, volume_ml: 150}' | | There is no place for waste"
      })
  void whatTheDeckCannotDoIsRefusedInOneSentence(String from, String to, String message) {
    String yaml = Decks.YAML.replace(from, to == null ? "" : to);
    assertThat(yaml).isNotEqualTo(Decks.YAML);
    assertThatThrownBy(() -> generate(yaml, PLATE))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining(message);
  }

  @Test
  void tipsThatAreShortAreCounted() {
    String oneRack =
        Decks.YAML.replace("- {slot: 8, labware: opentrons_96_tiprack_300ul, for: left}", "");

    assertThatThrownBy(() -> generate(oneRack, "plate_96well_tc"))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining("tips for the left pipette are short: 104 are needed, and 96");
  }

  @Test
  void whatIsNotForARobotIsNoneOfItsSteps() throws IOException {
    assertThat(Decks.feed("flask_t75")).as("steps of a flask").isEmpty();
    assertThatThrownBy(
            () ->
                RobotProtocolGenerator.generate(
                    Decks.robot(folder, Decks.YAML), "x", PLATE, List.of(), Set.of()))
        .isInstanceOf(DeckException.class)
        .hasMessageContaining("None of the steps");
  }

  private RobotProtocol generate(String yaml, String vesselId) throws IOException {
    return Decks.generate(Decks.robot(folder, yaml), vesselId);
  }
}

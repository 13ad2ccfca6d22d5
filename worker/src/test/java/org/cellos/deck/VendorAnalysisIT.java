package org.cellos.deck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.cellos.domain.WellProgress;
import org.cellos.json.Json;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The robots' vendor looks generated protocols through: {@code CELLOS_OPENTRONS} names a Python
 * environment with its package.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class VendorAnalysisIT {
  private static final String VARIABLE = "CELLOS_OPENTRONS";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"plate_96well_tc, 8", "plate_24well, 1", "plate_6well, 1"})
  void whatIsAnalysedIsWhatTheStepsSay(String vesselId, int channels) throws Exception {
    Path environment = environment();
    RobotProtocol protocol = Decks.generate(Decks.robot(folder, Decks.YAML), vesselId);
    Path file = Files.writeString(folder.resolve("feed.py"), protocol.source());
    Path result = folder.resolve("analysis.json");

    run(
        environment.resolve("bin/python").toString(),
        "-m",
        "opentrons.cli",
        "analyze",
        "--json-output=" + result,
        file.toString());
    run(environment.resolve("bin/opentrons_simulate").toString(), file.toString());

    JsonNode analysis = Json.mapper().readTree(result.toFile());
    assertThat(analysis.path("errors")).as("errors").isEmpty();
    assertThat(analysis.path("result").asText()).isEqualTo("ok");
    Analysed analysed = Analysed.of(analysis);
    double perWell = protocol.steps().get(0).microlitresPerWell();
    int wells =
        channels == 8
            ? 12
            : Decks.robot(folder, Decks.YAML)
                .deck()
                .plates()
                .get(vesselId)
                .place()
                .labware()
                .wells()
                .size();
    assertThat(analysed.progress().done()).as("wells said to be done").hasSize(wells);
    assertThat(analysed.progress().underWay()).isEmpty();
    assertThat(analysed.taken()).hasSize(wells);
    assertThat(analysed.taken().values())
        .allSatisfy(microlitres -> assertThat(microlitres).isCloseTo(perWell, within(0.05)));
    assertThat(analysed.brought()).hasSize(wells);
    assertThat(analysed.brought().values())
        .allSatisfy(microlitres -> assertThat(microlitres).isCloseTo(perWell, within(0.05)));
    assertThat(analysed.drawn() * channels)
        .isCloseTo(protocol.reagentMicrolitres().get("mtesr_plus_kit"), within(1.0));
    assertThat(analysed.tips() * channels).isEqualTo(protocol.tips().values().iterator().next());
  }

  private static Path environment() {
    String named = System.getenv(VARIABLE);
    if (named == null && System.getenv("CI") != null) {
      Assertions.fail(VARIABLE + " is not set, and CI needs it");
    }
    Assumptions.assumeTrue(named != null, VARIABLE + " is not set");
    return Path.of(String.valueOf(named));
  }

  private void run(String... command) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    int exitCode =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start()
            .waitFor();
    assertThat(exitCode).as(Files.readString(output)).isZero();
  }

  /**
   * What the commands move, in µL.
   *
   * @param taken from each well of the plate
   * @param brought into each well of the plate
   * @param drawn from reservoirs
   * @param tips how many different places tips were picked up at
   * @param progress what the comments say in the end
   */
  private record Analysed(
      Map<String, Double> taken,
      Map<String, Double> brought,
      double drawn,
      int tips,
      WellProgress progress) {

    static Analysed of(JsonNode analysis) {
      String plate = "";
      for (JsonNode labware : analysis.path("labware")) {
        if (labware.path("loadName").asText().contains("wellplate")) {
          plate = labware.path("id").asText();
        }
      }
      Map<String, Double> taken = new TreeMap<>();
      Map<String, Double> brought = new TreeMap<>();
      double drawn = 0;
      String before = "";
      Set<String> tips = new TreeSet<>();
      List<String> comments = new ArrayList<>();
      for (JsonNode command : analysis.path("commands")) {
        String type = command.path("commandType").asText();
        JsonNode parameters = command.path("params");
        double volume = parameters.path("volume").asDouble();
        boolean isPlate = parameters.path("labwareId").asText().equals(plate);
        String well = parameters.path("wellName").asText();
        // An air gap is a move above the well and an aspiration there.
        boolean isAir = before.equals("moveToWell");
        if (type.equals("aspirate") && isPlate && !isAir) {
          taken.merge(well, volume, Double::sum);
        } else if (type.equals("aspirate") && !isPlate) {
          drawn += volume;
        } else if (type.equals("dispense") && isPlate) {
          brought.merge(well, volume, Double::sum);
        } else if (type.equals("pickUpTip")) {
          tips.add(parameters.path("labwareId").asText() + well);
        } else if (type.equals("comment")) {
          comments.add(parameters.path("message").asText());
        }
        before = type;
      }
      return new Analysed(taken, brought, drawn, tips.size(), WellProgress.of(comments));
    }
  }
}

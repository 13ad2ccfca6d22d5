package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.cellos.domain.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolDataTest {
  private static final Path OURS = Path.of("../data");

  @TempDir private Path folder;

  @Test
  void theFilesOfTheProjectAreValid() {
    assertThat(ProtocolData.load(Optional.of(OURS)).cellLineNames()).hasSize(14);
  }

  @Test
  void anEmptyDirectoryChangesNothing() {
    assertThat(ProtocolData.load(Optional.of(folder)).cellLineNames())
        .isEqualTo(BuiltIn.DATA.cellLineNames());
  }

  @Test
  void aMissingDirectoryIsAMistake() {
    assertThat(problems(folder.resolve("none"))).first().asString().endsWith("is no directory.");
  }

  @Test
  void oneFileReplacesItsTwinAndTheOthersComeFromTheJar() throws IOException {
    write(
        "cell_lines.yaml",
        """
        Mine:
          name: Mine
          cell_type: epithelial
          cost_tier: budget
          medium: dmem_10fbs
        """);
    ProtocolData data = ProtocolData.load(Optional.of(folder));

    assertThat(data.cellLineNames()).containsExactly("Mine");
    assertThat(
            BuiltIn.ids(
                new ProtocolResolver(data).resolve("feed", "mine", "T25", Profile.ORIGINAL)))
        .containsExactly("Aspirate_5.0ml", "Dispense_dmem_10fbs_5.0ml");
  }

  @Test
  void everythingThatIsWrongIsSaidAtOnce() throws IOException {
    write(
        "cell_lines.yaml",
        """
        Mine:
          name: Mine
          cell_type: epithelial
          cost_tier: cheap
          medium: dmem_high_glucos
          coating: vitronectn
          detach: accutase
          passage:
            reference_vessel: T57
            T75:
              wash_1_ml: -1
              wash_2_ml: 0
              detach_ml: lots
              detach_minutes: 0
        """);
    write("coatings.yaml", "vitronectin: {volume_ml: 0, surface_cm2: 75, minutes: 1}\n");

    String block = "cell_lines.yaml, line 11, Mine.passage.T75: needs the key ";
    assertThat(problems(folder))
        .containsExactlyInAnyOrder(
            "coatings.yaml, line 1, vitronectin.volume_ml: must be above 0, to 10000, not 0",
            "coatings.yaml, line 1, vitronectin: needs the key 'temperature_c'",
            "cell_lines.yaml, line 7, Mine.detach: is not a known key. Known: name, cell_type,"
                + " cost_tier, medium, wash_buffer, detach_reagent, coating, passage, thaw, feed.",
            "cell_lines.yaml, line 4, Mine.cost_tier: 'cheap' is not known. Known: budget,"
                + " standard, premium.",
            "cell_lines.yaml, line 5, Mine.medium: 'dmem_high_glucos' is not known: did you mean"
                + " 'dmem_high_glucose'?",
            "cell_lines.yaml, line 6, Mine.coating: 'vitronectn' is not known: did you mean"
                + " 'vitronectin'? Known: vitronectin.",
            "cell_lines.yaml, line 9, Mine.passage.reference_vessel: 'T57' is no vessel: did you"
                + " mean 'T75'?",
            "cell_lines.yaml, line 11, Mine.passage.T75.wash_1_ml: must be above 0, to 10000, not"
                + " -1",
            "cell_lines.yaml, line 12, Mine.passage.T75.wash_2_ml: must be above 0, to 10000, not"
                + " 0",
            "cell_lines.yaml, line 13, Mine.passage.T75.detach_ml: must be a plain decimal number"
                + " such as 7.5, not 'lots'",
            "cell_lines.yaml, line 14, Mine.passage.T75.detach_minutes: must be from 0.01 to"
                + " 129600, not 0",
            block + "'quench_ml'",
            block + "'collect_1_ml'",
            block + "'collect_2_ml'",
            block + "'resuspend_ml'",
            block + "'count_sample_ml'",
            block + "'detach_temperature_c'",
            "cell_lines.yaml, line 2, Mine: has a passage, so it needs the keys 'wash_buffer' and"
                + " 'detach_reagent'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "raw/pricing.yaml",
        "raw/vessels.yaml",
        "coatings.yaml",
        "cell_lines.yaml",
        "protocols/passage.yaml",
        "protocols/coat.yaml"
      })
  void anyFileMayBeNonsense(String file) throws IOException {
    for (String text :
        List.of(
            "",
            "[]",
            "text",
            "{}",
            "{a: 1}",
            "{a: {b: {c: [1, 2]}}}",
            "resources: []",
            "resources: {x: 1}",
            "vessels: {x: {wells: 0.5, kind: box}}\ntubes: []\nsafe_fill: 3",
            "vitronectin: {diluent: x, stock_percent: 100}",
            "protocol: passage\nsteps: 7\nneeds: [love]\nvessel_kinds: flask",
            "iPSC: {passage: {reference_vessel: T75}}")) {
      write(file, text);
      assertThat(problems(folder)).as(text).isNotEmpty();
    }
  }

  @Test
  void brokenFilesAreNamedTogether() throws IOException {
    write("cell_lines.yaml", "a: [");
    write("coatings.yaml", "a: 'b");
    write("protocols/thaw.yaml", "");

    assertThat(problems(folder)).hasSize(3);
  }

  @Test
  void aLinkToNowhereIsAMistake() throws IOException {
    Files.createSymbolicLink(folder.resolve("coatings.yaml"), folder.resolve("gone.yaml"));

    assertThat(problems(folder)).containsExactly("coatings.yaml: does not exist");
  }

  @Test
  void linesThatDifferOnlyInCaseAreOneTooMany() throws IOException {
    String line = "{name: n, cell_type: c, cost_tier: budget, medium: dmem_10fbs}\n";
    write("cell_lines.yaml", "HeLa: " + line + "HELA: " + line);

    assertThat(problems(folder))
        .containsExactly("cell_lines.yaml, line 2, HELA: differs from 'HeLa' only in case");
  }

  @Test
  void aLineThatStandsTwiceIsOneTooMany() throws IOException {
    String line = "{name: n, cell_type: c, cost_tier: budget, medium: dmem_10fbs}\n";
    write("cell_lines.yaml", "HeLa: " + line + "HeLa: " + line);

    assertThat(problems(folder))
        .containsExactly("cell_lines.yaml, line 2: the key 'HeLa' is there twice: keep one");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max_volume_ml: 50.0 | max_volume_ml: -50 | .max_volume_ml: must be above 0",
        "max_volume_ml: 50.0 | max_volume_ml: 4 | working_volume_ml (5.0) is above the safe fill of"
            + " 4.0 mL",
        "working_volume_ml: 5.0 | working_volume_ml: 11 | working_volume_ml (11.0) is above the"
            + " safe fill of 10.0 mL",
        "wells: 1 | wells: 1.5 | .wells: must be a whole number",
        "wells: 1 | wells: 1000 | its wells hold more than 10 L",
        "kind: flask | kind: flsk | .kind: 'flsk' is not known: did you mean 'flask'?",
        "bottom: flat | bottom: round | .bottom: 'round' is not known. Known: flat, u, v.",
        "short_names: [T25] | short_names: [t75] | the name 'T75' already means flask_t25"
      })
  void aVesselIsChecked(String before, String after, String message) throws IOException {
    String vessels = Files.readString(OURS.resolve("raw/vessels.yaml"));
    int at = vessels.indexOf(before);
    write(
        "raw/vessels.yaml",
        vessels.substring(0, at) + after + vessels.substring(at + before.length()));

    assertThat(problems(folder)).first().asString().contains(message);
  }

  @Test
  void aScaledVolumeThatComesToNothingIsNoStep() throws IOException {
    replace("cell_lines.yaml", "detach_ml: 5.0", "detach_ml: 0.0001");

    assertThat(refusal("passage", "iPSC", "T175"))
        .contains("steps[3]: the volume 'detach' comes to 0 mL here");
    assertThat(refusal("thaw", "iPSC", "T175")).isEmpty();
  }

  @Test
  void aScaledVolumeThatFloodsTheRoomIsNoStep() throws IOException {
    replace("raw/vessels.yaml", "working_volume_ml: 15.0", "working_volume_ml: 0.000001");

    assertThat(refusal("passage", "iPSC", "T225")).contains("comes to more than 10000.0 mL here");
    assertThat(refusal("thaw", "iPSC", "384well")).isEmpty();
  }

  @Test
  void whatABuiltInProtocolCannotMeanIsRefusedToo() throws IOException {
    replace("protocols/feed.yaml", "volume: working_volume, from", "volume: working, from");
    replace("protocols/passage.yaml", "reagent: detach_reagent", "reagent: detach_reagnt");
    replace("protocols/passage.yaml", "implied_tubes: [tube_50ml]", "implied_tubes: [tube_5Oml]");
    replace("protocols/thaw.yaml", "{use: coat, when: coated}", "{use: coating}");

    assertThat(refusal("feed", "iPSC", "T75")).contains("the volume 'working' is not known here");
    assertThat(refusal("passage", "iPSC", "T75"))
        .contains(
            "the reagent 'detach_reagnt' is not known for iPSC: did you mean 'detach_reagent'?")
        .contains("'tube_5Oml' is no container here: did you mean 'tube_50ml'?");
    assertThat(refusal("thaw", "iPSC", "T75")).contains("'coating' is no protocol");
  }

  @Test
  void aProtocolThatUsesItselfEnds() throws IOException {
    write("protocols/feed.yaml", "protocol: feed\nsteps:\n  - {use: coat}\n");
    write("protocols/coat.yaml", "protocol: coat\nsteps:\n  - {use: feed}\n");

    assertThat(refusal("feed", "iPSC", "T75"))
        .contains("protocols/feed.yaml, line 3, steps[0]: the protocol 'coat' would use itself");
  }

  @Test
  void protocolsThatUseEachOtherEndlesslyAreCounted() throws IOException {
    write("protocols/feed.yaml", "protocol: feed\nsteps:\n" + "  - {use: coat}\n".repeat(5_000));
    write(
        "protocols/coat.yaml",
        "protocol: coat\nsteps:\n" + "  - {operation: image, when: coated}\n".repeat(5_000));

    assertThat(refusal("feed", "HEK293", "T75")).contains("more than 10000 steps");
  }

  @Test
  void aProtocolSaysWhichVesselsItIsFor() throws IOException {
    replace("protocols/passage.yaml", "vessel_kinds: [flask]", "vessel_kinds: [plate]");

    assertThat(refusal("passage", "iPSC", "T75"))
        .isEqualTo("The protocol passage is for plates, and flask_t75 is a flask.");
  }

  private String refusal(String operation, String line, String vessel) {
    return new ProtocolResolver(ProtocolData.load(Optional.of(folder)))
        .whyNot(operation, line, vessel)
        .orElse("");
  }

  private List<String> problems(Path directory) {
    ProtocolException thrown =
        catchThrowableOfType(
            ProtocolException.class, () -> ProtocolData.load(Optional.of(directory)));
    assertThat(thrown).as("refusal").isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("Exception").doesNotContain("org.");
    return thrown.problems().stream()
        .map(problem -> problem.toString().replace(directory + "/", ""))
        .toList();
  }

  private void replace(String file, String before, String after) throws IOException {
    Path own = folder.resolve(file);
    String text = Files.readString(Files.exists(own) ? own : OURS.resolve(file));
    assertThat(text).contains(before);
    write(file, text.replace(before, after));
  }

  private void write(String file, String text) throws IOException {
    Path target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }
}

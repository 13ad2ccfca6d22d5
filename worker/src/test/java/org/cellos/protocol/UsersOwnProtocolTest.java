package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of users: what works, and what every kind of mistake says. */
class UsersOwnProtocolTest {
  private static final ProtocolResolver RESOLVER =
      new ProtocolResolver(ProtocolData.load(Optional.empty()));
  private static final String HEAD = "protocol: mine\ncell_line: iPSC\nvessel: T75\nsteps:\n";

  @TempDir Path folder;

  @Test
  void theExampleResolves() {
    ResolvedProtocol protocol =
        RESOLVER.resolveFile(
            Path.of("../data/protocols/examples/half-medium-change.yaml"),
            Optional.empty(),
            Optional.empty());

    assertThat(protocol.operation()).isEqualTo("half_medium_change");
    assertThat(protocol.steps())
        .extracting(Step::operationType)
        .containsExactly("aspirate", "dispense", "incubate", "image");
    assertThat(protocol.steps().get(1).unitOp().parameters().text("reagent"))
        .isEqualTo("neurobasal");
    assertThat(protocol.steps().get(3).unitOp().parameters().values())
        .containsEntry("magnification", 10L)
        .containsEntry("minutes", 2.0);
  }

  @Test
  void theCommandLineComesBeforeTheFile() throws IOException {
    Path file = write(HEAD + "  - {operation: dispense, reagent: medium, volume_ml: 1.0}\n");

    ResolvedProtocol protocol =
        RESOLVER.resolveFile(file, Optional.of("HEK293"), Optional.of("T25"));

    assertThat(protocol.cellLine()).isEqualTo("HEK293");
    assertThat(protocol.vesselId()).isEqualTo("flask_t25");
    assertThat(protocol.steps().get(0).unitOp().parameters().text("reagent"))
        .isEqualTo("dmem_high_glucose");
  }

  @Test
  void aProtocolWithoutVesselMayUseTubes() throws IOException {
    Path file =
        write(
            """
            protocol: dilute
            steps:
              - {operation: dispense, reagent: dpbs, volume_ml: 9.0, to: tube_15ml}
              - {operation: dispense, reagent: accutase, volume_ml: 1.0, to: tube_15ml}
              - {operation: mix, vessel: tube_15ml, volume_ml: 5.0, cycles: 3}
              - {operation: count, vessel: tube_15ml, volume_ml: 0.1}
            """);

    ResolvedProtocol protocol = RESOLVER.resolveFile(file, Optional.empty(), Optional.empty());

    assertThat(protocol.steps()).hasSize(4);
    assertThat(protocol.cellLine()).isNull();
    assertThat(protocol.vesselId()).isNull();
  }

  @Test
  void takingWhatIsNotThereAndFillingTooHighAreErrorsWithTheirLines() throws IOException {
    Path file =
        write(
            HEAD
                + "  - {operation: aspirate, volume_ml: 20.0}\n"
                + "  - {operation: dispense, reagent: medium, volume_ml: 90.0}\n");

    assertThatThrownBy(() -> resolve(file))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("2 problems")
        .hasMessageContaining("line 5, steps[0]")
        .hasMessageContaining("takes 20.0 mL from flask_t75, which holds 15.0 mL")
        .hasMessageContaining("line 6, steps[1]")
        .hasMessageContaining("fills flask_t75 to 90.0 mL, above its safe level of 30.0 mL");
  }

  @Test
  void everyProblemIsSaidAtOnce() throws IOException {
    Path file =
        write(
            HEAD
                + "  - {operation: incubat, minutes: 5}\n"
                + "  - {operation: dispense, reagent: medium, volume_ml: -1}\n"
                + "  - {operation: aspirate, volume_ml: 1, form: vessel}\n"
                + "  - {operation: dispense, volume_ml: 1}\n");

    assertThatThrownBy(() -> resolve(file))
        .hasMessageContaining("did you mean 'incubate'?")
        .hasMessageContaining("must be above 0, to 10000, not -1")
        .hasMessageContaining("steps[2].form")
        .hasMessageContaining("did you mean 'from'?")
        .hasMessageContaining("needs the key 'reagent'");
  }

  @Test
  void unknownNamesAreSaidWithTheNearest() throws IOException {
    Path file =
        write(
            HEAD
                + "  - {operation: dispense, reagent: acutase, volume_ml: 1}\n"
                + "  - {operation: dispense, reagent: medium, volume: wash1}\n"
                + "  - {operation: dispense, reagent: medium, volume_ml: 1, to: tube_50m}\n");

    assertThatThrownBy(() -> resolve(file))
        .hasMessageContaining("'acutase' is not known for iPSC: did you mean 'accutase'?")
        .hasMessageContaining("did you mean 'wash_1'?")
        .hasMessageContaining("did you mean 'tube_50ml'?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# only a comment\n",
        "- a list\n",
        "just text\n",
        "protocol: x\n",
        "protocol: x\nsteps: []\n",
        "protocol: x\nsteps: 5\n",
        "protocol: x\nsteps:\n  - 7\n",
        "protocol: x\nsteps:\n  - {}\n",
        "protocol: x\nsteps:\n  - {operation: }\n",
        "protocol: x\nsteps:\n  - {operation: [a]}\n",
        "protocol: x\nprotocol: y\nsteps: [{operation: swirl, parameters: {}}]\n",
        "protocol: !!javax.script.ScriptEngineManager [x]\nsteps: []\n",
        "protocol: !own x\nsteps: []\n",
        "a: &a [x]\nb: *a\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: .nan, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: .inf, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: 1e999, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: 1:30, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: 010, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{operation: incubate, minutes: 0x1F, temperature_c: 37}]\n",
        "protocol: no\nsteps: []\n",
        "1: x\nsteps: []\n",
        "? [a, b]\n: x\n",
        "protocol: x\n---\nprotocol: y\n",
        "protocol: x\n\tsteps: []\n",
        "protocol: 'x\n",
        "protocol: x\nsteps: [{operation: swirl, parameters: {a: null}}]\n",
        "protocol: x\nsteps: [{operation: dispense, reagent: dpbs, volume_ml: 0, to: tube_15ml}]\n",
        "protocol: x\nsteps: [{operation: dispense, reagent: dpbs, volume_ml: 1e-9, to: tube_15ml}]\n",
        "protocol: x\nsteps: [{operation: dispense, reagent: dpbs, volume_ml: 99999, to: tube_15ml}]\n",
        "protocol: x\nsteps: [{operation: aspirate, volume_ml: 1, from: waste}]\n",
        "protocol: x\nsteps: [{operation: incubate, vessel: vessel, minutes: 1, temperature_c: 37}]\n",
        "protocol: x\nsteps: [{use: nothing}]\n",
        "protocol: x\nvessel: T75\nstarts_with_ml: 900\nsteps: [{operation: aspirate, volume_ml: 1}]\n",
        "protocol: x\ncell_line: nobody\nsteps: [{operation: swirl, parameters: {}}]\n",
        "\u0000\u0001\u0002",
      })
  void everyMistakeIsOneClearMessage(String text) throws IOException {
    assertRefused(write(text));
  }

  @Test
  void hostileFilesAreRefusedQuicklyAndClearly() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [lol]\n");
    for (int i = 1; i < 40; i++) {
      laughs.append("a%d: &a%d [*a%d,*a%d,*a%d]\n".formatted(i, i, i - 1, i - 1, i - 1));
    }
    assertRefused(write(laughs.toString()));
    assertRefused(write("protocol: x\nsteps: " + "[".repeat(20_000) + "]".repeat(20_000)));
    assertRefused(write("protocol: x\nsteps: " + "{a: ".repeat(500) + "}".repeat(500)));
    assertRefused(write("x".repeat(2 * 1024 * 1024)));
    assertRefused(write(HEAD + "  - {operation: swirl, parameters: {}}\n".repeat(20_000)));
    assertRefused(Files.write(folder.resolve("utf8.yaml"), new byte[] {(byte) 0xC3, 0x28}));
    assertRefused(
        Files.write(folder.resolve("utf16.yaml"), "protocol: x".getBytes(StandardCharsets.UTF_16)));
    assertRefused(folder);
    assertRefused(folder.resolve("missing.yaml"));
    assertRefused(Path.of("/dev/zero"));
  }

  @Test
  void aByteOrderMarkIsNoMistake() throws IOException {
    Path file = write("\uFEFFprotocol: x\nsteps: [{operation: swirl, parameters: {}}]\n");

    assertThat(resolve(file).steps()).hasSize(1);
  }

  @Test
  void aFileInTheDataFolderComesBeforeItsTwinInTheJar() throws IOException {
    Files.writeString(
        folder.resolve("coatings.yaml"),
        Files.readString(Path.of("../data/coatings.yaml"))
            .replaceFirst("volume_ml: 12.5", "volume_ml: 8.0"));

    ResolvedProtocol coat =
        new ProtocolResolver(ProtocolData.load(Optional.of(folder)))
            .resolve("coat", "iPSC", "T75", org.cellos.domain.Profile.ORIGINAL);

    assertThat(coat.steps().get(5).unitOp().parameters().number("volume_ml")).isEqualTo(8.0);
  }

  @Test
  void problemsOfTheDataFilesAreSaidTogetherWithTheNearestNames() throws IOException {
    Files.writeString(
        folder.resolve("cell_lines.yaml"),
        Files.readString(Path.of("../data/cell_lines.yaml"))
            .replaceFirst("medium: mtesr_plus_kit", "medium: mtesr_plus")
            .replaceFirst("wash_1_ml: 10.0", "wash_1_ml: -10.0")
            .replaceFirst("detach_minutes", "detach_minuts"));

    assertThatThrownBy(() -> ProtocolData.load(Optional.of(folder)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("cell_lines.yaml, line")
        .hasMessageContaining("iPSC.medium: 'mtesr_plus' is not known: did you mean")
        .hasMessageContaining("iPSC.passage.T75.wash_1_ml")
        .hasMessageContaining("not -10.0")
        .hasMessageContaining("did you mean 'detach_minutes'?");
  }

  private void assertRefused(Path file) {
    Assertions.assertThatThrownBy(
            () ->
                org.junit.jupiter.api.Assertions.assertTimeoutPreemptively(
                    Duration.ofSeconds(20), () -> resolve(file)))
        .as("%s", file)
        .isInstanceOf(ProtocolException.class)
        .message()
        .isNotBlank()
        .doesNotContain("Exception", "java.", "org.yaml", "null\n");
  }

  private ResolvedProtocol resolve(Path file) {
    return RESOLVER.resolveFile(file, Optional.empty(), Optional.empty());
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("mine.yaml"), text);
  }
}

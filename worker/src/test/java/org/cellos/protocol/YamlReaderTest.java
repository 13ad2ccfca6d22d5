package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are no protocols, by accident or on purpose. */
class YamlReaderTest {
  private static final String STEPS = "protocol: p\nvessel: T75\nsteps:\n";
  private static final String INCUBATE =
      "  - {operation: incubate, vessel: vessel, minutes: 5, temperature_c: 37}\n";

  @TempDir private Path folder;

  @Test
  void aSmallProtocolIsRead() throws IOException {
    Path file = write(STEPS + INCUBATE);

    assertThat(BuiltIn.RESOLVER.resolveFile(file, Optional.empty(), Optional.empty()).steps())
        .hasSize(1);
  }

  @Test
  void aByteOrderMarkIsSkipped() throws IOException {
    Path file = write("\uFEFF" + STEPS + INCUBATE);

    assertThat(BuiltIn.RESOLVER.resolveFile(file, Optional.empty(), Optional.empty()).steps())
        .hasSize(1);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(refusal(folder.resolve("none.yaml"))).endsWith("none.yaml: does not exist");
  }

  @Test
  void aDirectoryIsNoFile() {
    assertThat(refusal(folder)).endsWith("is a directory: name a YAML file");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe.yaml");
    Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();

    assertThat(refusal(pipe)).endsWith("is not a regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# only a comment\n", "---\n...\n", "null\n", "~"})
  void anEmptyFileIsSaidToBeEmpty(String text) throws IOException {
    assertThat(refusal(write(text))).endsWith("is empty");
  }

  @Test
  void twoMebibytesAreTooMuch() throws IOException {
    assertThat(refusal(write("# ".repeat(1024 * 1024))))
        .endsWith("is larger than 1 MiB, which no protocol is");
  }

  @Test
  void otherEncodingsAreRefused() throws IOException {
    String text = STEPS + INCUBATE;
    for (byte[] bytes :
        new byte[][] {
          ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16LE),
          ("\uFEFF" + text).getBytes(StandardCharsets.UTF_16BE),
          text.replace("p\n", "Müll\n").getBytes(Charset.forName("ISO-8859-1")),
          {(byte) 0xC0, (byte) 0x80},
          {(byte) 0xED, (byte) 0xA0, (byte) 0x80}
        }) {
      Path file = Files.write(folder.resolve("encoded.yaml"), bytes);
      assertThat(refusal(file)).contains("UTF-8");
    }
  }

  @Test
  void aNulByteIsNamed() throws IOException {
    assertThat(refusal(write(STEPS + "  - \0"))).contains("U+0000").doesNotContain("\0");
  }

  @Test
  void aTabIsNamed() throws IOException {
    assertThat(refusal(write("protocol: p\nsteps:\n\t- {operation: mix}\n")))
        .contains("line 3")
        .contains("TAB");
  }

  @Test
  void twoDocumentsAreOneTooMany() throws IOException {
    assertThat(refusal(write(STEPS + INCUBATE + "---\n" + STEPS + INCUBATE)))
        .contains("line 5")
        .contains("more than one document");
  }

  @Test
  void textThatIsNoYamlGetsItsLine() throws IOException {
    assertThat(refusal(write("protocol: p\nsteps: [\n"))).contains("is not valid YAML");
    assertThat(refusal(write("protocol: 'p\n"))).contains("is not valid YAML");
    assertThat(refusal(write("a: b: c\n"))).contains("line 1").contains("is not valid YAML");
    assertThat(refusal(write("{".repeat(100)))).contains("nested more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? "})
  void deepNestingIsRefusedSoon(String opening) throws IOException {
    assertThat(refusal(write(opening.repeat(10_000)))).contains("nested more than 30 levels deep");
  }

  @Test
  void deepGroupsAreRefusedSoon() throws IOException {
    StringBuilder text = new StringBuilder("protocol: p\nsteps: ");
    text.append("[{operation: g, steps: ".repeat(5_000));
    assertThat(refusal(write(text.toString()))).contains("nested more than 30 levels deep");
  }

  @Test
  void billionsOfLaughsAreRefusedSoon() throws IOException {
    StringBuilder text = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      text.append(String.format("a%d: &a%d [*a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1, i - 1));
    }
    assertThat(refusal(write(text.toString()))).contains("aliases");
  }

  @Test
  void aliasesOfPartsAreRefused() throws IOException {
    assertThat(refusal(write("protocol: p\nsteps: &s\n" + INCUBATE + "more: *s\n")))
        .contains("aliases");
    assertThat(refusal(write("a: &a\n  b: *a\n"))).contains("aliases");
    assertThat(refusal(write("protocol: *nowhere\nsteps: []\n"))).contains("nowhere");
    assertThat(refusal(write("&a ? *a : b\n"))).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]",
        "!!java.net.URL [http://localhost/]",
        "!mine {protocol: p, steps: []}",
        "{protocol: !!binary aGFsbG8=, steps: []}",
        "{protocol: p, vessel: !v T75, steps: []}",
        "{protocol: p, steps: [!!set {operation}]}",
        "{protocol: p, steps: !!omap [a: 1]}",
        "{protocol: p, steps: [{operation: x, parameters: {a: !!python/object:os.system 1}}]}"
      })
  void tagsMakeNothing(String text) throws IOException {
    assertThat(refusal(write(text))).contains("tag").containsPattern("tags are not allowed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".nan",
        ".inf",
        "-.inf",
        "1e999",
        "no",
        "1:30",
        "010",
        "0x1F",
        "0b101",
        "1_000",
        "-1",
        "0",
        "0.0",
        "-0.0",
        "1e-9",
        "10001",
        "1e30",
        "'7.5'",
        "7.5 mL",
        "~",
        "[1]",
        "{a: 1}",
        "2026-01-01",
        "''",
        "1e99",
        "99999999999999999999999",
        "٣"
      })
  void whatIsNoVolumeIsRefusedWithItsPlace(String volume) throws IOException {
    String text = STEPS + "  - {operation: mix, vessel: vessel, volume_ml: " + volume + "}\n";

    assertThat(refusal(write(text))).contains("line 4, steps[0].volume_ml: ");
  }

  @Test
  void keysAreText() throws IOException {
    assertThat(refusal(write("1: a\nno: b\n[x]: c\n~: d\nprotocol: p\nsteps:\n" + INCUBATE)))
        .contains("4 problems:")
        .contains("line 1: the key '1' as a number must be text: put it in quotes")
        .contains("line 2: the key 'no' as false must be text")
        .contains("line 3: the key a list must be text")
        .contains("line 4: the key nothing must be text");
  }

  @Test
  void mergedKeysAreRefused() throws IOException {
    assertThat(refusal(write("<<: {protocol: p}\nsteps:\n" + INCUBATE))).contains("'<<'");
  }

  @Test
  void aKeyStandsOnce() throws IOException {
    assertThat(refusal(write("protocol: p\nprotocol: q\n" + "steps:\n" + INCUBATE)))
        .contains("line 2")
        .contains("the key 'protocol' is there twice: keep one");
  }

  @Test
  void aListIsNoProtocol() throws IOException {
    assertThat(refusal(write(INCUBATE))).contains("must be a map of keys and values, not a list");
  }

  @Test
  void longAndHostileTextIsNotRepeatedInMessages() throws IOException {
    String longText = "x".repeat(500_000);
    assertThat(refusal(write("protocol: p\nvessel: " + longText + "\nsteps:\n" + INCUBATE)))
        .hasSizeLessThan(2_000);
    assertThat(refusal(write(longText + ": p\nsteps:\n" + INCUBATE))).hasSizeLessThan(2_000);
    assertThat(refusal(write("? " + longText + "\n: p\nsteps:\n" + INCUBATE)))
        .hasSizeLessThan(2_000);
    assertThat(refusal(write("protocol: p\nvessel: \"\\e[31m\\a\"\nsteps:\n" + INCUBATE)))
        .doesNotContain("\u001b")
        .doesNotContain("\u0007");
    assertThat(refusal(write("protocol: p\n\"\\e[31m\": 1\nsteps:\n" + INCUBATE)))
        .doesNotContain("\u001b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:1", "1_", "0.0e", "9", "- ", "a: ", "&a ", "!!x ", "\"\\", "%", "|"})
  void repeatedPatternsAreRefusedSoon(String pattern) throws IOException {
    assertThat(refusal(write("protocol: " + pattern.repeat(900_000 / pattern.length()))))
        .isNotBlank();
    assertThat(refusal(write(pattern.repeat(900_000 / pattern.length())))).isNotBlank();
  }

  @Test
  void thousandsOfProblemsAreRefusedSoon() throws IOException {
    String bad =
        "  - {operation: dispense, reagent: " + "mtesr_plus_kot".repeat(6) + ", volume_ml: 1}\n";
    assertThat(refusal(write(STEPS + bad.repeat(7_000))))
        .contains("only the first 100 are listed")
        .hasSizeLessThan(60_000);
    assertThat(refusal(write("x: 1\n".repeat(100_000)))).hasSizeLessThan(60_000);
  }

  /** The message, which is for people and comes soon. */
  private static String refusal(Path file) {
    Throwable thrown =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(10),
            () ->
                catchThrowable(
                    () -> BuiltIn.RESOLVER.resolveFile(file, Optional.empty(), Optional.empty())));
    assertThat(thrown).isInstanceOf(ProtocolException.class);
    assertThat(thrown.getMessage())
        .doesNotContain("Exception")
        .doesNotContain("org.yaml")
        .doesNotContain("org.cellos")
        .doesNotContain("java.lang")
        .doesNotContain("\tat ");
    return thrown.getMessage();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("protocol.yaml"), text);
  }
}

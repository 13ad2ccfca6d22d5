package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.Usd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps that a user's own protocol wants several times. */
class RepeatTest {
  private static final ProtocolResolver RESOLVER =
      new ProtocolResolver(ProtocolData.load(Optional.empty()));
  private static final String HEAD =
      "protocol: mine\ncell_line: iPSC\nvessel: T75\nstarts_with_ml: 15.0\nsteps:\n";

  @TempDir private Path folder;

  @Test
  void theExampleLastsTwoWeeks() {
    ResolvedProtocol protocol =
        RESOLVER.resolveFile(
            Path.of("../data/protocols/examples/two-weeks-of-feeding.yaml"),
            Optional.empty(),
            Optional.empty());

    assertThat(protocol.steps()).hasSize(3 * 14);
    assertThat(protocol.durationMinutes()).isEqualTo(14 * (1440.0 + 1 + 1));
    assertThat(protocol.unitOps()).hasSize(1);
    assertThat(protocol.unitOps().get(0).subSteps())
        .hasSize(14)
        .first()
        .satisfies(day -> assertThat(day.name()).isEqualTo("Day 1 of 14"));
  }

  @Test
  void repeatedStepsAreNumberedByTheirRepetition() throws IOException {
    ResolvedProtocol protocol =
        resolve(
            """
              - {operation: swirl, parameters: {}}
              - repeat:
                  times: 2
                  steps:
                    - {operation: aspirate, volume_ml: 5.0}
                    - {operation: dispense, reagent: medium, volume_ml: 5.0}
              - {operation: swirl, parameters: {}}
            """);

    assertThat(protocol.steps())
        .extracting(Step::path)
        .containsExactly("1", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "3");
  }

  @Test
  void contentsGoOnFromRepetitionToRepetition() throws IOException {
    ResolvedProtocol protocol =
        resolve(
            """
              - repeat: {times: 3, steps: [{operation: aspirate, volume_ml: 5.0}]}
            """);

    assertThat(protocol.steps())
        .extracting(step -> step.unitOp().parameters().volumes("contents_before").get("flask_t75"))
        .extracting(volume -> volume.millilitres())
        .containsExactly(15.0, 10.0, 5.0);
  }

  @Test
  void whatIsUsedAddsUp() throws IOException {
    String once = "{operation: dispense, reagent: medium, volume_ml: 2.0}";
    ResolvedProtocol single = resolve("  - " + once + "\n");
    ResolvedProtocol repeated = resolve("  - repeat: {times: 4, steps: [" + once + "]}\n");

    assertThat(repeated.billOfMaterials().get(0).quantity()).isEqualTo(8.0);
    assertThat(repeated.materialCostUsd())
        .isEqualTo(new Usd(single.materialCostUsd().amount().multiply(BigDecimal.valueOf(4))));
    assertThat(repeated.durationMinutes()).isEqualTo(4.0);
  }

  @Test
  void repetitionsMayBeNested() throws IOException {
    ResolvedProtocol protocol =
        resolve(
            """
              - name: Week
                repeat:
                  times: 2
                  steps:
                    - repeat: {times: 3, steps: [{operation: swirl, parameters: {}}]}
            """);

    assertThat(protocol.steps())
        .extracting(Step::path)
        .containsExactly(
            "1.1.1.1.1", "1.1.1.2.1", "1.1.1.3.1", "1.2.1.1.1", "1.2.1.2.1", "1.2.1.3.1");
  }

  @Test
  void theRepetitionInWhichNothingIsLeftIsNamedOnce() {
    assertThatThrownBy(
            () ->
                resolve(
                    """
                      - repeat:
                          times: 14
                          steps:
                            - {operation: aspirate, volume_ml: 7.5}
                            - {operation: dispense, reagent: medium, volume_ml: 2.5}
                    """))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("line 9, steps[0].repeat.steps[0]")
        .hasMessageContaining(
            "takes 7.5 mL from flask_t75, which holds 5.0 mL (repetition 3 of 14)")
        .satisfies(thrown -> assertThat(((ProtocolException) thrown).problems()).hasSize(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {times: 0, steps: [{operation: swirl, parameters: {}}]}             | repeat.times: must be from 1 to 1000, not 0
          {times: 1001, steps: [{operation: swirl, parameters: {}}]}          | must be from 1 to 1000, not 1001
          {times: 1.5, steps: [{operation: swirl, parameters: {}}]}           | must be a whole number
          {times: often, steps: [{operation: swirl, parameters: {}}]}         | must be a plain decimal number
          {steps: [{operation: swirl, parameters: {}}]}                       | needs the key 'times'
          {times: 2}                                                          | needs the key 'steps'
          {times: 2, steps: []}                                               | needs at least one step
          {time: 2, steps: [{operation: swirl, parameters: {}}]}              | did you mean 'times'?
          3                                                                   | must be a map of 'times' and 'steps'
          {times: 1000, steps: [{operation: mix, volume_ml: 1, cycles: 1}, {repeat: {times: 1000, steps: [{operation: swirl, parameters: {}}]}}]} | more than 10000 steps
          {times: 2, steps: [{operation: dispense, reagent: wine, volume_ml: 1}]} | 'wine' is not known
          {times: 91, steps: [{operation: incubate, minutes: 1440, temperature_c: 37}]} | last longer than 90 days together
          """)
  void everyMistakeIsNamedWithItsLine(String repeat, String expected) {
    assertThatThrownBy(() -> resolve("  - repeat: " + repeat + "\n"))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("line 6")
        .hasMessageContaining(expected)
        .satisfies(
            thrown ->
                assertThat(((ProtocolException) thrown).problems()).hasSizeLessThanOrEqualTo(2));
  }

  @Test
  void aRepetitionIsNoOperationAsWell() {
    assertThatThrownBy(
            () ->
                resolve(
                    "  - {operation: swirl, repeat: {times: 2, steps: [{operation: a_b,"
                        + " parameters: {}}]}}\n"))
        .hasMessageContaining("steps[0].operation: is not a known key");
  }

  @Test
  void aProtocolOfMoreThanNinetyDaysIsRefused() {
    String days = "  - {operation: incubate, minutes: 86400, temperature_c: 37}\n";

    assertThatThrownBy(() -> resolve(days + days))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("last longer than 90 days together");
  }

  private ResolvedProtocol resolve(String steps) throws IOException {
    return RESOLVER.resolveFile(
        Files.writeString(folder.resolve("mine.yaml"), HEAD + steps),
        Optional.empty(),
        Optional.empty());
  }
}

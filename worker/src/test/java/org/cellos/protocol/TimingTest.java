package org.cellos.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.cellos.domain.ExposureWindow;
import org.cellos.domain.ResolvedProtocol;
import org.cellos.domain.Step;
import org.cellos.domain.StepRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Marks, windows, rescue steps and a safe state, as users write them. */
class TimingTest {
  private static final Path EXAMPLE = Path.of("../data/protocols/examples/enzyme-window.yaml");

  private static final String PLAIN =
      """
      protocol: p
      vessel: T75
      starts_with_ml: 0
      steps:
        - {operation: dispense, reagent: accutase, volume_ml: 5, to: vessel, mark: enzyme}
        - operation: group
          steps:
            - {operation: incubate, vessel: vessel, minutes: 4, temperature_c: 37}
            - {operation: aspirate, volume_ml: 5, to: tube_15ml, window: {since: enzyme, at_most_minutes: 8}}
        - {operation: dispense, reagent: dpbs, volume_ml: 25, to: vessel}
      """;

  private static final String WITH_ALL =
      PLAIN.replace(
              "at_most_minutes: 8}",
              "at_most_minutes: 8, rescue: [{operation: rinse, steps: [{operation: dispense,"
                  + " reagent: dpbs, volume_ml: 9, to: vessel}, {operation: aspirate, volume_ml:"
                  + " 9}]}, {operation: shake, parameters: {}}]}")
          + "safe_state:\n"
          + "  - {operation: dispense, reagent: dpbs, volume_ml: 5, to: vessel}\n"
          + "  - {operation: shake, minutes: 3, parameters: {}}\n";

  @TempDir private Path folder;

  @Test
  void theExampleResolves() {
    ResolvedProtocol protocol =
        BuiltIn.RESOLVER.resolveFile(EXAMPLE, Optional.empty(), Optional.empty());

    assertThat(protocol.steps())
        .extracting(Step::path)
        .containsExactly("1", "2", "3r1", "3", "4", "5", "6", "S1", "S2");
    assertThat(protocol.steps().get(3).window()).isEqualTo(new ExposureWindow(0, 4.0, 8.0));
  }

  @Test
  void rescueStepsStandBeforeTheirStepAndTheSafeStateAtTheEnd() throws IOException {
    List<Step> steps = resolve(WITH_ALL).steps();

    assertThat(steps)
        .extracting(Step::path)
        .containsExactly("1", "2.1", "2.2r1.1", "2.2r1.2", "2.2r2", "2.2", "3", "S1", "S2");
    assertThat(steps.stream().map(Step::stepIndex)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(steps)
        .extracting(Step::role)
        .containsExactly(
            null,
            null,
            StepRole.RESCUE,
            StepRole.RESCUE,
            StepRole.RESCUE,
            null,
            null,
            StepRole.SAFE_STATE,
            StepRole.SAFE_STATE);
    assertThat(steps.get(5).window()).isEqualTo(new ExposureWindow(0, null, 8.0));
    assertThat(steps).filteredOn(step -> step.window() != null).hasSize(1);
  }

  @Test
  void whatIsDoneOnlyIfSomethingGoesWrongIsInNoSumAndMovesNoContents() throws IOException {
    ResolvedProtocol plain = resolve(PLAIN);
    ResolvedProtocol withAll = resolve(WITH_ALL);

    assertThat(withAll.unitOps()).isEqualTo(plain.unitOps());
    assertThat(withAll.billOfMaterials()).isEqualTo(plain.billOfMaterials());
    assertThat(withAll.materialCostUsd()).isEqualTo(plain.materialCostUsd());
    assertThat(withAll.instrumentCostUsd()).isEqualTo(plain.instrumentCostUsd());
    assertThat(withAll.durationMinutes()).isEqualTo(plain.durationMinutes());
    assertThat(withAll.steps().stream().filter(step -> step.role() == null).map(Step::unitOp))
        .isEqualTo(plain.steps().stream().map(Step::unitOp).toList());
  }

  @Test
  void rescueStepsFindTheContentsOfTheirPlaceAndTheSafeStateThoseOfTheEnd() throws IOException {
    List<Step> steps = resolve(WITH_ALL).steps();

    assertThat(steps.get(2).unitOp().parameters().values())
        .containsEntry("contents_before", Map.of("flask_t75", 5.0))
        .containsEntry("contents_after", Map.of("flask_t75", 14.0));
    assertThat(steps.get(3).unitOp().parameters().values())
        .containsEntry("contents_after", Map.of("flask_t75", 5.0));
    assertThat(steps.get(5).unitOp().parameters().values())
        .containsEntry("contents_before", Map.of("flask_t75", 5.0, "tube_15ml", 0.0));
    assertThat(steps.get(7).unitOp().parameters().values())
        .containsEntry("contents_before", Map.of("flask_t75", 25.0));
  }

  @Test
  void warningsAreAboutTheStepsAsTheyAreNumbered() throws IOException {
    String yaml =
        """
        protocol: p
        vessel: T75
        starts_with_ml: 0
        steps:
          - {operation: shake, parameters: {}, mark: enzyme}
          - operation: shake
            parameters: {}
            window: {since: enzyme, at_most_minutes: 8, rescue: [{operation: shake, parameters: {}}]}
          - {operation: dispense, reagent: dpbs, volume_ml: 9, to: tube_15ml}
          - {operation: aspirate, volume_ml: 4, from: tube_15ml, liquid: supernatant}
        """;

    ResolvedProtocol protocol = resolve(yaml);

    assertThat(BuiltIn.codes(protocol)).contains("RESIDUE at 4");
    assertThat(protocol.steps().get(4).operationType()).isEqualTo("aspirate");
  }

  @Test
  void aRescueThatCannotBeDoneIsRefusedWithItsPlace() throws IOException {
    assertThat(problems(WITH_ALL.replace("volume_ml: 9, to", "volume_ml: 29, to")))
        .containsExactly(
            "line 9, steps[1].steps[1].window.rescue[0].steps[0]: fills flask_t75 to 34.0 mL, above"
                + " its safe level of 30.0 mL");
  }

  @Test
  void everyMistakeIsSaidWithItsPlaceAndTheNearestName() throws IOException {
    assertThat(
            problems(
                """
                protocol: p
                steps:
                  - {operation: shake, parameters: {}, mark: enzyme_on, window: {since: enzyme_on, at_most_minutes: 2}}
                  - {operation: shake, parameters: {}, window: {since: enzyme_no, at_most_minutes: 2}}
                  - {operation: shake, parameters: {}, window: {since: washed, at_most_minutes: 2}}
                  - {operation: shake, parameters: {}, mark: washed}
                  - {operation: shake, parameters: {}, mark: enzyme_on}
                  - operation: shake
                    parameters: {}
                    window:
                      since: washed
                      at_most_minutes: 2
                      rescue: [{operation: shake, parameters: {}, mark: again}]
                safe_state:
                  - {operation: shake, parameters: {}, window: {since: washed, at_most_minutes: 2}}
                """))
        .containsExactlyInAnyOrder(
            "line 3, steps[0].window: the mark 'enzyme_on' is that of no earlier step: a window"
                + " counts from one before it",
            "line 4, steps[1].window: the mark 'enzyme_no' is not known: did you mean 'enzyme_on'?"
                + " Known: enzyme_on.",
            "line 5, steps[2].window: the mark 'washed' is that of no earlier step: a window counts"
                + " from one before it",
            "line 7, steps[4]: the mark 'enzyme_on' is there twice: keep one",
            "line 13, steps[5].window.rescue[0]: may be left out, so it can have neither 'mark' nor"
                + " 'window': write them beside a step of the protocol itself",
            "line 15, safe_state[0]: may be left out, so it can have neither 'mark' nor 'window':"
                + " write them beside a step of the protocol itself");
  }

  @Test
  void aWindowThatSaysNothingOrTooMuchIsRefused() throws IOException {
    assertThat(
            problems(
                """
                protocol: p
                steps:
                  - {operation: shake, parameters: {}, mark: On it}
                  - {operation: shake, parameters: {}, window: {since: enzyme}}
                  - {operation: shake, parameters: {}, window: {since: enzyme, at_least_minutes: 8, at_most_minutes: 4}}
                  - {operation: shake, parameters: {}, window: {since: enzyme, at_least_minutes: 8, rescue: [{operation: shake, parameters: {}}]}}
                  - {operation: shake, parameters: {}, window: {since: enzyme, at_most_minute: 0}}
                  - {operation: group, mark: enzyme, steps: [{operation: shake, parameters: {}}]}
                safe_state: []
                """))
        .containsExactly(
            "line 3, steps[0].mark: the mark 'On it' must be a word of a–z, 0–9 and _, in lower"
                + " case",
            "line 4, steps[1].window: needs at_least_minutes or at_most_minutes",
            "line 5, steps[2].window: at_least_minutes is 8.0, more than the 4.0 of at_most_minutes",
            "line 6, steps[3].window.rescue: is done where more than at_most_minutes have passed:"
                + " give those as well",
            "line 7, steps[4].window.at_most_minute: is not a known key: did you mean"
                + " 'at_most_minutes'? Known: since, at_least_minutes, at_most_minutes, rescue.",
            "line 7, steps[4].window: needs at_least_minutes or at_most_minutes",
            "line 8, steps[5].mark: is not a known key. Known: operation, when, name, label, steps.",
            "line 9, safe_state: needs at least one step");
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

package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.cellos.domain.ControlRules.Ruling;
import org.cellos.domain.ControlRules.Situation;
import org.cellos.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One rule decides between what people ask, whatever the execution is about. */
class ControlRulesTest {
  private static final int NEXT = 1;
  private static final List<Step> STEPS =
      Step.numbered(
          List.of(dispense("First"), dispense("Second"), dispense("Third"), dispense("Fourth")));

  private static final Map<String, Control> CONTROLS = new LinkedHashMap<>();

  static {
    CONTROLS.put("pause", new Control.Pause(false));
    CONTROLS.put("pause --now", new Control.Pause(true));
    CONTROLS.put("resume", new Control.Resume());
    CONTROLS.put("skip the past", new Control.Skip(0));
    CONTROLS.put("skip the next", new Control.Skip(NEXT));
    CONTROLS.put("skip a later", new Control.Skip(NEXT + 1));
    CONTROLS.put("edit the past", edit(0));
    CONTROLS.put("edit the next", edit(NEXT));
    CONTROLS.put("edit a later", edit(NEXT + 1));
    CONTROLS.put("retry", new Control.Retry(NEXT));
  }

  /** What an execution may be about when something is asked of it. */
  private enum About {
    WAITING_TO_BEGIN,
    ABOUT_TO_BEGIN,
    BETWEEN_STEPS,
    IN_A_STEP,
    PAUSED_BETWEEN_STEPS,
    PAUSING_IN_A_STEP,
    PAUSED_AT_ONCE_IN_A_STEP,
    ASKING,
    FAILING,
    REACHING_ITS_SAFE_STATE,
    CANCELLING,
    ENDED;

    Situation situation() {
      ExecutionState begun =
          ExecutionState.initial(new Begin(false))
              .begunWith(
                  Collections.nCopies(
                      STEPS.size(), Route.of(RouteKind.HANDLER, EffectClass.ONCE, false)))
              .atStep(NEXT);
      return switch (this) {
        case WAITING_TO_BEGIN ->
            new Situation(STEPS, ExecutionState.initial(null).atStep(NEXT), false, false, false);
        case ABOUT_TO_BEGIN ->
            new Situation(
                STEPS, ExecutionState.initial(new Begin(false)).atStep(NEXT), false, false, false);
        case BETWEEN_STEPS -> new Situation(STEPS, begun, false, false, false);
        case IN_A_STEP -> new Situation(STEPS, begun, true, false, false);
        case PAUSED_BETWEEN_STEPS ->
            new Situation(STEPS, paused(begun, false), false, false, false);
        case PAUSING_IN_A_STEP -> new Situation(STEPS, paused(begun, false), true, false, false);
        case PAUSED_AT_ONCE_IN_A_STEP ->
            new Situation(STEPS, paused(begun, true), true, false, false);
        case ASKING -> new Situation(STEPS, begun.asking(Questions.outcome()), true, false, false);
        case FAILING ->
            new Situation(
                STEPS,
                begun.failing(new StepFailure(ErrorCode.STEP_FAILED, "It leaks")),
                false,
                false,
                false);
        case REACHING_ITS_SAFE_STATE ->
            new Situation(
                STEPS,
                begun
                    .failing(new StepFailure(ErrorCode.STEP_FAILED, "It leaks"))
                    .compensating(NEXT + 1),
                false,
                false,
                false);
        case CANCELLING -> new Situation(STEPS, begun, true, true, false);
        case ENDED -> new Situation(STEPS, begun, false, false, true);
      };
    }

    private static ExecutionState paused(ExecutionState state, boolean atOnce) {
      return state.steered(
          Controls.none()
              .paused(new ControlRequest("earlier", "bob", "lunch", new Control.Pause(atOnce))));
    }
  }

  /** Each line: the controls that are followed; all others are refused. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          WAITING_TO_BEGIN         | skip the next, skip a later, edit the next, edit a later
          ABOUT_TO_BEGIN           | pause, pause --now, skip the next, skip a later, edit the next, edit a later
          BETWEEN_STEPS            | pause, pause --now, skip the next, skip a later, edit the next, edit a later
          IN_A_STEP                | pause, pause --now, skip a later, edit a later
          PAUSED_BETWEEN_STEPS     | resume, skip the next, skip a later, edit the next, edit a later
          PAUSING_IN_A_STEP        | pause --now, resume, skip a later, edit a later
          PAUSED_AT_ONCE_IN_A_STEP | resume, skip a later, edit a later
          ASKING                   | pause, pause --now, skip a later, edit a later
          FAILING                  | ''
          REACHING_ITS_SAFE_STATE  | ''
          CANCELLING               | ''
          ENDED                    | ''
          """)
  void whatIsFollowedDependsOnWhatTheExecutionIsAbout(About about, String followed) {
    List<String> expected =
        followed.isEmpty() ? List.of() : Arrays.asList(followed.split(", ", -1));

    List<String> accepted = new ArrayList<>();
    CONTROLS.forEach(
        (name, control) -> {
          Ruling ruling = ControlRules.rule(about.situation(), request("1", control));
          if (ruling instanceof Ruling.Accepted) {
            accepted.add(name);
          } else {
            assertThat(((Ruling.Refused) ruling).why()).as(name).endsWith(".").isNotBlank();
          }
        });

    assertThat(accepted).containsExactlyElementsOf(expected);
  }

  static Stream<Arguments> orderedPairs() {
    return Arrays.stream(About.values())
        .flatMap(
            about ->
                CONTROLS.keySet().stream()
                    .flatMap(
                        first ->
                            CONTROLS.keySet().stream()
                                .map(second -> Arguments.of(about, first, second))));
  }

  /** Whoever comes first: a refused one changes nothing, a followed one is followed once. */
  @ParameterizedTest
  @MethodSource("orderedPairs")
  void pairsHaveOneEffectEach(About about, String first, String second) {
    Situation before = about.situation();
    ControlRequest one = request("1", control(first));
    ControlRequest two = request("2", control(second));

    Situation afterOne = follow(before, one);
    Situation afterTwo = follow(afterOne, two);

    // One that was refused has had no effect, and may be legal later.
    if (!afterOne.equals(before)) {
      assertThat(follow(afterOne, one)).as("said twice").isEqualTo(afterOne);
      assertThat(follow(afterTwo, one)).as("said again after the other").isEqualTo(afterTwo);
    }
    assertThat(follow(afterTwo, two)).as("the second said twice").isEqualTo(afterTwo);
    Controls controls = afterTwo.state().steering();
    assertThat(controls.handled()).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2);
    if (afterTwo.state().steering().isPauseAsked()) {
      assertThat(List.of("1", "2", "earlier")).contains(controls.pause().requestId());
    }
    for (int skipped : controls.skips().keySet()) {
      assertThat(skipped).as("nothing that has begun").isGreaterThanOrEqualTo(NEXT);
    }
    if (about == About.IN_A_STEP) {
      assertThat(controls.edits()).doesNotContainKeys(0, NEXT);
    }
  }

  @Test
  void aResumeAfterAnyPauseLeavesNone() {
    Situation paused = About.PAUSED_AT_ONCE_IN_A_STEP.situation();

    Situation resumed = follow(paused, request("1", new Control.Resume()));

    assertThat(resumed.state().steering().isPauseAsked()).isFalse();
    assertThat(resumed.state().steering().isPauseAtOnce()).isFalse();
  }

  @Test
  void aSecondEditKeepsTheFirstOne() {
    Situation edited = follow(About.BETWEEN_STEPS.situation(), request("1", edit(2)));
    edited = follow(edited, request("2", new Control.Edit(2, Parameters.of(Map.of("to", "tube")))));

    Step step = edited.state().steering().edited(STEPS.get(2));

    assertThat(step.unitOp().parameters().number("volume_ml")).isEqualTo(2.5);
    assertThat(step.unitOp().parameters().text("to")).isEqualTo("tube");
    assertThat(step.name()).isEqualTo("Third [changed: to tube, volume_ml 2.5]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          volume        | 2.5  | has no parameter 'volume'
          volume_ml     | much | is of another kind
          volume_ml     | 0    | must be above 0
          volume_ml     | -1   | must be above 0
          temperature_c | -20  | ''
          to            | tube | ''
          to            | 1    | is of another kind
          sterile       | true | ''
          sterile       | yes  | is of another kind
          """)
  void whatIsChangedMustBeThereAndOfItsKind(String key, String value, String why) {
    Object typed =
        value.matches("-?[0-9.]+")
            ? (Object) Double.valueOf(value)
            : value.equals("true") ? (Object) true : value;

    Ruling ruling =
        ControlRules.rule(
            About.BETWEEN_STEPS.situation(),
            request("1", new Control.Edit(2, Parameters.of(Map.of(key, typed)))));

    if (why.isEmpty()) {
      assertThat(ruling).isInstanceOf(Ruling.Accepted.class);
    } else {
      assertThat(((Ruling.Refused) ruling).why()).contains(why);
    }
  }

  @Test
  void anEditOfNothingAndAStepThatIsNotThereAreRefused() {
    assertThat(refusal(new Control.Edit(2, Parameters.none()))).contains("Nothing to change");
    assertThat(refusal(new Control.Skip(4))).contains("no such step");
    assertThat(refusal(new Control.Skip(-1))).contains("no such step");
  }

  @Test
  void controlsOfBeforeTheyWereKeptAreNone() {
    assertThat(Json.read("{}", Controls.class)).isEqualTo(Controls.none());
  }

  @Test
  void onlyTheNewestRequestsAreRemembered() {
    Controls controls = Controls.none();
    for (int i = 0; i < Controls.MOST_HANDLED + 5; i++) {
      controls = controls.handling(String.valueOf(i));
    }

    assertThat(controls.handled()).hasSize(Controls.MOST_HANDLED);
    assertThat(controls.hasHandled("4")).isFalse();
    assertThat(controls.hasHandled("5")).isTrue();
  }

  private static String refusal(Control control) {
    return ((Ruling.Refused)
            ControlRules.rule(About.BETWEEN_STEPS.situation(), request("1", control)))
        .why();
  }

  private static Situation follow(Situation now, ControlRequest request) {
    return ControlRules.rule(now, request) instanceof Ruling.Accepted accepted
        ? new Situation(
            now.steps(),
            now.state().steered(accepted.controls()),
            now.isUnderWay(),
            now.isCancelling(),
            now.hasEnded())
        : now;
  }

  private static Control control(String name) {
    return CONTROLS.get(name);
  }

  private static Control edit(int stepIndex) {
    return new Control.Edit(stepIndex, Parameters.of(Map.of("volume_ml", 2.5)));
  }

  private static ControlRequest request(String id, Control control) {
    return new ControlRequest(id, "ada", null, control);
  }

  private static UnitOp dispense(String name) {
    return UnitOp.of(
        "dispense",
        name,
        Map.of("volume_ml", 5.0, "to", "flask", "temperature_c", 20.0, "sterile", false));
  }
}

package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When somebody should look at an instrument. */
class HungStepTest {
  private static final Instant BEGAN = Instant.parse("2026-03-01T09:30:00Z");
  private static final int SPIN = 0;
  private static final int INCUBATE = 1;
  private static final int IMAGE = 2;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # step | part    | instruments | speed-up | lasts     | what is said
          0      | perform | manual      | 1        | PT20M     |
          0      | perform | manual      | 1        | PT20M1S   | Step 1.1 (Spin) has been under way for 20 min; it should take 5 min. Look at the instrument.
          0      | perform | hardware    | 1        | PT47M     | Step 1.1 (Spin) has been under way for 47 min; it should take 5 min. Look at the instrument.
          0      | perform | hardware    | 1        | PT3H20M   | Step 1.1 (Spin) has been under way for 3 h 20 min; it should take 5 min. Look at the instrument.
          0      | perform | virtual     | 1        | PT20M     |
          0      | perform | virtual     | 1        | PT21M     | Step 1.1 (Spin) has been under way for 21 min; it should take 5 min. Look at the instrument.
          0      | perform | virtual     | 10       | PT2M      |
          0      | perform | virtual     | 10       | PT2M1S    | Step 1.1 (Spin) has been under way for 2 min; it should take 30 s. Look at the instrument.
          0      | perform | virtual     | 3600     | PT30S     |
          0      | perform | virtual     | 3600     | PT31S     | Step 1.1 (Spin) has been under way for 31 s; it should take less than 1 s. Look at the instrument.
          1      | start   | hardware    | 1        | PT10M     |
          1      | start   | hardware    | 1        | PT11M     | The beginning of step 1.2 (Rest) has been under way for 11 min. Look at the instrument.
          1      | stop    | hardware    | 1        | PT10M     |
          1      | stop    | hardware    | 1        | PT11M     | The end of step 1.2 (Rest) has been under way for 11 min. Look at the instrument.
          1      | stop    | virtual     | 3600     | PT31S     | The end of step 1.2 (Rest) has been under way for 31 s. Look at the instrument.
          2      | perform | virtual     | 20       | PT30S     |
          2      | perform | virtual     | 20       | PT31S     | Step 2 (Image) has been under way for 31 s. Look at the instrument.
          2      | perform | hardware    | 1        | PT2H11M   | Step 2 (Image) has been under way for 2 h 11 min. Look at the instrument.
          """)
  void anAttemptThatLastsLongerThanItsRuleIsSaid(
      int stepIndex,
      String part,
      String instruments,
      double speedUp,
      Duration lasts,
      @Nullable String said) {
    StepAttemptRecord open = attempt(stepIndex, StepAction.ofWireValue(part), null, null);

    assertThat(
            HungStep.trouble(
                open, execution(Instruments.ofWireValue(instruments), speedUp), BEGAN.plus(lasts)))
        .isEqualTo(Optional.ofNullable(said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hardware | 1    | PT48H10M  |
          hardware | 1    | PT48H11M  | Step 1.2 (Rest) has been under way for 48 h 11 min; it should take 24 h. Look at the instrument.
          virtual  | 3600 | PT78S     |
          virtual  | 3600 | PT79S     | Step 1.2 (Rest) has been under way for 79 s; it should take 24 s. Look at the instrument.
          """)
  void aWaitCountsFromWhenItsBeginningHasEnded(
      String instruments, double speedUp, Duration waited, @Nullable String said) {
    Instant in = BEGAN.plusSeconds(3);
    StepAttemptRecord started = attempt(INCUBATE, StepAction.START, in, StepStatus.COMPLETED);

    assertThat(
            HungStep.trouble(
                started, execution(Instruments.ofWireValue(instruments), speedUp), in.plus(waited)))
        .isEqualTo(Optional.ofNullable(said));
  }

  @Test
  void whatHasEndedIsNotUnderWay() {
    Instant end = BEGAN.plusSeconds(1);
    Instant muchLater = BEGAN.plus(Duration.ofDays(30));

    for (StepAttemptRecord ended :
        List.of(
            attempt(SPIN, StepAction.PERFORM, end, StepStatus.COMPLETED),
            attempt(IMAGE, StepAction.PERFORM, end, StepStatus.FAILED),
            attempt(INCUBATE, StepAction.START, end, StepStatus.FAILED),
            attempt(INCUBATE, StepAction.STOP, end, StepStatus.COMPLETED))) {
      assertThat(HungStep.trouble(ended, execution(Instruments.HARDWARE, 1), muchLater)).isEmpty();
    }
  }

  @Test
  void nothingIsOverdueWithinHalfAMinute() {
    StepAttemptRecord open = attempt(IMAGE, StepAction.PERFORM, null, null);

    assertThat(HungStep.isTooEarly(open, BEGAN.plusSeconds(30))).isTrue();
    assertThat(HungStep.isTooEarly(open, BEGAN.plusSeconds(31))).isFalse();
  }

  private static StepAttemptRecord attempt(
      int stepIndex, StepAction action, @Nullable Instant endedAt, @Nullable StepStatus outcome) {
    return new StepAttemptRecord(
        stepIndex, 1, action, 1, "worker@bench", BEGAN, endedAt, outcome, null);
  }

  private static ExecutionInput execution(Instruments instruments, double speedUp) {
    UnitOp wash =
        UnitOp.composite(
            "wash",
            "Wash",
            "wash",
            Parameters.none(),
            List.of(
                lasting(5, UnitOp.of("centrifuge", "Spin", Map.of("minutes", 5.0, "g_force", 300))),
                lasting(1440, UnitOp.of("incubate", "Rest", Map.of("minutes", 1440.0)))));
    List<Step> steps = Step.numbered(List.of(wash, UnitOp.of("image", "Image", Map.of())));
    return new ExecutionInput(
        "e-1",
        "Wash",
        null,
        null,
        "wash",
        Profile.BENCH,
        instruments,
        speedUp,
        steps,
        List.of(),
        Parameters.none(),
        Usd.ZERO,
        Usd.ZERO,
        5,
        null,
        null);
  }

  private static UnitOp lasting(double minutes, UnitOp op) {
    return new UnitOp(
        op.uoId(),
        op.name(),
        op.operationType(),
        null,
        op.parameters(),
        List.of(),
        Usd.ZERO,
        Usd.ZERO,
        minutes,
        List.of());
  }
}

package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cellos.domain.Answer;
import org.cellos.domain.Answers;
import org.cellos.domain.Choice;
import org.cellos.domain.EffectClass;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepTimes;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 23: the clock of the machine is set while an execution is performed. */
class ClockJumpsTest {
  private static final String ID = "x";
  private static final int STEPS = 4;

  @TempDir private Path folder;

  /** Goes on by a second with each look, and jumps by an hour with every third. */
  private static final class JumpingClock extends Clock {
    private static final Duration JUMP = Duration.ofHours(1);
    private final Random random;
    private Instant now = Instant.parse("2026-03-01T09:30:00Z");

    JumpingClock(long seed) {
      random = new Random(seed);
    }

    @Override
    public Instant instant() {
      now = now.plusSeconds(1);
      switch (random.nextInt(3)) {
        case 0 -> now = now.plus(random.nextBoolean() ? JUMP : JUMP.negated());
        default -> {}
      }
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("always UTC");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void nothingEndsBeforeItHasBegun(long seed) throws Exception {
    Path file = folder.resolve("executions.db");
    List<Instant> events = new ArrayList<>();
    try (MirrorDatabase mirror = MirrorDatabase.open(file, new JumpingClock(seed))) {
      ExecutionRecorder recorder = mirror.recorder();
      EffectLedger ledger = mirror.ledger();
      ExecutionInput input = Samples.input(ID, STEPS);
      long sequence = 0;
      events.add(recorder.open(input, "print", Samples.ENGINE, order(sequence)));
      events.add(recorder.begin(ID, order(++sequence), false));
      for (int i = 0; i < STEPS; i++) {
        AttemptKey attempt = Samples.attempt(ID, i, 1);
        Claimant claimant = new Claimant(Samples.ENGINE.id(), "run-1/" + i + "/1", "worker");
        recorder.attemptStarted(attempt, "worker");
        ledger.claim(attempt.effect(), EffectClass.ONCE, claimant);
        if (i == 1) {
          Question question =
              Answers.outcomeQuestion(
                  input.steps().get(i), 1, StepAction.PERFORM, "nobody knows", true);
          recorder.openDecision(ID, order(++sequence), question);
          Answer answer =
              new Answer("request", i, 1, StepAction.PERFORM, Choice.DONE, null, "ada", null);
          events.add(
              recorder.closeDecision(ID, order(++sequence), question, answer, Samples.completed()));
        } else {
          ledger.close(attempt.effect(), claimant, Samples.completed());
        }
        recorder.attemptEnded(attempt, Samples.completed());
        StepTimes times = recorder.recordStep(ID, order(++sequence), i, Samples.completed());
        assertThat(times.endedAt()).isAfterOrEqualTo(times.startedAt());
        events.add(times.startedAt());
        events.add(times.endedAt());
      }
      events.add(recorder.recordExecution(ID, order(++sequence), ExecutionOutcome.completed()));
    }

    assertThat(events.get(events.size() - 1))
        .as("the end of the execution")
        .isAfterOrEqualTo(events.get(0));
    for (String backwards :
        List.of(
            "executions WHERE started_at < created_at OR completed_at < started_at",
            "execution_steps WHERE end_time < start_time",
            "step_attempts WHERE ended_at < started_at",
            "effect_ledger WHERE closed_at < intent_at",
            "decisions WHERE decided_at < opened_at",
            "execution_steps one JOIN execution_steps next"
                + " ON next.step_index = one.step_index + 1 WHERE next.start_time < one.end_time")) {
      assertThat(Samples.sql(file, "SELECT count(*) FROM " + backwards))
          .as(backwards)
          .containsExactly("0");
    }
  }

  private static Snapshot order(long sequence) {
    return Samples.order("run-1", sequence);
  }
}

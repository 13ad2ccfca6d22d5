package org.cellos.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.cellos.activity.EffectGate.AliveCheck;
import org.cellos.activity.EffectGate.NotWantedException;
import org.cellos.activity.EffectGate.UnreachableException;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Parameters;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepResult;
import org.cellos.store.Claimant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Effects that prepare for long, and those that go on by themselves at an instrument. */
class EffectGateTest {
  private static final AliveCheck WANTED = () -> {};
  private static final AliveCheck NOT_WANTED =
      () -> {
        throw new NotWantedException();
      };
  private static final AliveCheck UNREACHABLE =
      () -> {
        throw new UnreachableException(new IOException("refused"));
      };

  @TempDir private Path folder;
  private SimulatedMirror mirror;
  private EffectGate gate;
  private EffectKey key;

  @BeforeEach
  void open() {
    mirror = new SimulatedMirror(folder.resolve("executions.db"));
    gate = new EffectGate(mirror.ledger());
    key = new EffectKey(mirror.executionId(), 0, 1, StepAction.PERFORM);
  }

  @AfterEach
  void close() {
    mirror.close();
  }

  @Test
  void whatGoesOnAtAnInstrumentIsFollowedEvenIfItIsCancelled() throws Exception {
    loseAttempt(EffectClass.REATTACHABLE);

    StepResult result =
        gate.perform(
            key, EffectClass.REATTACHABLE, claimant(2), NOT_WANTED, () -> result("followed"));

    assertThat(result.values()).isEqualTo(result("followed").values());
  }

  @Test
  void whatIsOnlyRepeatableIsNotBegunAgainWhenNobodyWants() {
    loseAttempt(EffectClass.IDEMPOTENT);

    assertThatThrownBy(
            () ->
                gate.perform(
                    key, EffectClass.IDEMPOTENT, claimant(2), NOT_WANTED, () -> result("again")))
        .isInstanceOf(NotWantedException.class);
  }

  @Test
  void aFirstAttemptOfWhatGoesOnByItselfIsNotBegunWhenNobodyWants() {
    assertThatThrownBy(
            () ->
                gate.perform(
                    key, EffectClass.REATTACHABLE, claimant(1), NOT_WANTED, () -> result("done")))
        .isInstanceOf(NotWantedException.class);
    assertThat(read()).isEqualTo(new LedgerEntry.Absent());
  }

  @Test
  void whatIsCertainNotToHaveBegunLeavesNoIntent() {
    for (EffectClass effectClass : EffectClass.values()) {
      assertThatThrownBy(
              () ->
                  gate.perform(
                      key,
                      effectClass,
                      claimant(1),
                      WANTED,
                      () -> {
                        throw ApplicationFailure.newNonRetryableFailure(
                            "The robot is not there.", ErrorCode.NOT_STARTED.wireValue());
                      }))
          .hasMessageContaining("The robot is not there");
      assertThat(read()).as("%s", effectClass).isEqualTo(new LedgerEntry.Absent());
    }
  }

  @Test
  void whatAnInstrumentHasEndedIsOverAndWhatOnlyFailedIsFollowedAgain() {
    String type = ErrorCode.STEP_FAILED.wireValue();
    for (RuntimeException thrown :
        List.of(
            new IllegalStateException("What is this?"),
            ApplicationFailure.newFailure("No answer.", type),
            ApplicationFailure.newNonRetryableFailure("No tips.", type))) {
      boolean isOver = thrown instanceof ApplicationFailure reported && reported.isNonRetryable();
      assertThatThrownBy(
              () ->
                  gate.perform(
                      key,
                      EffectClass.REATTACHABLE,
                      claimant(1),
                      WANTED,
                      () -> {
                        throw thrown;
                      }))
          .isSameAs(thrown);
      assertThat(read() instanceof LedgerEntry.Closed).as("%s", thrown).isEqualTo(isOver);
    }
  }

  @Test
  void theLastLookBeforeSomethingMovesSeesWhetherTheAttemptStillCounts() throws Exception {
    gate.perform(
        key,
        EffectClass.REATTACHABLE,
        claimant(1),
        WANTED,
        () -> {
          gate.requireStanding(key, claimant(1), WANTED);
          assertThatThrownBy(() -> gate.requireStanding(key, claimant(1), NOT_WANTED))
              .isInstanceOf(NotWantedException.class);
          requireNotStarted(UNREACHABLE, 1, "refused");
          requireNotStarted(WANTED, 2, "Another attempt was faster");
          return result("done");
        });
  }

  private void requireNotStarted(AliveCheck check, int attempt, String why) {
    assertThatThrownBy(() -> gate.requireStanding(key, claimant(attempt), check))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.getType()).isEqualTo(ErrorCode.NOT_STARTED.wireValue()))
        .hasMessageContaining(why);
  }

  /** An attempt whose worker dies. */
  private void loseAttempt(EffectClass effectClass) {
    assertThatThrownBy(
            () ->
                gate.perform(
                    key,
                    effectClass,
                    claimant(1),
                    WANTED,
                    () -> {
                      throw new IOException("the worker ends");
                    }))
        .isInstanceOf(IOException.class);
    assertThat(read()).isInstanceOf(LedgerEntry.Open.class);
  }

  private LedgerEntry read() {
    return mirror.ledger().read(key, mirror.engineId());
  }

  private Claimant claimant(int attempt) {
    return new Claimant(mirror.engineId(), "attempt-" + attempt, "worker@bench");
  }

  private static StepResult result(String what) {
    return new StepResult(Parameters.of(Map.of("what", what)));
  }
}

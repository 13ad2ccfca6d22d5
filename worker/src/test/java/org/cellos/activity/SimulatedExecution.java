package org.cellos.activity;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.cellos.FaultHook;
import org.cellos.activity.Chance.Mishap;
import org.cellos.activity.Chance.Point;
import org.cellos.activity.SimulatedTemporal.EngineDied;
import org.cellos.domain.Answer;
import org.cellos.domain.Answers;
import org.cellos.domain.AttemptEnd;
import org.cellos.domain.Choice;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.FaultPoint;
import org.cellos.domain.Instruments;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Parameters;
import org.cellos.domain.Question;
import org.cellos.domain.Step;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.cellos.domain.Verdict;
import org.cellos.store.EffectLedger;
import org.cellos.store.Snapshot;

/** One step of an execution, performed as the workflow's step performer does it, and checked. */
final class SimulatedExecution {
  /** Mishaps are few, so a loop that takes longer than this has no end. */
  private static final int MOST_ROUNDS = 40;

  private static final StepOutcome CANCELLED =
      new StepOutcome.Failed(new StepFailure(ErrorCode.CANCELLED, "Cancelled."));

  private final SimulatedMirror mirror;
  private final EffectLedger ledger;
  private final Chance chance;
  private final EffectClass effectClass;
  private final boolean timed;
  private final Step step;
  private final ModelInstrument instrument = new ModelInstrument();
  private final SimulatedTemporal temporal;

  private final Map<EffectKey, StepOutcome> ends = new LinkedHashMap<>();
  private final Set<EffectKey> asked = new HashSet<>();
  private final Set<EffectKey> saidAgain = new HashSet<>();
  private final List<EffectKey> saidUnmoved = new ArrayList<>();
  private boolean resumed;
  private boolean resumedToCancel;
  private int rounds;

  SimulatedExecution(
      SimulatedMirror mirror,
      EffectLedger ledger,
      Chance chance,
      EffectClass effectClass,
      boolean timed,
      Executor threads) {
    this.mirror = mirror;
    this.ledger = ledger;
    this.chance = chance;
    this.effectClass = effectClass;
    this.timed = timed;
    this.step = mirror.step();
    this.temporal = new SimulatedTemporal(ledger, instrument, chance, threads, this::cancel);
  }

  /** What happened in one schedule. */
  record Summary(int effects, int questions) {}

  Summary run() {
    StepOutcome outcome = performToTheEnd();
    boolean leftRunning = instrument.isRunning();
    temporal.letAllEnd();
    checkEffects();
    checkOutcome(outcome, leftRunning);
    return new Summary(instrument.moves().size(), asked.size());
  }

  private StepOutcome performToTheEnd() {
    while (true) {
      try {
        StepOutcome outcome = perform();
        record(
            mirror.state().atStep(step.stepIndex() + 1),
            now ->
                mirror.recorder().recordStep(mirror.executionId(), now, step.stepIndex(), outcome));
        return outcome;
      } catch (EngineDied e) {
        resume();
      }
    }
  }

  private void resume() {
    String former = mirror.engineId();
    mirror.resume();
    resumed = true;
    resumedToCancel |= isCancelled();
    // Whatever the former workflow still hears, it must leave the step alone.
    LedgerEntry entry = mirror.ledger().read(effect(StepAction.PERFORM), former);
    assertThat(EffectRules.afterAttempt(new AttemptEnd.Lost("no heartbeat"), entry))
        .isEqualTo(EffectRules.afterAttempt(new AttemptEnd.Cancelled(), entry))
        .isEqualTo(EffectRules.refused(EffectRules.beforeAttempt(effectClass, entry)))
        .isEqualTo(EffectRules.afterAttempt(threw(ErrorCode.TAKEN_OVER), entry))
        .isEqualTo(new Verdict.TakenOver());
    assertThat(EffectRules.mayHaveStarted(entry)).isFalse();
  }

  private static AttemptEnd threw(ErrorCode code) {
    return new AttemptEnd.Threw(new StepFailure(code, "It said so."));
  }

  private StepOutcome perform() {
    StepOutcome outcome = CANCELLED;
    // An engine that lost the execution has lost its cancel too: it is asked for again.
    if (!isCancelled()) {
      try {
        outcome = timed ? performTimed() : part(StepAction.PERFORM, false);
      } catch (CanceledFailure e) {
        outcome = CANCELLED;
      }
    }
    if (timed && (isFailed(outcome, ErrorCode.ABORTED) || isCancelled())) {
      LedgerEntry start = ledger.read(effect(StepAction.START), mirror.engineId());
      if (EffectRules.mayHaveStarted(start)) {
        StepOutcome stopped = part(StepAction.STOP, true);
        return stopped instanceof StepOutcome.Failed ? stopped : outcome;
      }
    }
    return outcome;
  }

  private StepOutcome performTimed() {
    StepOutcome start = part(StepAction.START, false);
    if (!(start instanceof StepOutcome.Completed)) {
      return start;
    }
    sleep();
    return part(StepAction.STOP, false);
  }

  private StepOutcome part(StepAction action, boolean mustSucceed) {
    while (true) {
      assertThat(++rounds).as("rounds of the loop").isLessThan(MOST_ROUNDS);
      EffectKey key = effect(action);
      Verdict verdict = attempt(key, mustSucceed);
      checkVerdict(key, verdict);
      if (verdict instanceof Verdict.Ended ended) {
        if (mustSucceed
            && ended.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().code() != ErrorCode.ABORTED) {
          verdict = new Verdict.Unknown("It could not be stopped.");
        } else {
          ends.put(key, ended.outcome());
          return ended.outcome();
        }
      }
      if (verdict instanceof Verdict.NotStarted) {
        if (mustSucceed) {
          temporal.passTime();
        } else {
          sleep();
        }
        continue;
      }
      assertThat(verdict).isInstanceOf(Verdict.Unknown.class);
      StepOutcome said = ask(action, ((Verdict.Unknown) verdict).evidence());
      if (!saidAgain.contains(key)) {
        ends.put(key, said);
        return said;
      }
    }
  }

  private Verdict attempt(EffectKey key, boolean detached) {
    if (resumed) {
      EffectRules.Permission permission =
          EffectRules.beforeAttempt(effectClass, ledger.read(key, mirror.engineId()));
      if (!(permission instanceof EffectRules.Permission.Go)) {
        return EffectRules.refused(permission);
      }
    }
    AttemptEnd end;
    try {
      end =
          new AttemptEnd.Returned(
              temporal.call(key, effectClass, mirror.engineId(), isCancelled() && !detached));
    } catch (ActivityFailure e) {
      end = StepFailures.endOf(e);
    }
    temporal.passTime();
    return EffectRules.afterAttempt(
        end,
        EffectRules.needsLedger(end)
            ? ledger.read(key, mirror.engineId())
            : new LedgerEntry.Absent());
  }

  private StepOutcome ask(StepAction action, String evidence) {
    EffectKey key = effect(action);
    boolean mayRepeat = action == StepAction.STOP || !isCancelled();
    Question question = Answers.outcomeQuestion(step, key.epoch(), action, evidence, mayRepeat);
    asked.add(key);
    record(
        mirror.state(), now -> mirror.recorder().openDecision(mirror.executionId(), now, question));
    temporal.passTime();
    Choice choice = chance.answer(question.choices());
    Answer answer =
        new Answer(
            "request",
            step.stepIndex(),
            key.epoch(),
            action,
            choice,
            choice == Choice.PARTLY ? 4.0 : null,
            "Ada",
            null);
    answer.verifyAgainst(question);
    StepOutcome outcome = Answers.outcome(question, answer, Instruments.VIRTUAL, step.name());
    if (choice == Choice.AGAIN) {
      saidAgain.add(key);
    }
    record(
        choice == Choice.AGAIN ? mirror.state().again(action) : mirror.state(),
        now ->
            mirror.recorder().closeDecision(mirror.executionId(), now, question, answer, outcome));
    return outcome;
  }

  private void sleep() {
    temporal.passTime();
    if (!isCancelled() && chance.happens(Mishap.CANCEL, Point.IN_WORKFLOW)) {
      cancel();
    }
    if (isCancelled()) {
      throw new CanceledFailure("cancelled while waiting");
    }
  }

  private void cancel() {
    if (!isCancelled()) {
      record(
          mirror.state().cancelling("by Ada"),
          now -> mirror.recorder().recordCancelling(mirror.executionId(), now, "by Ada"));
    }
  }

  /** What a local activity writes: the engine may die in it, or perform it twice. */
  private void record(ExecutionState state, Consumer<Snapshot> write) {
    Snapshot now = mirror.next(state);
    FaultHook.during(
        point -> {
          if (point == FaultPoint.IN_MIRROR_TX
              && chance.happens(Mishap.ENGINE_DIES, Point.IN_MIRROR_TX)) {
            temporal.forget();
          }
        },
        () -> write.accept(now));
    if (chance.happens(Mishap.RECORDED_TWICE, Point.IN_WORKFLOW)) {
      write.accept(now);
    }
  }

  private EffectKey effect(StepAction action) {
    return new EffectKey(
        mirror.executionId(), step.stepIndex(), mirror.state().epoch(action), action);
  }

  private boolean isCancelled() {
    return mirror.state().cancelReason() != null;
  }

  private void checkVerdict(EffectKey key, Verdict verdict) {
    boolean saysUnmoved =
        verdict instanceof Verdict.Ended ended
            && ended.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().message().equals("Cancelled before anything was moved.");
    if (saysUnmoved || (verdict instanceof Verdict.NotStarted && effectClass == EffectClass.ONCE)) {
      assertThat(instrument.moves(key)).as("moves of what has not begun: " + key).isZero();
    }
    // A stop that was cancelled is done all the same, by an attempt that nobody can cancel.
    if (saysUnmoved && key.action() != StepAction.STOP) {
      saidUnmoved.add(key);
    }
  }

  private void checkEffects() {
    for (EffectKey key : saidUnmoved) {
      assertThat(instrument.moves(key)).as("moves after the cancel of " + key).isZero();
    }
    for (SimulatedAttempt moved : instrument.moves()) {
      EffectKey key = moved.key;
      if (effectClass == EffectClass.ONCE) {
        assertThat(instrument.moves(key)).as("moves of " + key).isEqualTo(1);
        assertThat(
                instrument.isWritten(moved)
                    || temporal.isDelivered(moved)
                    || asked.contains(key)
                    || resumedToCancel)
            .as("somebody knows of the move or is asked: " + key)
            .isTrue();
      }
      if (key.epoch() > 1) {
        assertThat(saidAgain).contains(epoch(key, key.epoch() - 1));
      }
      if (saidAgain.contains(key)) {
        checkSuperseded(key);
      }
    }
  }

  /** Of a reset workflow, which begins with an old epoch. */
  private void checkSuperseded(EffectKey key) {
    EffectKey newer = epoch(key, key.epoch() + 1);
    if (!(mirror.ledger().read(newer, mirror.engineId()) instanceof LedgerEntry.Absent)) {
      LedgerEntry entry = mirror.ledger().read(key, mirror.engineId());
      assertThat(EffectRules.afterAttempt(new AttemptEnd.Lost("reset"), entry))
          .isInstanceOf(Verdict.Unknown.class)
          .isEqualTo(EffectRules.afterAttempt(new AttemptEnd.Cancelled(), entry))
          .isEqualTo(EffectRules.refused(EffectRules.beforeAttempt(effectClass, entry)));
    }
  }

  private void checkOutcome(StepOutcome outcome, boolean leftRunning) {
    ends.forEach(
        (key, end) -> {
          if (end.equals(new StepOutcome.Completed(Parameters.of(Map.of("by", "instrument"))))) {
            long moves = instrument.moves(key);
            assertThat(moves).as("moves of the completed " + key).isPositive();
          }
        });
    boolean endedWell =
        outcome instanceof StepOutcome.Completed || isFailed(outcome, ErrorCode.CANCELLED);
    if (endedWell && asked.isEmpty() && !instrument.hasMovedLate()) {
      assertThat(leftRunning).as("the instrument is left running").isFalse();
    }
  }

  private static EffectKey epoch(EffectKey key, int epoch) {
    return new EffectKey(key.executionId(), key.stepIndex(), epoch, key.action());
  }

  private static boolean isFailed(StepOutcome outcome, ErrorCode code) {
    return outcome instanceof StepOutcome.Failed failed && failed.failure().code() == code;
  }
}

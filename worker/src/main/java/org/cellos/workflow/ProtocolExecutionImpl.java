package org.cellos.workflow;

import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Objects;
import java.util.Optional;
import org.cellos.domain.Answer;
import org.cellos.domain.Begin;
import org.cellos.domain.ControlRequest;
import org.cellos.domain.ErrorCode;
import org.cellos.domain.ExecutionInput;
import org.cellos.domain.ExecutionOutcome;
import org.cellos.domain.ExecutionState;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.Route;
import org.cellos.domain.Step;
import org.cellos.domain.StepFailure;
import org.cellos.domain.StepOutcome;
import org.jspecify.annotations.Nullable;

/** The story of one execution: open, wait for the begin, step after step, close. */
public final class ProtocolExecutionImpl implements ProtocolExecution {
  /** Far from Temporal's limit of 51,200, and soon read by whoever takes the execution over. */
  private static final long MOST_EVENTS = 2_000;

  private final ExecutionInput input;
  private final Journal journal;
  private final People people;
  private final Steering steering;
  private final StepPerformer performer;
  private final Exposure exposure;
  private final SafeState safeState;
  private final Equipment equipment;

  @WorkflowInit
  public ProtocolExecutionImpl(ExecutionInput input, @Nullable ExecutionState resumed) {
    this.input = input;
    this.journal = new Journal(input, resumed);
    this.people = new People(input, journal);
    this.steering = new Steering(input, journal);
    this.performer = new StepPerformer(input, journal, people, steering);
    this.exposure = new Exposure(input, journal, people, steering);
    this.safeState = new SafeState(input, journal, steering, performer);
    this.equipment = new Equipment(input, journal, steering, resumed != null);
  }

  @Override
  public ExecutionOutcome perform(ExecutionInput sameInput, @Nullable ExecutionState resumed) {
    journal.open();
    noteCancel();
    ExecutionEnd end = safely(performToTheEnd());
    journal.ended(end.outcome());
    // Whoever began or answered gets to know that it was recorded.
    Journal.detached(
        () -> {
          Workflow.await(Workflow::isEveryHandlerFinished);
          return true;
        });
    // Temporal's own status must say the same as the record.
    return switch (end.outcome().status()) {
      case CANCELLED -> throw new CanceledFailure(String.valueOf(end.outcome().errorMessage()));
      case FAILED ->
          throw ApplicationFailure.newNonRetryableFailure(
              end.outcome().errorMessage(), end.code().wireValue());
      case COMPLETED, PENDING, RUNNING, PAUSED -> end.outcome();
    };
  }

  @Override
  public void begin(Begin newBegin) {
    if (journal.state().begin() == null) {
      journal.beginAs(newBegin);
    }
    Workflow.await(() -> journal.state().hasBegun() || journal.hasEnded());
  }

  @Override
  public void mayBegin(Begin newBegin) {
    Begin begin = journal.state().begin();
    if (begin != null && !begin.equals(newBegin)) {
      throw new IllegalStateException(
          "The execution has begun already, as a " + (begin.dryRun() ? "dry" : "real") + " run.");
    }
  }

  @Override
  public void answer(Answer answer) {
    people.answer(answer);
  }

  @Override
  public void mayAnswer(Answer answer) {
    people.verify(answer);
  }

  @Override
  public void control(ControlRequest request) {
    steering.follow(request);
  }

  @Override
  public void mayControl(ControlRequest request) {
    steering.verify(request);
  }

  /** How the execution ended, and for a failed one the category of its failure. */
  private record ExecutionEnd(ExecutionOutcome outcome, ErrorCode code) {
    static ExecutionEnd completed() {
      return new ExecutionEnd(ExecutionOutcome.completed(), ErrorCode.INTERNAL);
    }

    static ExecutionEnd failed(StepFailure failure) {
      return new ExecutionEnd(ExecutionOutcome.failed(failure.message()), failure.code());
    }

    /** The same, without the safe state that was to be left behind. */
    ExecutionEnd unsafe(String why) {
      String message = String.valueOf(outcome.errorMessage()).strip();
      return new ExecutionEnd(
          new ExecutionOutcome(
              outcome.status(),
              message
                  + (message.endsWith(".") ? "" : ".")
                  + " The safe state was not reached: "
                  + why),
          code);
    }

    static ExecutionEnd cancelled(String reason) {
      return new ExecutionEnd(
          ExecutionOutcome.cancelled(reason.isEmpty() ? "Cancelled." : "Cancelled: " + reason),
          ErrorCode.CANCELLED);
    }
  }

  private ExecutionEnd performToTheEnd() {
    try {
      // An engine that lost the execution has lost its cancel too: it is asked for again.
      Workflow.await(
          () -> journal.state().begin() != null && journal.state().cancelReason() == null);
    } catch (CanceledFailure e) {
      return stopped();
    }
    if (!journal.state().hasBegun()) {
      journal.begin(Objects.requireNonNull(journal.state().begin()).dryRun());
    }
    while (journal.state().failure() == null && journal.state().nextStep() < input.steps().size()) {
      Step step;
      Turn turn;
      try {
        equipment.release();
        steering.awaitPermission();
        continueAsNewWhereNeeded();
        if (isCancelled()) {
          return stopped();
        }
        step = steering.edited(input.steps().get(journal.state().nextStep()));
        if (!equipment.isReadyFor(step)) {
          continue;
        }
        turn = turn(step);
      } catch (CanceledFailure e) {
        return stopped();
      }
      if (turn instanceof Turn.Perform) {
        perform(step);
      } else if (turn instanceof Turn.End end) {
        stepEnded(step, new StepPerformer.End(end.outcome(), null));
      }
    }
    StepFailure failure = journal.state().failure();
    if (failure != null) {
      return ExecutionEnd.failed(failure);
    }
    // A cancel in the last step comes too late for the step, but Temporal closes as cancelled.
    return isCancelled()
        ? ExecutionEnd.cancelled(journal.cancelReason())
        : ExecutionEnd.completed();
  }

  /** People come first, then what the step is for, then its time. */
  private Turn turn(Step step) {
    Optional<StepOutcome> withoutIt = steering.leftOut(step).or(() -> SafeState.notNeeded(step));
    return withoutIt.isPresent() ? new Turn.End(withoutIt.get()) : exposure.of(step);
  }

  private void perform(Step step) {
    StepPerformer.End end;
    steering.begins();
    try {
      end = performer.perform(step, route(step));
    } finally {
      steering.ends();
    }
    if (end.hasBegun()) {
      stepEnded(step, end);
    }
  }

  /** The end of an execution, once what is to be left behind is reached where it can be. */
  private ExecutionEnd safely(ExecutionEnd end) {
    if (end.outcome().status() == ExecutionStatus.COMPLETED || !safeState.isNeeded()) {
      return end;
    }
    return safeState
        .reach(String.valueOf(end.outcome().errorMessage()))
        .map(end::unsafe)
        .orElse(end);
  }

  /**
   * A history has an end. What was asked meanwhile is recorded first, and goes on with the state.
   */
  private void continueAsNewWhereNeeded() {
    if (Workflow.getInfo().isContinueAsNewSuggested()
        || Workflow.getInfo().getHistoryLength() > MOST_EVENTS) {
      do {
        Workflow.await(Workflow::isEveryHandlerFinished);
        steering.awaitPermission();
      } while (!Workflow.isEveryHandlerFinished());
      Workflow.continueAsNew(input, journal.state());
    }
  }

  private void stepEnded(Step step, StepPerformer.End end) {
    StepFailure failure =
        end.outcome() instanceof StepOutcome.Failed failed && endsExecution(failed.failure())
            ? failed.failure()
            : null;
    journal.stepEnded(step.stepIndex(), end.outcome(), end.at(), failure);
  }

  /** A cancel ends an execution as cancelled, unless a person could not confirm its stop. */
  private static boolean endsExecution(StepFailure failure) {
    return !isCancelled() || failure.code() == ErrorCode.ABORTED;
  }

  /** Between two steps; in a resumed execution the next one may be under way all the same. */
  private ExecutionEnd stopped() {
    int next = journal.state().nextStep();
    if (journal.state().isSafeStateUnderWay()) {
      StepFailure failure = journal.state().failure();
      return failure == null
          ? ExecutionEnd.cancelled(journal.cancelReason())
          : ExecutionEnd.failed(failure);
    }
    if (journal.mayHaveBegun(next) && journal.state().hasBegun() && next < input.steps().size()) {
      Step step = input.steps().get(next);
      performer
          .settle(step, route(step))
          .ifPresent(outcome -> stepEnded(step, new StepPerformer.End(outcome, null)));
      StepFailure failure = journal.state().failure();
      if (failure != null) {
        return ExecutionEnd.failed(failure);
      }
    }
    return ExecutionEnd.cancelled(journal.cancelReason());
  }

  private Route route(Step step) {
    return journal.state().routes().get(step.stepIndex());
  }

  private static boolean isCancelled() {
    return CancellationScope.current().isCancelRequested();
  }

  /**
   * Whoever looks sees at once that a cancel was asked for, and a resumed execution keeps to it.
   */
  private void noteCancel() {
    Workflow.newDetachedCancellationScope(
            () ->
                Async.procedure(
                    () -> {
                      Workflow.await(() -> journal.isEndedByCancel() || journal.hasEnded());
                      if (!journal.hasEnded()) {
                        journal.cancelling();
                      }
                    }))
        .run();
  }
}

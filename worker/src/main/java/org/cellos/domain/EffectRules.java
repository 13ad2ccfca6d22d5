package org.cellos.domain;

import java.time.Instant;

/**
 * The rules that keep a physical effect from happening twice. Pure: everything that decides whether
 * an instrument moves again stands here.
 */
public final class EffectRules {
  private EffectRules() {}

  /** What a new attempt may do, with the ledger as it found it. */
  public sealed interface Permission {
    /**
     * Write the intent and go on.
     *
     * @param begunBefore whether an attempt before has left its intent, and may have moved
     *     something
     */
    record Go(boolean begunBefore) implements Permission {}

    /** Do nothing: this is how it ended. */
    record Answer(StepOutcome outcome, Instant at) implements Permission {}

    /** Do nothing: nobody knows how it ended. */
    record Ask(String evidence) implements Permission {}

    /** Do nothing: others have it. */
    record Leave() implements Permission {}
  }

  /** Before an attempt touches anything. */
  public static Permission beforeAttempt(EffectClass effectClass, LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Open open) {
      return switch (effectClass) {
        case NONE, IDEMPOTENT, REATTACHABLE -> new Permission.Go(true);
        case ONCE -> new Permission.Ask(evidence(open));
      };
    }
    if (entry instanceof LedgerEntry.Closed closed) {
      return new Permission.Answer(closed.outcome(), closed.at());
    }
    if (entry instanceof LedgerEntry.Superseded superseded) {
      return new Permission.Ask(evidence(superseded));
    }
    if (entry instanceof LedgerEntry.TakenOver) {
      return new Permission.Leave();
    }
    return new Permission.Go(false);
  }

  /** What is known where an attempt may not go on. */
  public static Verdict refused(Permission permission) {
    if (permission instanceof Permission.Answer answer) {
      return new Verdict.Ended(answer.outcome(), answer.at());
    }
    if (permission instanceof Permission.Ask ask) {
      return new Verdict.Unknown(ask.evidence());
    }
    if (permission instanceof Permission.Leave) {
      return new Verdict.TakenOver();
    }
    throw new IllegalArgumentException("it may go on");
  }

  /**
   * After an attempt and all repetitions that its effect class allows.
   *
   * @param entry the ledger as it is now
   */
  public static Verdict afterAttempt(AttemptEnd end, LedgerEntry entry) {
    if (end instanceof AttemptEnd.Returned returned) {
      return new Verdict.Ended(
          new StepOutcome.Completed(returned.result().values()), returned.result().at());
    }
    if (end instanceof AttemptEnd.Threw threw) {
      return afterFailure(threw.failure(), entry);
    }
    if (end instanceof AttemptEnd.Cancelled) {
      return afterCancel(entry);
    }
    return afterLoss((AttemptEnd.Lost) end, entry);
  }

  /**
   * After an attempt that was interrupted because the execution is paused: that ends no step as
   * cancelled. Where nothing was moved it is begun once more, otherwise a person has to look.
   *
   * @param verdict that of {@link #afterAttempt}
   * @param why who paused it and why, as the end of a sentence
   */
  public static Verdict afterPause(Verdict verdict, LedgerEntry entry, String why) {
    boolean isStopped =
        verdict instanceof Verdict.Ended ended
            && ended.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().code() == ErrorCode.CANCELLED;
    if (!isStopped) {
      return verdict;
    }
    return entry instanceof LedgerEntry.Absent
        ? new Verdict.NotStarted()
        : new Verdict.Unknown(
            "It was paused at once "
                + why
                + " The instrument has confirmed that it stopped."
                + wordsOf(entry)
                + " How much was done by then has to be looked at.");
  }

  /** Those of the handler, who may know how far it came. */
  private static String wordsOf(LedgerEntry entry) {
    return entry instanceof LedgerEntry.Closed closed
            && closed.outcome() instanceof StepOutcome.Failed failed
        ? " " + failed.failure().message()
        : "";
  }

  /** Whether the ledger must be read before {@link #afterAttempt} can say anything. */
  public static boolean needsLedger(AttemptEnd end) {
    return end instanceof AttemptEnd.Lost
        || end instanceof AttemptEnd.Cancelled
        || (end instanceof AttemptEnd.Threw threw && threw.failure().code() == ErrorCode.ANSWERED);
  }

  /** Whether an instrument may be under way, so that it has to be stopped. */
  public static boolean mayHaveStarted(LedgerEntry start) {
    if (start instanceof LedgerEntry.Closed closed) {
      return closed.outcome() instanceof StepOutcome.Completed
          || (closed.outcome() instanceof StepOutcome.Failed failed
              && (failed.failure().code() == ErrorCode.CANCELLED
                  || failed.failure().code() == ErrorCode.ABORTED));
    }
    return !(start instanceof LedgerEntry.Absent) && !(start instanceof LedgerEntry.TakenOver);
  }

  private static Verdict afterFailure(StepFailure failure, LedgerEntry entry) {
    return switch (failure.code()) {
      case NOT_STARTED -> new Verdict.NotStarted();
      case OUTCOME_UNKNOWN -> new Verdict.Unknown(failure.message());
      case ANSWERED -> afterLoss(new AttemptEnd.Lost(failure.message()), entry);
      case TAKEN_OVER -> new Verdict.TakenOver();
      case STEP_FAILED, BAD_PARAMETERS, HANDLER_MISSING, ID_IN_USE, CANCELLED, ABORTED, INTERNAL ->
          new Verdict.Ended(new StepOutcome.Failed(failure), null);
    };
  }

  private static Verdict afterLoss(AttemptEnd.Lost lost, LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Closed closed) {
      return new Verdict.Ended(closed.outcome(), closed.at());
    }
    if (entry instanceof LedgerEntry.Superseded superseded) {
      return new Verdict.Unknown(evidence(superseded));
    }
    if (entry instanceof LedgerEntry.TakenOver) {
      return new Verdict.TakenOver();
    }
    if (entry instanceof LedgerEntry.Open open) {
      return new Verdict.Unknown(evidence(open) + " Temporal says: " + lost.how() + ".");
    }
    return new Verdict.NotStarted();
  }

  private static Verdict afterCancel(LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Closed closed) {
      return new Verdict.Ended(closed.outcome(), closed.at());
    }
    if (entry instanceof LedgerEntry.Superseded superseded) {
      return new Verdict.Unknown(evidence(superseded));
    }
    if (entry instanceof LedgerEntry.TakenOver) {
      return new Verdict.TakenOver();
    }
    if (entry instanceof LedgerEntry.Open open) {
      // Whatever was told to an instrument, nobody has confirmed that it has stopped.
      return new Verdict.Unknown(evidence(open) + " It was being cancelled.");
    }
    return new Verdict.Ended(
        new StepOutcome.Failed(
            new StepFailure(ErrorCode.CANCELLED, "Cancelled before anything was moved.")),
        null);
  }

  private static String evidence(LedgerEntry.Open open) {
    if (open.worker().startsWith(LedgerEntry.Open.BACKUP)) {
      return "The history is "
          + open.worker()
          + ": it does not say whether this was done after the backup.";
    }
    return "Worker "
        + open.worker()
        + " was about to do it at "
        + open.since()
        + " and has not said how it ended.";
  }

  private static String evidence(LedgerEntry.Superseded superseded) {
    return "It was begun anew meanwhile, for the "
        + superseded.newestEpoch()
        + ". time, as a person has decided.";
  }
}

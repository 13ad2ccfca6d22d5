package org.cellos.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.cellos.domain.EffectRules.Permission;
import org.junit.jupiter.api.Test;

/** The whole of the rules as tables: a new constant or entry without a row or column fails. */
final class EffectRulesTest {
  private static final Instant SINCE = Instant.parse("2026-03-01T09:30:00Z");
  private static final Instant ENDED = Instant.parse("2026-03-01T09:31:00Z");
  private static final Instant REPLIED = Instant.parse("2026-03-01T09:32:00Z");

  private static final StepOutcome IN_LEDGER =
      new StepOutcome.Completed(Parameters.none().with("from", "ledger"));
  private static final StepResult RESULT =
      new StepResult(Parameters.none().with("from", "attempt"), REPLIED);

  /** In the order of the columns. */
  private static final List<LedgerEntry> ENTRIES =
      List.of(
          new LedgerEntry.Absent(),
          new LedgerEntry.Open("worker@bench", SINCE),
          new LedgerEntry.Closed(IN_LEDGER, ENDED),
          new LedgerEntry.Superseded(2),
          new LedgerEntry.TakenOver());

  @Test
  void theColumnsAreAllThatTheLedgerCanSay() {
    assertThat(ENTRIES)
        .extracting(Object::getClass)
        .containsExactlyInAnyOrder(LedgerEntry.class.getPermittedSubclasses());
  }

  @Test
  void anAttemptGoesOnOnlyWhereItIsTheFirstOrMayBeRepeated() {
    check(
        """
                     | Absent | Open | Closed | Superseded | TakenOver
        none         | Go     | Go   | Answer | Ask        | Leave
        idempotent   | Go     | Go   | Answer | Ask        | Leave
        reattachable | Go     | Go   | Answer | Ask        | Leave
        once         | Go     | Ask  | Answer | Ask        | Leave
        """,
        named(EffectClass.values()),
        (effectClass, entry) ->
            EffectRules.beforeAttempt(effectClass, entry).getClass().getSimpleName());
  }

  @Test
  void theVerdictFollowsFromTheEndAndTheLedger() {
    check(
        """
                              | Absent      | Open        | Closed      | Superseded  | TakenOver
        Returned              | result      | result      | result      | result      | result
        Cancelled             | cancelled   | unknown     | ledger      | unknown     | taken over
        Lost                  | not started | unknown     | ledger      | unknown     | taken over
        Threw STEP_FAILED     | failure     | failure     | failure     | failure     | failure
        Threw BAD_PARAMETERS  | failure     | failure     | failure     | failure     | failure
        Threw HANDLER_MISSING | failure     | failure     | failure     | failure     | failure
        Threw NOT_STARTED     | not started | not started | not started | not started | not started
        Threw OUTCOME_UNKNOWN | unknown     | unknown     | unknown     | unknown     | unknown
        Threw ID_IN_USE       | failure     | failure     | failure     | failure     | failure
        Threw CANCELLED       | failure     | failure     | failure     | failure     | failure
        Threw ABORTED         | failure     | failure     | failure     | failure     | failure
        Threw ANSWERED        | not started | unknown     | ledger      | unknown     | taken over
        Threw TAKEN_OVER      | taken over  | taken over  | taken over  | taken over  | taken over
        Threw INTERNAL        | failure     | failure     | failure     | failure     | failure
        """,
        ends(),
        (end, entry) -> describe(EffectRules.afterAttempt(end, entry), end));
  }

  @Test
  void theLedgerIsReadWhereTheAttemptItselfDoesNotSay() {
    List<String> readers =
        ends().entrySet().stream()
            .filter(end -> EffectRules.needsLedger(end.getValue()))
            .map(Map.Entry::getKey)
            .toList();

    assertThat(readers).containsExactlyInAnyOrder("Cancelled", "Lost", "Threw ANSWERED");
  }

  @Test
  void whatNeedsNoLedgerIsTheSameWhateverTheLedgerSays() {
    ends()
        .forEach(
            (name, end) -> {
              if (!EffectRules.needsLedger(end)) {
                assertThat(ENTRIES.stream().map(entry -> EffectRules.afterAttempt(end, entry)))
                    .as(name)
                    .containsOnly(EffectRules.afterAttempt(end, new LedgerEntry.Absent()));
              }
            });
  }

  @Test
  void aRefusedAttemptSaysWhatIsKnown() {
    assertThat(EffectRules.refused(new Permission.Answer(IN_LEDGER, ENDED)))
        .isEqualTo(new Verdict.Ended(IN_LEDGER, ENDED));
    assertThat(EffectRules.refused(new Permission.Ask("It was begun.")))
        .isEqualTo(new Verdict.Unknown("It was begun."));
    assertThat(EffectRules.refused(new Permission.Leave())).isEqualTo(new Verdict.TakenOver());
    Permission go = EffectRules.beforeAttempt(EffectClass.ONCE, new LedgerEntry.Absent());
    assertThatThrownBy(() -> EffectRules.refused(go)).isInstanceOf(IllegalArgumentException.class);
    assertThat(Permission.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(
            Permission.Answer.class, Permission.Ask.class, Permission.Leave.class, go.getClass());
  }

  @Test
  void theEvidenceSaysWhoAndWhen() {
    LedgerEntry open = new LedgerEntry.Open("worker@bench", SINCE);

    assertThat(EffectRules.beforeAttempt(EffectClass.ONCE, open))
        .isEqualTo(
            new Permission.Ask(
                "Worker worker@bench was about to do it at 2026-03-01T09:30:00Z and has not said how"
                    + " it ended."));
    assertThat(EffectRules.afterAttempt(new AttemptEnd.Lost("no heartbeat"), open))
        .isEqualTo(
            new Verdict.Unknown(
                "Worker worker@bench was about to do it at 2026-03-01T09:30:00Z and has not said how"
                    + " it ended. Temporal says: no heartbeat."));
    assertThat(EffectRules.afterAttempt(new AttemptEnd.Cancelled(), open))
        .isEqualTo(
            new Verdict.Unknown(
                "Worker worker@bench was about to do it at 2026-03-01T09:30:00Z and has not said how"
                    + " it ended. It was being cancelled."));
    assertThat(EffectRules.beforeAttempt(EffectClass.NONE, new LedgerEntry.Superseded(3)))
        .isEqualTo(
            new Permission.Ask(
                "It was begun anew meanwhile, for the 3. time, as a person has decided."));
  }

  @Test
  void anInstrumentMayBeUnderWayUnlessItIsKnownNotToBe() {
    Map<String, Boolean> started = new LinkedHashMap<>();
    for (LedgerEntry entry : ENTRIES) {
      if (!(entry instanceof LedgerEntry.Closed)) {
        started.put(entry.getClass().getSimpleName(), EffectRules.mayHaveStarted(entry));
      }
    }

    assertThat(started)
        .containsExactly(
            Map.entry("Absent", false),
            Map.entry("Open", true),
            Map.entry("Superseded", true),
            Map.entry("TakenOver", false));
    assertThat(mayHaveStarted(IN_LEDGER)).isTrue();
    assertThat(mayHaveStarted(new StepOutcome.Skipped(Parameters.none()))).isFalse();
  }

  @Test
  void ofTheStartsThatFailedOnlyThoseBrokenOffMayBeUnderWay() {
    List<ErrorCode> underWay =
        Arrays.stream(ErrorCode.values())
            .filter(
                code -> mayHaveStarted(new StepOutcome.Failed(new StepFailure(code, "It did."))))
            .toList();

    assertThat(underWay).containsExactlyInAnyOrder(ErrorCode.CANCELLED, ErrorCode.ABORTED);
  }

  @Test
  void whatAPauseHasInterruptedIsNoEnd() {
    Verdict stopped =
        new Verdict.Ended(
            new StepOutcome.Failed(new StepFailure(ErrorCode.CANCELLED, "It was stopped.")), null);
    String why = "by ada.";

    for (LedgerEntry entry : ENTRIES) {
      Verdict verdict = EffectRules.afterPause(stopped, entry, why);
      if (entry instanceof LedgerEntry.Absent) {
        assertThat(verdict).isEqualTo(new Verdict.NotStarted());
      } else {
        assertThat(((Verdict.Unknown) verdict).evidence())
            .startsWith("It was paused at once by ada. The instrument has confirmed");
      }
    }
    StepOutcome halfWay =
        new StepOutcome.Failed(new StepFailure(ErrorCode.CANCELLED, "Stopped half way."));
    Verdict told = EffectRules.afterPause(stopped, new LedgerEntry.Closed(halfWay, ENDED), why);
    assertThat(((Verdict.Unknown) told).evidence()).contains("Stopped half way. How much was done");
  }

  @Test
  void aPauseChangesNothingOfWhatHasEndedOrIsUnknown() {
    for (Verdict verdict :
        List.of(
            new Verdict.Ended(IN_LEDGER, ENDED),
            new Verdict.Ended(
                new StepOutcome.Failed(new StepFailure(ErrorCode.STEP_FAILED, "It leaks.")), null),
            new Verdict.Unknown("It is silent."),
            new Verdict.NotStarted(),
            new Verdict.TakenOver())) {
      assertThat(ENTRIES.stream().map(entry -> EffectRules.afterPause(verdict, entry, "by ada.")))
          .containsOnly(verdict);
    }
  }

  private static boolean mayHaveStarted(StepOutcome outcome) {
    return EffectRules.mayHaveStarted(new LedgerEntry.Closed(outcome, ENDED));
  }

  private static Map<String, AttemptEnd> ends() {
    Map<String, AttemptEnd> ends = new LinkedHashMap<>();
    ends.put("Returned", new AttemptEnd.Returned(RESULT));
    ends.put("Cancelled", new AttemptEnd.Cancelled());
    ends.put("Lost", new AttemptEnd.Lost("no heartbeat"));
    for (ErrorCode code : ErrorCode.values()) {
      ends.put("Threw " + code, new AttemptEnd.Threw(new StepFailure(code, "It said so.")));
    }
    assertThat(AttemptEnd.class.getPermittedSubclasses())
        .allSatisfy(kind -> assertThat(ends.values()).hasAtLeastOneElementOfType(kind));
    return ends;
  }

  private static String describe(Verdict verdict, AttemptEnd end) {
    if (verdict instanceof Verdict.Ended ended) {
      return describe(ended, end);
    }
    if (verdict instanceof Verdict.NotStarted) {
      return "not started";
    }
    if (verdict instanceof Verdict.TakenOver) {
      return "taken over";
    }
    assertThat(((Verdict.Unknown) verdict).evidence()).isNotBlank();
    return "unknown";
  }

  private static String describe(Verdict.Ended ended, AttemptEnd end) {
    if (ended.equals(new Verdict.Ended(IN_LEDGER, ENDED))) {
      return "ledger";
    }
    if (ended.equals(new Verdict.Ended(new StepOutcome.Completed(RESULT.values()), REPLIED))) {
      return "result";
    }
    if (end instanceof AttemptEnd.Threw threw
        && ended.equals(new Verdict.Ended(new StepOutcome.Failed(threw.failure()), null))) {
      return "failure";
    }
    return ended.outcome() instanceof StepOutcome.Failed failed
            && failed.failure().code() == ErrorCode.CANCELLED
        ? "cancelled"
        : ended.toString();
  }

  private static Map<String, EffectClass> named(EffectClass... classes) {
    Map<String, EffectClass> named = new LinkedHashMap<>();
    for (EffectClass effectClass : classes) {
      named.put(effectClass.wireValue(), effectClass);
    }
    return named;
  }

  /** Compares every row and column with what the rules say; none may be missing. */
  private static <T> void check(
      String table, Map<String, T> rows, BiFunction<T, LedgerEntry, String> rule) {
    List<List<String>> expected = table.lines().map(EffectRulesTest::cells).toList();
    List<List<String>> actual = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(""));
    ENTRIES.forEach(entry -> header.add(entry.getClass().getSimpleName()));
    actual.add(header);
    rows.forEach(
        (name, row) -> {
          List<String> line = new ArrayList<>(List.of(name));
          ENTRIES.forEach(entry -> line.add(rule.apply(row, entry)));
          actual.add(line);
        });
    assertThat(actual).containsExactlyElementsOf(expected);
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
  }
}

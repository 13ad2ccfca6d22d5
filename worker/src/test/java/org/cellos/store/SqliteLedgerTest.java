package org.cellos.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.cellos.store.Samples.ENGINE;
import static org.cellos.store.Samples.completed;
import static org.cellos.store.Samples.failed;
import static org.cellos.store.Samples.input;
import static org.cellos.store.Samples.order;
import static org.cellos.store.Samples.sql;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.cellos.domain.Answer;
import org.cellos.domain.Choice;
import org.cellos.domain.EffectClass;
import org.cellos.domain.EffectKey;
import org.cellos.domain.EffectRules.Permission;
import org.cellos.domain.EngineIdentity;
import org.cellos.domain.LedgerEntry;
import org.cellos.domain.Question;
import org.cellos.domain.StepAction;
import org.cellos.domain.StepOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteLedgerTest {
  private static final String ID = "e-1";
  private static final EffectKey EFFECT = new EffectKey(ID, 0, 1, StepAction.PERFORM);
  private static final EffectKey START = new EffectKey(ID, 1, 1, StepAction.START);
  private static final Claimant FIRST = claimant("attempt-1");
  private static final Claimant SECOND = claimant("attempt-2");
  private static final EngineIdentity OTHER =
      new EngineIdentity(EngineIdentity.Kind.IN_MEMORY, "engine-2", "127.0.0.1:40124", "default");

  @TempDir private Path folder;

  private final TickingClock clock = new TickingClock("2026-03-01T09:30:00.123456789Z");
  private Path file;
  private MirrorDatabase database;
  private EffectLedger ledger;

  @BeforeEach
  void openExecution() {
    file = folder.resolve("executions.db");
    database = MirrorDatabase.open(file, clock);
    ledger = database.ledger();
    database.recorder().open(input(ID, 2), "print", ENGINE, order("run-1", 0));
  }

  @AfterEach
  void closeDatabase() {
    database.close();
  }

  @Test
  void aFirstClaimWritesTheIntent() {
    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Absent());

    assertThat(claim(EFFECT, FIRST)).isEqualTo(new Permission.Go(false));

    assertThat(ledger.read(EFFECT, ENGINE.id()))
        .isEqualTo(
            new LedgerEntry.Open("worker@bench", Instant.parse("2026-03-01T09:30:01.123456Z")));
    assertThat(ledger.stands(EFFECT, FIRST)).isTrue();
    assertThat(ledger.stands(EFFECT, SECOND)).isFalse();
  }

  @Test
  void aSecondClaimOfWhatMustNotBeRepeatedIsRefusedAndChangesNothing() {
    claim(EFFECT, FIRST);
    LedgerEntry before = ledger.read(EFFECT, ENGINE.id());

    assertThat(claim(EFFECT, SECOND)).isInstanceOf(Permission.Ask.class);
    // Not even to the one who has it: its first try may have got as far as the instrument.
    assertThat(claim(EFFECT, FIRST)).isInstanceOf(Permission.Ask.class);

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(before);
    assertThat(ledger.stands(EFFECT, FIRST)).isTrue();
  }

  @Test
  void aRepeatableEffectIsTakenOverWithItsFirstTime() {
    claim(EFFECT, FIRST);
    LedgerEntry before = ledger.read(EFFECT, ENGINE.id());

    assertThat(ledger.claim(EFFECT, EffectClass.REATTACHABLE, SECOND))
        .isEqualTo(new Permission.Go(true));

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(before);
    assertThat(ledger.stands(EFFECT, FIRST)).isFalse();
    assertThat(ledger.stands(EFFECT, SECOND)).isTrue();
  }

  @Test
  void whatWasTakenOverCanNeitherBeWithdrawnNorClosedByTheFormerOwner() throws Exception {
    claim(EFFECT, FIRST);
    ledger.claim(EFFECT, EffectClass.REATTACHABLE, SECOND);

    ledger.withdraw(EFFECT, FIRST);
    ledger.close(EFFECT, FIRST, completed());

    assertThat(ledger.read(EFFECT, ENGINE.id())).isInstanceOf(LedgerEntry.Open.class);
    assertThat(audited()).hasSize(1);
  }

  @Test
  void aWithdrawnIntentWasNever() {
    claim(EFFECT, FIRST);

    ledger.withdraw(EFFECT, FIRST);

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Absent());
    assertThat(ledger.stands(EFFECT, FIRST)).isFalse();
    assertThat(claim(EFFECT, SECOND)).isEqualTo(new Permission.Go(false));
  }

  @Test
  void aClosedEffectAnswersHowItEnded() {
    claim(EFFECT, FIRST);

    Instant at = ledger.close(EFFECT, FIRST, completed());

    assertThat(at).isEqualTo("2026-03-01T09:30:02.123456Z");
    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Closed(completed(), at));
    assertThat(claim(EFFECT, SECOND)).isEqualTo(new Permission.Answer(completed(), at));
    assertThat(ledger.stands(EFFECT, FIRST)).isFalse();
  }

  @Test
  void whatIsClosedStaysAsItIs() throws Exception {
    claim(EFFECT, FIRST);
    Instant at = ledger.close(EFFECT, FIRST, completed());

    ledger.withdraw(EFFECT, FIRST);
    ledger.close(EFFECT, FIRST, failed("late"));

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Closed(completed(), at));
    assertThat(audited())
        .singleElement()
        .asString()
        .startsWith("e-1|0|worker@bench|said late how epoch 1 ended: ")
        .contains("late");
  }

  @Test
  void whatWasNeverIntendedIsNotedWhenItEnds() throws Exception {
    ledger.close(EFFECT, FIRST, completed());

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Absent());
    assertThat(audited()).hasSize(1);
  }

  @Test
  void partsOfAStepHaveIntentsOfTheirOwn() {
    claim(START, FIRST);

    assertThat(claim(new EffectKey(ID, 1, 1, StepAction.STOP), FIRST))
        .isEqualTo(new Permission.Go(false));
    assertThat(claim(EFFECT, FIRST)).isEqualTo(new Permission.Go(false));
  }

  @Test
  void aNewerEpochSupersedesTheOlder() {
    claim(EFFECT, FIRST);
    answer(EFFECT, Choice.AGAIN, Samples.failed("again"), 1);
    EffectKey again = new EffectKey(ID, 0, 2, StepAction.PERFORM);

    assertThat(claim(again, SECOND)).isEqualTo(new Permission.Go(false));

    assertThat(ledger.read(EFFECT, ENGINE.id())).isEqualTo(new LedgerEntry.Superseded(2));
    assertThat(claim(EFFECT, FIRST)).isInstanceOf(Permission.Ask.class);
    assertThat(ledger.claim(EFFECT, EffectClass.NONE, FIRST)).isInstanceOf(Permission.Ask.class);
    assertThat(ledger.stands(EFFECT, FIRST)).isFalse();
    assertThat(ledger.stands(again, SECOND)).isTrue();
  }

  @Test
  void anotherEngineLeavesItAlone() {
    claim(EFFECT, FIRST);
    Claimant foreign = new Claimant(OTHER.id(), "attempt-1", "worker@other");

    assertThat(ledger.read(EFFECT, OTHER.id())).isEqualTo(new LedgerEntry.TakenOver());
    assertThat(claim(EFFECT, foreign)).isEqualTo(new Permission.Leave());
    assertThat(ledger.stands(EFFECT, foreign)).isFalse();
  }

  @Test
  void anAdoptedExecutionIsTheOtherEngines() {
    claim(EFFECT, FIRST);

    assertThat(database.recorder().adopt(ID, ENGINE.id(), OTHER, "worker@other")).isTrue();

    assertThat(ledger.stands(EFFECT, FIRST)).isFalse();
    assertThat(claim(START, FIRST)).isEqualTo(new Permission.Leave());
    assertThat(ledger.read(EFFECT, OTHER.id())).isInstanceOf(LedgerEntry.Open.class);
  }

  @Test
  void theFormerEnginesAttemptMayStillSayHowItEnded() {
    claim(EFFECT, FIRST);
    database.recorder().adopt(ID, ENGINE.id(), OTHER, "worker@other");

    Instant at = ledger.close(EFFECT, FIRST, completed());

    assertThat(ledger.read(EFFECT, OTHER.id())).isEqualTo(new LedgerEntry.Closed(completed(), at));
  }

  @Test
  void aPersonsAnswerStandsOverALateClose() throws Exception {
    claim(EFFECT, FIRST);
    StepOutcome said = Samples.failed("aborted");
    answer(EFFECT, Choice.ABORT, said, 1);

    ledger.close(EFFECT, FIRST, completed());

    assertThat(ledger.read(EFFECT, ENGINE.id()))
        .isInstanceOfSatisfying(
            LedgerEntry.Closed.class, closed -> assertThat(closed.outcome()).isEqualTo(said));
    assertThat(audited())
        .last()
        .asString()
        .startsWith("e-1|0|worker@bench|said late how epoch 1 ended: ");
  }

  @Test
  void whoeverIsAskedIsToldOfALateClose() {
    claim(EFFECT, FIRST);
    Question question =
        new Question(
            0,
            1,
            StepAction.PERFORM,
            Question.Kind.OUTCOME,
            "Was it done?",
            "It was begun.",
            List.of(Choice.DONE),
            null,
            null);
    database.recorder().openDecision(ID, order("run-1", 1), question);

    ledger.close(EFFECT, FIRST, completed());

    Question shown = database.queries().decisions(ID).get(0).question();
    assertThat(shown.evidence())
        .startsWith("It was begun. It has reported since, at 2026-03-01T09:30:")
        .endsWith(": completed.");
    assertThat(shown.choices()).isEqualTo(question.choices());
  }

  @Test
  void aPersonMayAnswerOverWhatWasClosedMeanwhileOrNeverIntended() {
    claim(EFFECT, FIRST);
    ledger.close(EFFECT, FIRST, completed());
    Instant answered = answer(EFFECT, Choice.ABORT, failed("aborted"), 1);
    Instant anew = answer(START, Choice.DONE, completed(), 2);

    assertThat(ledger.read(EFFECT, ENGINE.id()))
        .isEqualTo(new LedgerEntry.Closed(failed("aborted"), answered));
    assertThat(ledger.read(START, ENGINE.id()))
        .isEqualTo(new LedgerEntry.Closed(completed(), anew));
    assertThat(claim(START, FIRST)).isEqualTo(new Permission.Answer(completed(), anew));
  }

  @Test
  void aStartThatAPersonAnsweredForCountsFromItsIntent() {
    claim(START, FIRST);
    Instant intent = ((LedgerEntry.Open) ledger.read(START, ENGINE.id())).since();
    clock.set("2026-03-01T11:00:00Z");

    Instant counts = answer(START, Choice.DONE, completed(), 1);

    assertThat(counts).isEqualTo(intent);
    assertThat(ledger.read(START, ENGINE.id()))
        .isEqualTo(new LedgerEntry.Closed(completed(), intent));
  }

  @Test
  void anyOtherPartCountsFromTheAnswer() {
    claim(EFFECT, FIRST);
    clock.set("2026-03-01T11:00:00Z");

    assertThat(answer(EFFECT, Choice.DONE, completed(), 1)).isEqualTo("2026-03-01T11:00:00Z");
  }

  @Test
  void refusesAnUnknownExecution() {
    EffectKey unknown = new EffectKey("nobody", 0, 1, StepAction.PERFORM);

    assertThatThrownBy(() -> claim(unknown, FIRST))
        .isInstanceOf(StoreException.class)
        .hasMessage("There is no execution nobody in the history.");
    assertThatThrownBy(() -> ledger.read(unknown, ENGINE.id())).isInstanceOf(StoreException.class);
  }

  @Test
  void ofTwoConnectionsExactlyOneGetsEachEffect() throws Exception {
    int steps = 100;
    database.recorder().open(input("e-2", steps), "print", ENGINE, order("run-1", 0));
    CyclicBarrier together = new CyclicBarrier(2);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<String> granted = new ArrayList<>();
    try {
      List<Future<List<String>>> claims =
          threads.invokeAll(
              List.of(
                  () -> {
                    together.await();
                    return ClaimingProcess.claimAll(ledger, "e-2", steps, "first");
                  },
                  () -> {
                    try (MirrorDatabase other = MirrorDatabase.open(file)) {
                      together.await();
                      return ClaimingProcess.claimAll(other.ledger(), "e-2", steps, "second");
                    }
                  }));
      for (Future<List<String>> claim : claims) {
        granted.addAll(claim.get());
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(granted).containsExactlyInAnyOrderElementsOf(numbers(steps));
  }

  @Test
  void ofTwoProcessesExactlyOneGetsEachEffect() throws Exception {
    int steps = 200;
    database.recorder().open(input("e-2", steps), "print", ENGINE, order("run-1", 0));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ClaimingProcess.class.getName(),
                file.toString(),
                "e-2",
                String.valueOf(steps),
                "process")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> granted = new ArrayList<>();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      // From here on both claim at once.
      assertThat(output.readLine()).isEqualTo("ready");
      granted.addAll(ClaimingProcess.claimAll(ledger, "e-2", steps, "test"));
      output.lines().forEach(granted::add);
    }

    assertThat(process.waitFor()).isZero();
    assertThat(granted).containsExactlyInAnyOrderElementsOf(numbers(steps));
  }

  private Permission claim(EffectKey effect, Claimant claimant) {
    return ledger.claim(effect, EffectClass.ONCE, claimant);
  }

  private Instant answer(EffectKey effect, Choice choice, StepOutcome outcome, long sequence) {
    Question question =
        new Question(
            effect.stepIndex(),
            effect.epoch(),
            effect.action(),
            Question.Kind.OUTCOME,
            "Was it done?",
            "It is silent.",
            List.of(Choice.values()),
            null,
            null);
    Answer answer =
        new Answer(
            "r", effect.stepIndex(), effect.epoch(), effect.action(), choice, null, "Ada", null);
    return database
        .recorder()
        .closeDecision(ID, order("run-1", sequence), question, answer, outcome);
  }

  private List<String> audited() throws Exception {
    return sql(file, "SELECT execution_id, step_index, who, what FROM audit_log ORDER BY audit_id");
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }

  private static Claimant claimant(String attempt) {
    return new Claimant(ENGINE.id(), attempt, "worker@bench");
  }
}

package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person steers an execution from another shell than the one that performs it. */
class SteeringTest {
  private static final String FEED = "feed --cell-line iPSC --vessel T75 ";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    terminal = TestTerminal.in(folder).with("CELLOS_WITNESS_LOG", "witness.jsonl");
    terminal.write("rest.yaml", RunTest.REST);
  }

  @Test
  void aCancelFromASecondShellStopsTheIncubationFirst() throws IOException {
    CompletableFuture<Result> run =
        inBackground("run --protocol rest.yaml --execute --speed-up 1 --id mine -o json");
    await().atMost(Duration.ofSeconds(30)).until(() -> effects() == 1);

    Result cancel = terminal.cellos("cancel mine --by ada --reason contaminated -o json");

    assertThat(cancel.exitCode()).isZero();
    assertThat(cancel.json().path("status").asText()).isEqualTo("cancelled");
    assertThat(cancel.err()).contains("inside the process that performs the execution");
    assertThat(run.join().exitCode()).isEqualTo(4);
    JsonNode execution = run.join().json();
    assertThat(execution.path("error_message").asText())
        .isEqualTo("Cancelled: by ada: contaminated");
    assertThat(execution.at("/steps/0/status").asText()).isEqualTo("failed");
    assertThat(execution.at("/steps/1/status").asText()).isEqualTo("skipped");
    assertThat(effects()).isEqualTo(1);
  }

  @Test
  void aCancelInTheMiddleOfAStepWaitsForItsInstrument() {
    CompletableFuture<Result> run = runImaging("image_stoppable");

    Result cancel = terminal.cellos("cancel mine --by ada -o json");

    assertThat(cancel.exitCode()).isZero();
    assertThat(run.join().exitCode()).isEqualTo(4);
    assertThat(run.join().json().at("/steps/0/error_message").asText())
        .isEqualTo("Stopped after 3 of 12 images.");
    assertThat(run.join().json().path("decisions")).isEmpty();
  }

  @Test
  void whereTheInstrumentSaysNothingTheCancelAsks() {
    CompletableFuture<Result> run = runImaging("image_unstoppable");

    Result cancel = terminal.cellos("cancel mine --by ada");
    assertThat(cancel.exitCode()).isEqualTo(6);
    assertThat(cancel.out())
        .contains("The execution is being cancelled. Nobody knows", "has stopped");
    Result decided = terminal.cellos("decide mine skip --by ada --reason stopped-it -o json");

    assertThat(decided.exitCode()).as(decided.err()).isIn(0, 4);
    assertThat(run.join().exitCode()).isIn(4, 6);
    assertThat(terminal.cellos("show mine -o json").json().path("status").asText())
        .isEqualTo("cancelled");
  }

  private CompletableFuture<Result> runImaging(String operation) {
    terminal.write(
        "imaging.yaml",
        "protocol: imaging",
        "cell_line: iPSC",
        "vessel: T75",
        "steps:",
        "  - {operation: " + operation + ", vessel: vessel, name: Look, minutes: 2}",
        "  - {operation: aspirate, volume_ml: 1, from: vessel, to: waste}");
    CompletableFuture<Result> run =
        inBackground("run --protocol imaging.yaml --execute --id mine -o json");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> terminal.cellos("show mine").out().contains("| running "));
    return run;
  }

  @Test
  void whatNobodyPerformsIsCancelledToo() throws IOException {
    assertThat(terminal.cellos("create " + FEED + "--id mine").exitCode()).isZero();

    assertThat(terminal.cellos("cancel mine").exitCode()).isZero();

    assertThat(terminal.cellos("show mine -o json").json().path("status").asText())
        .isEqualTo("cancelled");
    Result again = terminal.cellos("cancel mine");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.message())
        .isEqualTo("[cellos: The execution mine has ended already: it is cancelled.]");
    assertThat(effects()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"done, 0, cancelled", "abort, 1, failed"})
  void aCancelOfWhatIsInDoubtAsksFirst(String choice, int exitCode, String status)
      throws Exception {
    terminal.cellos("create " + FEED + "--id mine");
    plantIntent();
    terminal.cellos("execute mine --execute");

    Result cancel = terminal.cellos("cancel mine --by ada --reason contaminated");

    assertThat(cancel.exitCode()).isEqualTo(6);
    assertThat(cancel.out())
        .contains("The execution is being cancelled. Nobody knows whether step 1.1 ")
        .contains("it was done; the execution ends as cancelled")
        .doesNotContain("again ");
    Result decided = terminal.cellos("decide mine " + choice + " -o json");
    assertThat(decided.json().path("status").asText()).isEqualTo(status);
    assertThat(decided.exitCode()).isEqualTo(exitCode == 0 ? 4 : 1);
    assertThat(effects()).isZero();
  }

  @Test
  void anExecutionByHandGoesOnConfirmationByConfirmation() throws IOException {
    terminal.write(
        "half.yaml",
        "protocol: half",
        "cell_line: iPSC",
        "vessel: T75",
        "steps:",
        "  - {operation: aspirate, volume_ml: 7.5, from: vessel, to: waste}",
        "  - {operation: dispense, reagent: medium, volume_ml: 7.5, to: vessel}");

    Result run =
        terminal.cellos("run --protocol half.yaml --instruments manual --execute --id mine");
    assertThat(run.exitCode()).isEqualTo(6);
    assertThat(run.out())
        .contains(
            "Status     paused",
            "Do step 1 by hand and confirm it: Aspirate 7.5 mL",
            "When it is done: cellos confirm mine --step 1");
    Result first = terminal.cellos("confirm mine --by ada --amount 7.0 -o json");
    assertThat(first.exitCode()).isEqualTo(6);
    assertThat(first.json().at("/steps/0/result/moved_ml").asDouble()).isEqualTo(7.0);
    assertThat(first.json().at("/steps/0/mode").asText()).isEqualTo("manual");
    assertThat(first.err()).contains("Recorded: done, by ada. Do step 1 by hand");
    Result repeated = terminal.cellos("confirm mine --step 1 --by ada");
    assertThat(repeated.exitCode()).isEqualTo(2);
    assertThat(repeated.message())
        .contains("Step 1 is not what is asked about. Nothing was recorded. Do step 2 by hand");
    Result second = terminal.cellos("confirm mine --step 2 --by bob -o json");

    assertThat(second.exitCode()).isZero();
    assertThat(second.json().path("status").asText()).isEqualTo("completed");
    assertThat(second.json().path("simulated").asBoolean()).isFalse();
    assertThat(second.json().at("/decisions/1/decided_by").asText()).isEqualTo("bob");
    assertThat(effects()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "done, 0, completed, completed",
    "partly --amount 0.5, 0, completed, completed",
    "again, 0, completed, completed",
    "skip, 0, completed, skipped",
    "abort, 1, failed, failed"
  })
  void anUnknownOutcomeIsShownAndDecided(String choice, int exitCode, String status, String step)
      throws Exception {
    terminal.cellos("create " + FEED + "--id mine");
    plantIntent();

    Result executed = terminal.cellos("execute mine --execute");
    assertThat(executed.exitCode()).isEqualTo(6);
    assertThat(executed.out())
        .contains(
            "Nobody knows whether step 1.1 ",
            "Worker 17@bench was about to do it at 2020-03-01",
            "cellos decide mine CHOICE --reason TEXT",
            "again    do it once more, as the question says",
            "| unknown |")
        .doesNotContain("Step 1.1 failed");
    assertThat(effects()).isZero();
    assertThat(terminal.cellos("doctor").out()).contains("Waiting for a person: 1");
    Result decided = terminal.cellos("decide mine " + choice + " --by ada --reason looked -o json");

    assertThat(decided.exitCode()).isEqualTo(exitCode);
    assertThat(decided.json().path("status").asText()).isEqualTo(status);
    assertThat(decided.json().at("/steps/0/status").asText()).isEqualTo(step);
    assertThat(decided.json().at("/decisions/0/reason").asText()).isEqualTo("looked");
    assertThat(terminal.cellos("show mine").out())
        .contains(
            "Answer: " + choice.replace("--amount ", "") + (choice.contains("0.5") ? " mL" : ""))
        .contains(" by ada: looked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          decide mine maybe               | CHOICE: 'maybe' is not one of done, partly, again, go-on, skip, abort
          decide mine partly              | 'partly' needs --amount
          decide mine partly --amount 99  | below the step's
          decide mine partly --amount -1  | below the step's
          decide mine skip --amount 1     | --amount does not go with 'skip'
          decide mine done --amount 1     | for less say 'partly'
          decide mine done --step 7       | Step 7 is not what is asked about
          confirm mine                    | not answered with 'confirm'
          """)
  void aWrongAnswerIsRefusedInOneLineAndChangesNothing(String command, String expected)
      throws Exception {
    terminal.cellos("create " + FEED + "--id mine");
    plantIntent();
    terminal.cellos("execute mine --execute");
    String before = terminal.cellos("show mine -o json").out();

    Result refused = terminal.cellos(command);

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains(expected);
    assertThat(refused.err().lines()).hasSize(1);
    assertThat(terminal.cellos("show mine -o json").out()).isEqualTo(before);
  }

  @Test
  void whereNothingIsAskedNothingIsAnswered() {
    terminal.cellos("create " + FEED + "--id mine");

    for (String command : List.of("decide mine done", "confirm mine")) {
      Result refused = terminal.cellos(command);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.message())
          .isEqualTo("[cellos: The execution mine is pending and asks nothing.]");
    }
    assertThat(terminal.cellos("decide nobody done").exitCode()).isEqualTo(3);
  }

  @Test
  void theSameRunTwiceAtOnceIsOneExecution() throws IOException {
    String command = "run --protocol rest.yaml --execute --speed-up 1800 --id mine -o json";
    List<CompletableFuture<Result>> runs =
        Stream.generate(() -> inBackground(command)).limit(3).toList();

    for (CompletableFuture<Result> run : runs) {
      assertThat(run.join().exitCode()).as(run.join().err()).isZero();
      assertThat(run.join().json().path("status").asText()).isEqualTo("completed");
    }
    assertThat(terminal.cellos("list -o json").json().path("executions")).hasSize(1);
    assertThat(effects()).isEqualTo(2);
  }

  @Test
  void whoWaitsForAProcessThatEndsGoesOnItself() throws IOException {
    CompletableFuture<Result> run =
        inBackground(
            "run --protocol rest.yaml --execute --speed-up 600 --id mine --timeout 2 -o json");
    await().atMost(Duration.ofSeconds(30)).until(() -> effects() == 1);

    Result follower = terminal.cellos("execute mine --execute -o json");

    assertThat(run.join().exitCode()).isEqualTo(124);
    assertThat(follower.exitCode()).isZero();
    assertThat(follower.err())
        .contains("The process that performed mine has ended: this one goes on.");
    assertThat(follower.json().path("status").asText()).isEqualTo("completed");
    assertThat(effects()).isEqualTo(2);
  }

  @Test
  void twoThatBeginTheSameAtOnceBothSeeItThrough() throws IOException {
    terminal.cellos("create " + FEED + "--id mine");
    List<CompletableFuture<Result>> all =
        Stream.generate(() -> inBackground("execute mine --execute -o json")).limit(3).toList();

    for (CompletableFuture<Result> one : all) {
      assertThat(one.join().exitCode()).as(one.join().err()).isIn(0, 2);
    }
    assertThat(all).anyMatch(one -> one.join().exitCode() == 0);
    assertThat(terminal.cellos("show mine -o json").json().path("status").asText())
        .isEqualTo("completed");
    assertThat(effects()).isEqualTo(2);
  }

  @Test
  void twoRunsAtOnceOnOneFileLeaveEachOtherAlone() throws IOException {
    CompletableFuture<Result> one = inBackground("run " + FEED + "--execute -o json --id one");
    CompletableFuture<Result> two = inBackground("run " + FEED + "--execute -o json --id two");

    assertThat(one.join().exitCode()).isZero();
    assertThat(two.join().exitCode()).isZero();
    assertThat(one.join().json().path("execution_id").asText()).isEqualTo("one");
    assertThat(two.join().json().path("execution_id").asText()).isEqualTo("two");
    assertThat(effects()).isEqualTo(2L * one.join().json().path("steps").size());
  }

  private CompletableFuture<Result> inBackground(String command) {
    return CompletableFuture.supplyAsync(
        () -> terminal.cellos(command), task -> new Thread(task, command).start());
  }

  /** As a process would have left it that was killed at the worst moment. */
  private void plantIntent() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:sqlite:" + folder.resolve("data").resolve("executions.db"));
        Statement insert = connection.createStatement()) {
      insert.executeUpdate(
          """
          INSERT INTO effect_ledger
            (execution_id, step_index, action, epoch, owner, worker, intent_at)
          VALUES ('mine', 0, 'perform', 1, 'lost', '17@bench', '2020-03-01T09:30:00.000000+00:00')""");
    }
  }

  private long effects() throws IOException {
    Path witness = folder.resolve("witness.jsonl");
    return Files.exists(witness) ? Files.readAllLines(witness).size() : 0;
  }
}

package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A person pauses, changes and takes up executions from another shell. */
class ControlCommandsTest {
  private static final String RUN = "run --protocol two.yaml --execute --speed-up 1 --id mine ";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    // An engine that ends in this process throws in threads of its own, which is not the point.
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    terminal = TestTerminal.in(folder).with("CELLOS_WITNESS_LOG", "witness.jsonl");
    terminal.write(
        "two.yaml",
        "protocol: two",
        "cell_line: iPSC",
        "vessel: T75",
        "starts_with_ml: 15.0",
        "steps:",
        "  - {operation: incubate, vessel: vessel, minutes: 0.15, temperature_c: 37.0}",
        "  - {operation: aspirate, volume_ml: 5.0, from: vessel, to: waste}",
        "  - {operation: dispense, reagent: medium, volume_ml: 5.0, to: vessel}");
  }

  @Test
  void aRunInAPipeEndsWhenSomebodyPausesItAndGoesOnWithAResume() throws IOException {
    CompletableFuture<Result> run = inBackground(RUN + "-o json");
    await().atMost(Duration.ofSeconds(30)).until(() -> effects() == 1);

    Result pause = terminal.cellos("pause mine --by ada --reason phone");

    assertThat(pause.exitCode()).as(pause.err()).isZero();
    assertThat(pause.err()).contains("Recorded: pause, by ada: phone.");
    assertThat(run.join().exitCode()).as(run.join().err()).isEqualTo(6);
    JsonNode paused = run.join().json();
    assertThat(paused.path("status").asText()).isEqualTo("paused");
    assertThat(paused.path("error_message").asText()).isEqualTo("Paused by ada: phone.");
    assertThat(effects()).isEqualTo(1);
    assertThat(terminal.cellos("show mine").out()).contains("Now        Paused by ada: phone.");

    Result skip = terminal.cellos("edit mine --step 3 volume_ml=4 --by bob");
    assertThat(skip.exitCode()).as(skip.err()).isZero();
    Result resume = terminal.cellos("resume mine --by bob -o json");

    assertThat(resume.exitCode()).as(resume.err()).isZero();
    assertThat(resume.json().path("status").asText()).isEqualTo("completed");
    assertThat(resume.json().at("/steps/2/result/volume_ml").asDouble()).isEqualTo(4.0);
    assertThat(effects()).isEqualTo(3);
  }

  @Test
  void aStepIsLeftOutFromAnotherShell() throws IOException {
    CompletableFuture<Result> run = inBackground(RUN + "-o json");
    await().atMost(Duration.ofSeconds(30)).until(() -> effects() == 1);

    Result skip = terminal.cellos("skip mine --step 2 --by ada --reason dry");

    assertThat(skip.exitCode()).as(skip.err()).isZero();
    assertThat(run.join().exitCode()).isZero();
    assertThat(run.join().json().at("/steps/1/status").asText()).isEqualTo("skipped");
    assertThat(effects()).isEqualTo(2);
  }

  @Test
  void aFailedExecutionIsTakenUpAgain() throws IOException {
    terminal.write(
        "imaging.yaml",
        "protocol: imaging",
        "cell_line: iPSC",
        "vessel: T75",
        "starts_with_ml: 15.0",
        "steps:",
        "  - {operation: fail_once, vessel: vessel, name: Look, minutes: 2}",
        "  - {operation: aspirate, volume_ml: 1, from: vessel, to: waste}");
    Result failed = terminal.cellos("run --protocol imaging.yaml --execute --id mine");
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);

    Result retried = terminal.cellos("retry mine --by ada --reason lamp-changed -o json");

    assertThat(retried.exitCode()).as(retried.err()).isZero();
    assertThat(retried.json().path("status").asText()).isEqualTo("completed");
    assertThat(retried.json().path("error_message").isNull()).isTrue();
    assertThat(effects()).isEqualTo(1);
    Result again = terminal.cellos("retry mine");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.message()).contains("only a failed one is retried", "cellos rerun mine");
  }

  @Test
  void aRerunFromAStepSaysWhereItComesFrom() throws IOException {
    terminal.cellos("run --protocol two.yaml --execute --speed-up 100000 --id mine");
    assertThat(effects()).isEqualTo(3);

    Result rerun = terminal.cellos("rerun mine --from-step 3 --execute --id again -o json");

    assertThat(rerun.exitCode()).as(rerun.err()).isZero();
    assertThat(rerun.json().at("/steps/0/status").asText()).isEqualTo("skipped");
    assertThat(rerun.json().at("/steps/1/result/note").asText())
        .isEqualTo("Not done again: this goes on from mine.");
    assertThat(rerun.json().at("/steps/2/status").asText()).isEqualTo("completed");
    assertThat(effects()).isEqualTo(4);
    assertThat(terminal.cellos("show again").out()).contains("Rerun of   mine");
    assertThat(terminal.cellos("show mine").out()).contains("Rerun by   again");
  }

  @Test
  void aNoteIsKeptAndTheAuditLogIsWhole() {
    terminal.cellos("run --protocol two.yaml --execute --speed-up 100000 --id mine");

    Result note = terminal.cellos("note mine --step 2 --by ada looked cloudy");

    assertThat(note.exitCode()).as(note.err()).isZero();
    assertThat(terminal.cellos("show mine").out()).contains("ada: note (step 2): looked cloudy");
    assertThat(terminal.cellos("audit verify").exitCode()).isZero();
    assertThat(terminal.cellos("note nobody x").exitCode()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          pause mine                            | it is completed
          resume mine                           | it is completed
          skip mine --step 2                    | it is completed
          skip mine --step 7                    | There is no step '7'
          edit mine --step 2 volume_ml=1        | it is completed
          edit mine --step 2 volum_ml=1         | Did you mean 'volume_ml'?
          edit mine --step 2 volume_ml=much     | volume_ml is a number (now 5.0), not 'much'
          edit mine --step 2 volume_ml          | is no KEY=VALUE
          rerun mine --from-step 7              | There is no step '7'
          pause nobody                          | There is no execution 'nobody'
          """)
  void whatCannotBeIsSaidInOneSentence(String command, String why) {
    terminal.cellos("run --protocol two.yaml --execute --speed-up 100000 --id mine");

    Result refused = terminal.cellos(command);

    assertThat(refused.exitCode()).isIn(2, 3);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).contains(why);
  }

  private CompletableFuture<Result> inBackground(String command) {
    return CompletableFuture.supplyAsync(
        () -> terminal.cellos(command), task -> new Thread(task, command).start());
  }

  private long effects() throws IOException {
    Path witness = folder.resolve("witness.jsonl");
    return Files.exists(witness) ? Files.readAllLines(witness).size() : 0;
  }
}

package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTest {
  private static final String THAW = "run thaw --cell-line iPSC --vessel T75";
  private static final String FEED = "run feed --cell-line iPSC --vessel T75";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @Test
  void aDryRunIsTheDefaultAndTouchesNothing() {
    Result run = terminal.with("CELLOS_WITNESS_LOG", "witness.jsonl").cellos(THAW + " -o json");

    assertThat(run.exitCode()).isZero();
    JsonNode execution = run.json();
    assertThat(execution.path("status").asText()).isEqualTo("completed");
    assertThat(execution.path("dry_run").asBoolean()).isTrue();
    assertThat(execution.path("simulated").asBoolean()).isTrue();
    assertThat(execution.path("steps")).hasSize(23);
    assertThat(each(execution, "result")).containsOnly("{\"dry_run\":true}");
    assertThat(each(execution, "status")).containsOnly("\"completed\"");
    assertThat(folder.resolve("witness.jsonl"))
        .satisfiesAnyOf(
            file -> assertThat(file).doesNotExist(), file -> assertThat(file).isEmptyFile());
  }

  @Test
  void executeMovesOnTheVirtualInstruments() throws IOException {
    Result run =
        terminal.with("CELLOS_WITNESS_LOG", "witness.jsonl").cellos(FEED + " --execute -o json");

    assertThat(run.exitCode()).isZero();
    JsonNode execution = run.json();
    assertThat(execution.path("dry_run").asBoolean()).isFalse();
    assertThat(execution.path("simulated").asBoolean()).isTrue();
    assertThat(each(execution, "mode")).containsOnly("\"virtual\"");
    for (JsonNode step : execution.path("steps")) {
      assertThat(step.at("/result/moved_ml")).isEqualTo(step.at("/parameters/volume_ml"));
    }
    List<String> witnessed = Files.readAllLines(folder.resolve("witness.jsonl"));
    assertThat(witnessed).hasSameSizeAs(execution.path("steps"));
    assertThat(TestTerminal.ONE_DOCUMENT.readTree(witnessed.get(0)).fieldNames())
        .toIterable()
        .containsExactly("at", "execution_id", "step_id", "step_index", "operation_type", "epoch");
  }

  @Test
  void anExecutionHasTheDocumentedColumnsAsKeys() {
    JsonNode execution = terminal.cellos(FEED + " -o json").json();

    assertThat(execution.fieldNames())
        .toIterable()
        .startsWith(
            "execution_id",
            "workflow_name",
            "cell_line",
            "vessel_id",
            "operation_type",
            "status",
            "created_at",
            "started_at",
            "completed_at",
            "error_message",
            "metadata")
        .contains("dry_run", "simulated", "steps");
    assertThat(execution.path("steps").get(0).fieldNames())
        .toIterable()
        .startsWith(
            "step_id",
            "execution_id",
            "step_index",
            "name",
            "operation_type",
            "parameters",
            "status",
            "start_time",
            "end_time",
            "error_message",
            "result");
    assertThat(execution.path("created_at").asText())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00");
  }

  @ParameterizedTest
  @CsvSource({"image_broken, the lamp is broken", "image_refused, no focus found"})
  void aFailingHandlerFailsTheExecution(String operation, String message) throws IOException {
    terminal.write(
        "broken.yaml",
        "protocol: look_and_feed",
        "cell_line: iPSC",
        "vessel: T75",
        "steps:",
        "  - {operation: aspirate, volume_ml: 7.5, from: vessel, to: waste}",
        "  - {operation: " + operation + ", vessel: vessel, name: Look, minutes: 2}",
        "  - {operation: dispense, reagent: medium, volume_ml: 7.5, to: vessel}");

    Result run =
        terminal
            .with("CELLOS_WITNESS_LOG", "witness.jsonl")
            .cellos("run --protocol broken.yaml --execute -o json");

    assertThat(run.exitCode()).isEqualTo(1);
    JsonNode execution = run.json();
    assertThat(execution.path("status").asText()).isEqualTo("failed");
    assertThat(execution.path("error_message").asText()).contains(message);
    assertThat(each(execution, "status"))
        .containsExactly("\"completed\"", "\"failed\"", "\"skipped\"");
    assertThat(execution.at("/steps/1/error_message").asText()).contains(message);
    assertThat(Files.readAllLines(folder.resolve("witness.jsonl"))).hasSize(1);
    String shown = terminal.cellos("show", execution.path("execution_id").asText()).out();
    assertThat(shown).contains("Step 2 failed: ").contains(message).doesNotContain("java.lang");
  }

  @Test
  void metadataKeepsItsLetters() {
    JsonNode execution =
        terminal
            .cellos(
                "run",
                "feed",
                "--cell-line=iPSC",
                "--vessel=T75",
                "-o=json",
                "--meta",
                "wer=Zoë",
                "--meta",
                "note=37 °C = warm")
            .json();

    assertThat(execution.at("/metadata/wer").asText()).isEqualTo("Zoë");
    assertThat(execution.at("/metadata/note").asText()).isEqualTo("37 °C = warm");
  }

  @Test
  void theSameIdIsNeverPerformedTwice() {
    assertThat(terminal.cellos(FEED + " --id mine").exitCode()).isZero();

    Result again = terminal.cellos(FEED + " --id mine");
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.out()).isEmpty();
    assertThat(again.message())
        .isEqualTo("[cellos: The execution mine has ended already: it is completed.]");
    for (String other : List.of(FEED + " --execute", THAW, FEED + " --meta a=b")) {
      Result refused = terminal.cellos(other + " --id mine");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.out()).isEmpty();
      assertThat(refused.message())
          .isEqualTo(
              "[cellos: The id mine belongs to another execution (feed_iPSC_flask_t75, completed)."
                  + " Take another.]");
    }
    assertThat(terminal.cellos("list").out()).contains("1 of 1 executions.");
  }

  @Test
  void whatTimesOutInMemorySaysHowToGoOn() throws IOException {
    terminal.write("rest.yaml", REST);
    TestTerminal witnessed = terminal.with("CELLOS_WITNESS_LOG", "witness.jsonl");

    Result run =
        witnessed.cellos(
            "run --protocol rest.yaml --execute --speed-up 600 --timeout 1 --id mine -o json");

    assertThat(run.exitCode()).isEqualTo(124);
    assertThat(run.message())
        .contains(
            "Timed out waiting: Step 1 (Incubate T75 Flask, 60.0 min at 37.0 °C) was begun at")
        .contains("It stays there. Nothing more happens by itself.")
        .contains("Go on with: cellos execute mine --execute");
    assertThat(run.json().path("status").asText()).isEqualTo("running");
    Result listed = terminal.cellos("list -o json");
    assertThat(listed.json().at("/executions/0/abandoned").asBoolean()).isTrue();
    assertThat(listed.err()).contains("mine is not going on", "cellos execute mine --execute");
    assertThat(terminal.cellos("list").out()).contains("running, not going on");
    Result shown = terminal.cellos("show -f mine");
    assertThat(shown.exitCode()).isEqualTo(6);
    assertThat(shown.out()).contains("and is due at ");
    assertThat(terminal.cellos("doctor").out()).contains("Not going on: 1");

    Result resumed = witnessed.cellos("execute mine --execute -o json");
    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.json().path("status").asText()).isEqualTo("completed");
    assertThat(Files.readAllLines(folder.resolve("witness.jsonl"))).hasSize(2);
  }

  static final String[] REST = {
    "protocol: rest",
    "cell_line: iPSC",
    "vessel: T75",
    "steps:",
    "  - {operation: incubate, vessel: vessel, minutes: 60, temperature_c: 37.0}",
    "  - {operation: aspirate, volume_ml: 1, from: vessel, to: waste}",
  };

  private static List<String> each(JsonNode execution, String key) {
    List<String> values = new ArrayList<>();
    execution.path("steps").forEach(step -> values.add(step.path(key).toString()));
    return values;
  }
}

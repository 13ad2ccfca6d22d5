package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that only look: help, resolve, doctor. */
class LookingTest {
  private static final String THAW = "resolve thaw --cell-line iPSC --vessel T75";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run", "create", "execute", "show", "list", "resolve", "worker", "doctor", "backup",
        "restore", "mirror"
      })
  void everyCommandExplainsItself(String command) {
    Result help = terminal.cellos(command + " --help");

    assertThat(help.exitCode()).isZero();
    assertThat(help.out()).startsWith("Usage: cellos " + command).doesNotContain("null");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(help.err()).isEmpty();
    assertThat(terminal.cellos("help " + command).out()).isEqualTo(help.out());
    assertThat(terminal.cellos("--help").out()).contains("\n  " + command + " ");
  }

  @Test
  void withoutACommandTheCommandsAreShown() {
    Result help = terminal.cellos(new String[0]);

    assertThat(help.out()).contains("Commands:").isEqualTo(terminal.cellos("--help").out());
    assertThat(help.exitCode()).isZero();
    assertThat(terminal.cellos("--version").out()).startsWith("cellos ");
  }

  @Test
  void resolveShowsStepsMaterialsAndWarnings() {
    Result resolved = terminal.cellos(THAW);

    assertThat(resolved.exitCode()).isZero();
    assertThat(resolved.out())
        .startsWith("thaw of iPSC in flask_t75, profile original: 23 steps. Nothing was run.")
        .contains("Dispense 12.25 mL dpbs into 50 mL tube", "Materials", "NO_ROCK_INHIBITOR")
        .doesNotContain("null");
    assertThat(resolved.out().lines()).noneMatch(line -> line.endsWith(" "));
    assertThat(resolved.err()).isEmpty();
    assertThat(terminal.files()).isEmpty();
  }

  @Test
  void resolveHasTheDocumentedKeys() {
    JsonNode resolved = terminal.cellos(THAW + " -o json").json();

    assertThat(resolved.fieldNames())
        .toIterable()
        .contains(
            "operation",
            "cell_line",
            "vessel_id",
            "profile",
            "unit_ops",
            "steps",
            "warnings",
            "material_cost_usd",
            "instrument_cost_usd",
            "duration_minutes");
    assertThat(resolved.path("steps")).hasSize(23);
    JsonNode step = resolved.at("/steps/0");
    assertThat(step.fieldNames())
        .toIterable()
        .contains(
            "uo_id",
            "name",
            "operation_type",
            "instrument",
            "parameters",
            "items",
            "material_cost_usd",
            "instrument_cost_usd");
    assertThat(step.at("/items/0").fieldNames()).toIterable().contains("resource_id", "quantity");
    assertThat(resolved.at("/unit_ops/0/sub_steps").isArray()).isTrue();
    assertThat(resolved.at("/warnings/0").fieldNames())
        .toIterable()
        .contains("code", "severity", "message", "fix");
    assertThat(resolved.path("material_cost_usd").isNumber()).isTrue();
  }

  @Test
  void theFolderWithFactsWinsFileByFile() throws IOException {
    Path raw = Files.createDirectories(folder.resolve("data/raw"));
    Files.writeString(raw.resolve("pricing.yaml"), "this: [is, no, price list");

    Result refused = terminal.cellos(THAW);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("pricing.yaml").doesNotContain("java.");
    assertThat(terminal.cellos("doctor").out())
        .contains("FAIL  Protocol facts")
        .contains("pricing");

    Files.createDirectories(folder.resolve("empty"));
    assertThat(terminal.cellos(THAW + " --data empty").exitCode()).isZero();
  }

  @Test
  void theDoctorFindsEverythingAndLeavesNothing() {
    Result doctor = terminal.cellos("doctor");
    assertThat(doctor.exitCode()).isZero();
    assertThat(doctor.out().lines().filter(line -> line.startsWith("ok "))).hasSize(5);
    assertThat(doctor.out()).endsWith("Everything is there.\n");

    JsonNode json = terminal.cellos("doctor -o json").json();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("checks")).hasSize(5);
    assertThat(terminal.files()).isEmpty();
  }

  @Test
  void theDoctorSaysWhatToDo() {
    terminal.write("notes.txt", "no history");

    Result doctor = terminal.cellos("doctor --db notes.txt");
    assertThat(doctor.exitCode()).isEqualTo(2);
    assertThat(doctor.out())
        .contains("FAIL  History")
        .contains("name another file")
        .endsWith("Mend what is marked FAIL.\n");

    Result engine = terminal.cellos("doctor --engine external");
    assertThat(engine.exitCode()).isEqualTo(5);
    assertThat(engine.out()).contains("FAIL  Engine").contains("--address");
    assertThat(terminal.cellos("doctor --data nowhere").out()).contains("FAIL  Protocol facts");
  }
}

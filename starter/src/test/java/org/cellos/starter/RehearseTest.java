package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearseTest {
  private static final String THAW =
      "rehearse thaw --cell-line iPSC --vessel T75 --begin 2026-03-02T09:00";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @Test
  void aRehearsalTellsWhatWouldHappenAndKeepsNothing() {
    Result rehearsal =
        terminal.with("CELLOS_WITNESS_LOG", "witness.jsonl").cellos(THAW + " --seed 4 -o json");

    assertThat(rehearsal.exitCode()).isZero();
    assertThat(rehearsal.err()).isEmpty();
    JsonNode report = rehearsal.json();
    assertThat(report.path("status").asText()).isEqualTo("completed");
    assertThat(report.path("begin").asText()).isEqualTo("2026-03-02T09:00:00");
    assertThat(report.path("duration_minutes").asDouble()).isGreaterThan(1440);
    assertThat(report.path("days")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.path("bill_of_materials")).isNotEmpty();
    assertThat(terminal.files()).isEmpty();
  }

  @Test
  void theTableSaysHowToSeeTheSameAgain() {
    String shown = terminal.cellos(THAW + " --faults 8").out();
    String again =
        shown
            .lines()
            .filter(line -> line.startsWith("Again"))
            .map(line -> line.substring("Again".length()).strip())
            .findFirst()
            .orElseThrow();

    assertThat(shown)
        .contains("Rehearsal  thaw of iPSC in flask_t75   [SIMULATED]")
        .contains("Mon 2026-03-02");
    assertThat(terminal.cellos("rehearse thaw --cell-line iPSC --vessel T75 " + again).out())
        .isEqualTo(shown);
  }

  @Test
  void aProtocolThatFailsInItsRehearsalHasAnExitCodeOfItsOwn() {
    // A fault in every step; with this seed one of them is for good.
    Result rehearsal = terminal.cellos(THAW + " --faults 1000 --seed 3");

    assertThat(rehearsal.exitCode()).isEqualTo(1);
    assertThat(rehearsal.out())
        .contains("failed: The instrument is broken (rehearsed).")
        .contains("The instrument failed for good.");
  }
}

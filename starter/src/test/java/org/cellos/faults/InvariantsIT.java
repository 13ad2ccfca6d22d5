package org.cellos.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The judge itself: each of its rules is broken once. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@Execution(ExecutionMode.CONCURRENT)
class InvariantsIT {
  @TempDir private Path folder;
  private Bench bench;

  @BeforeEach
  void aCompletedExecution() throws Exception {
    bench = new Bench(folder, 1).write("small.yaml", Protocols.SMALL);
    assertThat(bench.here(Protocols.RUN + "x").exitCode()).isZero();
    Invariants.hold(bench);
  }

  @Test
  void anEffectThatHappenedTwiceIsSeen() throws Exception {
    List<String> lines = Files.readAllLines(bench.witness());
    Files.writeString(bench.witness(), String.join("\n", lines) + "\n" + lines.get(1) + "\n");

    assertThatThrownBy(() -> Invariants.hold(bench)).hasMessageContaining("nothing happens twice");
  }

  @Test
  void anEffectThatIsOnlyClaimedIsSeen() throws Exception {
    List<String> lines = Files.readAllLines(bench.witness());
    Files.write(bench.witness(), lines.subList(0, 3));

    assertThatThrownBy(() -> Invariants.hold(bench)).hasMessageContaining("effects of LedgerRow");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM effect_ledger WHERE step_index = 1",
        "UPDATE effect_ledger SET closed_at = NULL WHERE step_index = 1",
        "UPDATE effect_ledger SET epoch = 2 WHERE step_index = 1",
        "UPDATE executions SET status = 'running'",
        "UPDATE executions SET status = 'paused'",
        "DELETE FROM execution_steps WHERE step_index = 3",
        "DELETE FROM effect_ledger WHERE action = 'start'",
        "INSERT INTO decisions VALUES (1, 'x', 0, 'perform', 1, '{\"step_index\": 0, \"epoch\": 1,"
            + " \"action\": \"perform\", \"kind\": \"outcome\", \"text\": \"\", \"evidence\": \"\","
            + " \"choices\": []}', '2026-01-01T00:00:00+00:00', NULL, NULL, NULL, NULL, NULL)"
      })
  void aHistoryThatContradictsTheWitnessOrItselfIsSeen(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.database());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }

    assertThatThrownBy(() -> Invariants.hold(bench)).isInstanceOf(AssertionError.class);
  }

  @Test
  void aDamagedFileIsSeen() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + bench.database());
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("PRAGMA writable_schema = ON");
      statement.executeUpdate("DELETE FROM sqlite_master WHERE name = 'idx_exec_created'");
    }

    assertThatThrownBy(() -> Invariants.hold(bench)).isInstanceOf(AssertionError.class);
  }
}

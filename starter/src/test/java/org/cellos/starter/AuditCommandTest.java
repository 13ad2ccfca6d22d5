package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether the audit log is as it was written, from the command line. */
class AuditCommandTest {
  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @Test
  void aLogThatIsWholeIsSaidToBe() throws Exception {
    writeTwoEntries();

    Result verified = terminal.cellos("audit verify");

    assertThat(verified.exitCode()).isZero();
    assertThat(verified.out())
        .startsWith("Entries: 2. Head: " + headHash() + ".")
        .endsWith("\nEvery entry is as it was written, and none is missing.\n");
    assertThat(verified.err()).isEmpty();
    JsonNode json = terminal.cellos("audit verify -o json").json();
    assertThat(json.path("entries").asInt()).isEqualTo(2);
    assertThat(json.path("whole").asBoolean()).isTrue();
    assertThat(json.path("head_hash").asText()).isEqualTo(headHash());
    assertThat(json.has("first_break")).isFalse();
  }

  @Test
  void aChangedEntryIsNamedWithExitCodeOne() throws Exception {
    writeTwoEntries();
    change("DROP TRIGGER audit_log_updated");
    change("UPDATE audit_log SET who = 'Eve' WHERE audit_id = 2");

    Result verified = terminal.cellos("audit verify");

    assertThat(verified.exitCode()).isEqualTo(1);
    assertThat(verified.out()).endsWith("\nEntry 2 is not as it was written.\n");
    Result json = terminal.cellos("audit verify -o json");
    assertThat(json.exitCode()).isEqualTo(1);
    assertThat(json.json().at("/first_break/audit_id").asInt()).isEqualTo(2);
    assertThat(json.json().at("/first_break/problem").asText()).isEqualTo("changed");
    assertThat(json.json().path("whole").asBoolean()).isFalse();
  }

  @Test
  void whereThereIsNoChainItIsSaidAsAnError() throws IOException {
    assertThat(terminal.cellos("audit verify").exitCode()).isEqualTo(3);
    Path file = Files.createFile(folder.resolve("empty.db"));
    Result empty = terminal.cellos("audit verify --db empty.db");
    assertThat(empty.exitCode()).isEqualTo(2);
    assertThat(empty.out()).isEmpty();
    assertThat(empty.message()).contains("there is no chain of its audit log to verify yet");
    assertThat(file).isEmptyFile();
    assertThat(terminal.cellos("audit").out()).contains("verify");
  }

  /** Cancelling is something that somebody has done. */
  private void writeTwoEntries() {
    terminal.cellos("create feed --cell-line iPSC --vessel T75 --id mine");
    terminal.cellos("cancel mine --by ada --reason test");
  }

  private String headHash() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement query = connection.createStatement();
        ResultSet row = query.executeQuery("SELECT hash FROM audit_head")) {
      return row.getString(1);
    }
  }

  private void change(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  private Path database() {
    return folder.resolve("data/executions.db");
  }
}

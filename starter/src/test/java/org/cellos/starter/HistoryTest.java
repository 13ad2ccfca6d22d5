package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Creating, executing, showing and listing. */
class HistoryTest {
  private static final String FEED = "feed --cell-line iPSC --vessel T75 ";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @Test
  void whatIsCreatedWaitsAndIsExecutedByALaterCommand() {
    Result created = terminal.cellos("create " + FEED + "--meta who=ada -o json");
    assertThat(created.exitCode()).isZero();
    assertThat(created.json().path("status").asText()).isEqualTo("pending");
    String id = created.json().path("execution_id").asText();
    assertThat(created.err()).contains("cellos execute " + id);

    Result executed = terminal.cellos("execute " + id + " --execute -o json");
    assertThat(executed.exitCode()).isZero();
    assertThat(executed.json().path("execution_id").asText()).isEqualTo(id);
    assertThat(executed.json().path("status").asText()).isEqualTo("completed");
    assertThat(executed.json().path("dry_run").asBoolean()).isFalse();
    assertThat(executed.json().at("/metadata/who").asText()).isEqualTo("ada");

    Result again = terminal.cellos("execute " + id);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.out()).isEmpty();
    assertThat(again.message())
        .isEqualTo(
            "[cellos: This execution was begun with --execute. Give --execute to go on with it.]");
    assertThat(terminal.cellos("execute " + id + " --execute").message())
        .isEqualTo("[cellos: The execution " + id + " has ended already: it is completed.]");
  }

  @Test
  void executeIsADryRunUnlessToldOtherwise() {
    terminal.cellos("create " + FEED + "--id mine");

    Result executed = terminal.cellos("execute mine -o json");

    assertThat(executed.json().path("dry_run").asBoolean()).isTrue();
    assertThat(executed.json().at("/steps/0/result").toString()).isEqualTo("{\"dry_run\":true}");
  }

  @Test
  void creatingTheSameTwiceIsOneExecution() {
    assertThat(terminal.cellos("create " + FEED + "--id mine").exitCode()).isZero();
    assertThat(terminal.cellos("create " + FEED + "--id mine").exitCode()).isZero();

    assertThat(terminal.cellos("list").out()).contains("1 of 1 executions.");
    assertThat(terminal.cellos("execute mine").exitCode()).isZero();
  }

  @Test
  void aBadTimeoutIsRefusedBeforeTheBegin() {
    terminal.cellos("create " + FEED + "--id mine");

    assertThat(terminal.cellos("execute mine --execute --timeout 0").exitCode()).isEqualTo(2);
    assertThat(terminal.cellos("show mine -o json").json().path("status").asText())
        .isEqualTo("pending");
  }

  @Test
  void anExecutionIsFoundByTheBeginningOfItsId() {
    terminal.cellos("create " + FEED + "--id monday-1");
    terminal.cellos("create " + FEED + "--id monday-2");
    terminal.cellos("create " + FEED + "--id monday-20");

    assertThat(terminal.cellos("show monday-1").out()).contains("Execution  monday-1");
    assertThat(terminal.cellos("show monday-2").out()).contains("Execution  monday-2\n");
    Result ambiguous = terminal.cellos("show mond");
    assertThat(ambiguous.exitCode()).isEqualTo(3);
    assertThat(ambiguous.err()).contains("monday-1", "monday-2", "monday-20");
    Result unknown = terminal.cellos("show tuesday");
    assertThat(unknown.exitCode()).isEqualTo(3);
    assertThat(unknown.err()).contains("There is no execution 'tuesday'");
    Result tooShort = terminal.cellos("execute mon");
    assertThat(tooShort.exitCode()).isEqualTo(3);
    assertThat(tooShort.err()).contains("at least its first 4 characters");
  }

  @Test
  void theListIsFilteredSearchedAndLimited() {
    terminal.cellos("create " + FEED + "--id pending-one --meta note=Zoë");
    terminal.cellos("run " + FEED + "--id done-one");
    terminal.cellos("run " + FEED + "--id done-two");

    assertThat(ids("list -o json")).isEqualTo("done-two done-one pending-one");
    assertThat(ids("list -o json --status completed")).isEqualTo("done-two done-one");
    assertThat(ids("list -o json --status COMPLETED")).isEqualTo("done-two done-one");
    assertThat(ids("list -o json --search zoë")).isEqualTo("pending-one");
    assertThat(ids("list -o json --search nothing")).isEmpty();
    assertThat(ids("list -o json --limit 1")).isEqualTo("done-two");
    JsonNode first = terminal.cellos("list -o json").json().at("/executions/0");
    assertThat(first.has("steps")).isFalse();
    assertThat(first.path("dry_run").asBoolean()).isTrue();
    assertThat(terminal.cellos("list --limit 1").out())
        .contains("DRY RUN")
        .contains("1 of 3 executions.");
    assertThat(terminal.cellos("list --search nothing").out()).isEqualTo("No executions.\n");
  }

  @Test
  void theVariableNamesTheHistoryAndTheOptionWins() {
    TestTerminal elsewhere = terminal.with("CELLOS_DB", "lab/history.db");

    assertThat(elsewhere.cellos("run " + FEED).exitCode()).isZero();
    assertThat(folder.resolve("lab/history.db")).exists();
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(elsewhere.cellos("list").out()).contains("1 of 1 executions.");
    assertThat(elsewhere.cellos("list --db other.db").exitCode()).isEqualTo(3);
    assertThat(terminal.with("CELLOS_DB", "").cellos("list").err()).contains("data/executions.db");
  }

  private String ids(String command) {
    StringBuilder ids = new StringBuilder();
    terminal
        .cellos(command)
        .json()
        .path("executions")
        .forEach(execution -> ids.append(' ').append(execution.path("execution_id").asText()));
    return ids.toString().strip();
  }
}

package org.cellos.starter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.cellos.starter.TestTerminal.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is said in one line that names it; nothing is written, nothing begins. */
class BadInputTest {
  private static final String FEED = "run feed --cell-line iPSC --vessel T75";
  private static final String REHEARSE = "rehearse feed --cell-line iPSC --vessel T75";

  @TempDir private Path folder;
  private TestTerminal terminal;

  @BeforeEach
  void openTerminal() {
    terminal = TestTerminal.in(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          run tha --cell-line iPSC --vessel T75     | did you mean 'thaw'
          run feed --cell-line iPCS --vessel T75    | did you mean 'iPSC'
          run feed --cell-line iPSC --vessel T57    | did you mean 'T75'
          run feed --vessel T75                     | --cell-line is missing
          run feed --cell-line iPSC                 | --vessel is missing
          run                                       | Say what to do
          run feed thaw                             | 'thaw' is one argument too many
          run feed --protocol x.yaml                | either OP or --protocol
          run --protocol missing.yaml               | missing.yaml
          run feed --cell-lin iPSC                  | There is no option '--cell-lin'. Did you mean '--cell-line'?
          rnu feed                                  | There is no command 'rnu'. Did you mean 'run'?
          run feed --cell-line                      | '--cell-line'
          FEED --speed-up 0                         | must be from 1 to 1,000,000, not 0
          FEED --speed-up -1                        | must be from 1 to 1,000,000, not -1
          FEED --speed-up NaN                       | must be from 1 to 1,000,000, not NaN
          FEED --speed-up abc                       | '--speed-up': 'abc' is not a number
          FEED --profile bench                      | 'bench' comes with a later version
          FEED --profile foo                        | --profile: 'foo' is not one of original, bench
          FEED --instruments manual --speed-up 10   | speed-up goes with virtual instruments only
          run passage --cell-line iPSC --vessel T75 --instruments manual | would lose cells: OVER_ASPIRATION
          FEED --execute --instruments hardware     | moves real instruments: look at the steps
          FEED --instruments tin                    | --instruments must be virtual
          FEED --id a/b                             | not 'a/b'
          FEED --id ../a                            | not '../a'
          FEED --meta key                           | '--meta' (KEY=VALUE)
          FEED --timeout 0                          | --timeout must be at least 1 second, not 0
          FEED --timeout -5                         | --timeout must be at least 1 second, not -5
          FEED --timeout soon                       | 'soon' is not a number
          FEED -o xml                               | expected one of [table, json] but was 'xml'
          FEED --engine foo                         | --engine must be auto, in-memory, managed or external, not 'foo'
          FEED --engine in-memory --address a:1     | contradict each other
          FEED --data nowhere                       | --data nowhere is not a folder
          FEED --db .                               | is a folder
          create tha --cell-line iPSC --vessel T75  | did you mean 'thaw'
          resolve feed --cell-line X --vessel T75   | 'X' is not known
          resolve feed --cell-line iPSC --vessel Y  | 'Y' is not known
          worker --healthy-file nowhere/file        | The folder of --healthy-file
          rehearse                                  | Say what to do
          REHEARSE --faults -1                      | the number of faults must be from 0 to 1000, not -1
          REHEARSE --faults many                    | '--faults': 'many' is not a number
          REHEARSE --seed 1.5                       | '--seed': '1.5' is not a number
          REHEARSE --begin tomorrow                 | --begin must be a date and a time such as 2026-03-02T09:00, not 'tomorrow'
          REHEARSE --begin 1026-03-02T09:00         | the begin must be in the years 2000 to 2100, not 1026
          REHEARSE --speed-up 10                    | There is no option '--speed-up'
          rehearse --protocol missing.yaml          | missing.yaml
          list --status foo                         | --status: 'foo' is not one of pending
          list --limit 0                            | from 1 to 1000, not 0
          list --limit 1001                         | from 1 to 1000, not 1001
          show                                      | 'ID'
          decide                                    | 'ID'
          confirm                                   | 'ID'
          cancel                                    | 'ID'
          execute                                   | 'ID'
          """)
  void isNamedInOneLine(String command, String expected) {
    Result refused = terminal.cellos(command.replace("REHEARSE", REHEARSE).replace("FEED", FEED));

    assertThat(refused.err()).contains(expected);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertOneLineAndNothingWritten(refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {operation: aspirate, volume_ml: -1, from: vessel, to: waste}               | -1
          {operation: aspirate, volume_ml: 0, from: vessel, to: waste}                | volume_ml
          {operation: aspirate, volume_ml: .nan, from: vessel, to: waste}             | volume_ml
          {operation: dispense, reagent: medium, volume_ml: 5000, to: vessel}         | above its safe level
          {operation: aspirate, volume_ml: 100, from: vessel, to: waste}              | 100
          {operation: aspirate, volume_ml: 1, volume_ml: 2, from: vessel, to: waste}  | volume_ml
          {operation: aspirate, volum_ml: 1, from: vessel, to: waste}                 | did you mean 'volume_ml'
          {operation: dispense, reagent: wine, volume_ml: 1, to: vessel}              | wine
          {operation: aspirate, volume_ml: 1, from: vessel                            | bad.yaml
          {operation: !!javax.script.ScriptEngineManager [], volume_ml: 1}            | bad.yaml
          """)
  void inOnesOwnProtocolIsNamedWithItsPlace(String step, String expected) {
    Path file =
        terminal.write(
            "bad.yaml", "protocol: bad", "cell_line: iPSC", "vessel: T75", "steps:", "  - " + step);

    Result refused = terminal.cellos("run --execute --protocol bad.yaml");

    assertThat(refused.err()).contains(expected).contains("bad.yaml");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(file).exists();
    assertThat(terminal.files()).containsExactly("bad.yaml");
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).doesNotContain("java.").doesNotContain("\tat ");
  }

  @Test
  void thatIsHostileIsRefusedAtOnce() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String aliases = ("*a" + (i - 1) + ", ").repeat(10);
      bomb.append("a" + i + ": &a" + i + " [" + aliases + "]\n");
    }
    Files.writeString(folder.resolve("bomb.yaml"), bomb);
    Files.writeString(folder.resolve("deep.yaml"), "[".repeat(100_000));
    Files.write(folder.resolve("binary.yaml"), new byte[] {0, 1, 2, (byte) 0xff, (byte) 0xfe});
    Files.writeString(folder.resolve("empty.yaml"), "");
    for (String file : new String[] {"bomb.yaml", "deep.yaml", "binary.yaml", "empty.yaml"}) {
      Result refused = terminal.cellos("run --protocol " + file);

      assertThat(refused.exitCode()).as(file).isEqualTo(2);
      assertThat(refused.err()).contains(file).doesNotContain("java.").hasSizeLessThan(2000);
    }
    assertThat(terminal.files()).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FEED,
        "create feed --cell-line iPSC --vessel T75",
        "worker",
      })
  void withoutTheEngineNothingIsWritten(String command) throws IOException {
    Result refused = terminal.cellos(command + " --engine external --address " + closedPort());

    assertThat(refused.err()).contains("No Temporal server answers at 127.0.0.1:");
    assertThat(refused.exitCode()).isEqualTo(5);
    assertOneLineAndNothingWritten(refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run feed --cell-line iPSC --vessel T75 --engine external | No address
          run feed --cell-line iPSC --vessel T75 --engine managed  | command is not installed
          """)
  void asksForAnEngineThatThereIsNot(String command, String expected) {
    Result refused = terminal.cellos(command);

    assertThat(refused.err()).contains(expected);
    assertThat(refused.exitCode()).isEqualTo(5);
    assertOneLineAndNothingWritten(refused);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --engine in-memory --engine-port 7300         | --engine in-memory
          --address 127.0.0.1:7233 --engine-db other.db | --address
          --engine managed --engine-port 70000          | from 1 to 64535, not 70000
          --detach --timeout 5                          | --detach does not wait
          --detach                                      | Nothing was started
          """)
  void asksForAnEngineThatIsNone(String options, String expected) {
    Result refused = terminal.cellos(FEED + " " + options);

    assertThat(refused.message()).contains(expected).hasLineCount(1);
    assertThat(refused.exitCode()).isEqualTo(2);
  }

  @Test
  void namesAProgramThatIsNone() throws IOException {
    terminal.write("notes.txt", "not a program");
    Result refused =
        terminal.with("CELLOS_TEMPORAL_CLI", "notes.txt").cellos(FEED + " --engine managed");

    assertThat(refused.err()).contains("CELLOS_TEMPORAL_CLI is notes.txt, which is not a program");
    assertThat(refused.exitCode()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"show abcd", "execute abcd", "list", "audit verify"})
  void asksForWhatThereIsNot(String command) {
    Result notFound = terminal.cellos(command);

    assertThat(notFound.exitCode()).isEqualTo(3);
    assertThat(notFound.err()).contains("There is no history yet");
    assertOneLineAndNothingWritten(notFound);
  }

  @Test
  void aFileThatIsNoHistoryStaysAsItIs() throws IOException {
    Path file = terminal.write("notes.txt", "These are my notes, and they matter to me.");
    String before = Files.readString(file);
    for (String command : new String[] {FEED, "list", "show abcd", "audit verify"}) {
      Result refused = terminal.cellos(command + " --db notes.txt");

      assertThat(refused.exitCode()).as(command).isEqualTo(2);
      assertThat(refused.message())
          .contains("notes.txt is not an SQLite database")
          .doesNotContain("SQLITE_")
          .doesNotContain("java.");
    }
    assertThat(file).hasContent(before);
    assertThat(terminal.files()).containsExactly("notes.txt");
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() {
    terminal.write("file", "in the way");

    Result refused = terminal.cellos(FEED + " --db file/executions.db");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.message()).contains("file").doesNotContain("java.");
    assertThat(terminal.files()).containsExactly("file");
  }

  private void assertOneLineAndNothingWritten(Result refused) {
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines()).hasSize(1);
    assertThat(refused.err())
        .startsWith("cellos: ")
        .doesNotContain("java.")
        .doesNotContain("io.grpc")
        .doesNotContain("defect");
    assertThat(terminal.files()).isEmpty();
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "127.0.0.1:" + socket.getLocalPort();
    }
  }
}

package org.cellos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.cellos.client.ExecutionClient;
import org.cellos.client.ExecutionRefusedException;
import org.cellos.domain.Answer;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.Choice;
import org.cellos.domain.ExecutionStatus;
import org.cellos.domain.MirrorRebuild;
import org.cellos.domain.MirrorVerification;
import org.cellos.domain.StepAction;
import org.cellos.domain.UnitOp;
import org.cellos.engine.Engine;
import org.cellos.engine.EngineChoice;
import org.cellos.engine.EngineLocks;
import org.cellos.engine.Engines;
import org.cellos.mirror.HistoryExports;
import org.cellos.store.MirrorDatabase;
import org.cellos.store.StoreException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mirror that is made anew has what the former one had, and says what it cannot know. */
class MirrorRebuildTest {
  private static final UnitOp DISPENSE =
      UnitOp.of("dispense", "Give medium", Map.of("volume_ml", 5.0, "to", "flask_t75"));

  /** Two seconds at the default speed-up. */
  private static final UnitOp REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 120.0, "temperature_c", 37.0));

  private static final UnitOp LONG_REST =
      UnitOp.of("incubate", "Rest", Map.of("minutes", 100_000.0, "temperature_c", 37.0));

  private static final UnitOp BROKEN = UnitOp.of("image", "Image", Map.of());

  private static final String ENTRIES =
      "SELECT audit_id, at, execution_id, step_index, who, what, reason FROM audit_log"
          + " ORDER BY audit_id";

  @TempDir Path folder;

  /** It outlives the executors, as a server does. */
  private Engine server;

  private WorkflowExecutor executor;

  @BeforeEach
  void open() {
    server = Engines.open(EngineChoice.inMemory());
    begin();
  }

  @AfterEach
  void close() {
    executor.close();
    server.close();
  }

  @Test
  void aRebuiltMirrorIsWhatItWas() throws Exception {
    List<String> ids = performAllKinds();
    executor.close();
    List<String> before = contents();

    MirrorRebuild rebuild = rebuild();

    assertThat(rebuild.problems()).isEmpty();
    assertThat(rebuild.projected()).isEqualTo(ids.size());
    assertThat(rebuild.kept()).isZero();
    assertThat(rebuild.asking()).isEmpty();
    List<String> after = contents();
    assertThat(after).filteredOn(row -> !row.contains("rebuilt the mirror")).isEqualTo(before);
    assertThat(after).hasSize(before.size() + 1);
    assertThat(Path.of(String.valueOf(rebuild.formerFile()))).exists();
    assertNoDifference(ids.size());
    AuditVerification audit = verifyAudit();
    assertThat(audit.isWhole()).isTrue();
    assertThat(audit.entries())
        .isEqualTo(after.stream().filter(row -> row.startsWith("audit_log|")).count())
        .isGreaterThan(3);
  }

  @Test
  void aBrokenAuditLogIsChainedAnewAndSaysSo() throws Exception {
    perform(List.of(BROKEN), false, ExecutionStatus.FAILED);
    perform(List.of(BROKEN), false, ExecutionStatus.FAILED);
    executor.close();
    change("DROP TRIGGER audit_log_updated");
    change("UPDATE audit_log SET who = 'Eve' WHERE audit_id = 1");
    List<String> before = query(ENTRIES);

    MirrorRebuild rebuild = rebuild();

    assertThat(rebuild.problems())
        .containsExactly("The audit log is chained anew: Entry 1 is not as it was written.");
    assertThat(verifyAudit().firstBreak()).isNull();
    assertThat(query(ENTRIES)).startsWith(before.toArray(String[]::new)).hasSize(4);
    assertThat(query("SELECT who, what, reason FROM audit_log WHERE audit_id = 3"))
        .containsExactly(
            "ada|chained the audit log anew, up to here; before, the chain was broken"
                + "|Entry 1 is not as it was written.");
    assertThatThrownBy(() -> change("DELETE FROM audit_log")).hasMessageContaining("only ever");
    assertThat(rebuild().problems()).isEmpty();
    assertThat(verifyAudit().entries()).isEqualTo(5);
  }

  @Test
  void entriesThatAreCutOffAreMissedByARebuild() throws Exception {
    perform(List.of(BROKEN), false, ExecutionStatus.FAILED);
    executor.close();
    change("DROP TRIGGER audit_log_deleted");
    change("DELETE FROM audit_log");

    assertThat(rebuild().problems())
        .singleElement()
        .asString()
        .contains("cut off: 1 were written, and there are 0.");

    assertThat(verifyAudit().isWhole()).isTrue();
    assertThat(query("SELECT count(*) FROM audit_log WHERE reason LIKE '%cut off%'"))
        .containsExactly("1");
  }

  @Test
  void plantedDifferencesAreGone() throws Exception {
    List<String> ids = performAllKinds();
    executor.close();
    List<String> before = contents();
    change("UPDATE execution_steps SET name = 'planted', result = NULL");
    change("UPDATE executions SET status = 'running', completed_at = NULL, error_message = 'no'");
    change("UPDATE decisions SET choice = 'skip'");

    assertThat(rebuild().projected()).isEqualTo(ids.size());

    assertNoDifference(ids.size());
    assertThat(contents())
        .filteredOn(row -> row.startsWith("execution_steps|"))
        .isEqualTo(before.stream().filter(row -> row.startsWith("execution_steps|")).toList());
  }

  @Test
  void whatIsInNoHistoryIsKept() throws Exception {
    String id = perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    change("UPDATE execution_details SET engine_id = 'elsewhere', engine_kind = 'in_memory'");
    change(
        "INSERT INTO executions (execution_id, status, created_at)"
            + " VALUES ('original', 'completed', '2020-03-01T09:30:00')");
    change(
        "INSERT INTO execution_steps (step_id, execution_id, step_index, status)"
            + " VALUES ('original-0', 'original', 0, 'completed')");
    executor.close();
    List<String> before = contents();

    MirrorRebuild rebuild = rebuild();

    assertThat(rebuild.kept()).isEqualTo(2);
    assertThat(contents())
        .filteredOn(row -> !row.contains("rebuilt the mirror"))
        .isEqualTo(before)
        .anyMatch(row -> row.contains(id))
        .anyMatch(row -> row.contains("original-0"));
  }

  @Test
  void aMissingFileIsMadeAnewFromExportedHistories() throws Exception {
    List<String> ids = performAllKinds();
    int open = 2;
    String mirrorId = mirrorId();
    assertThat(export()).isEqualTo(ids.size() - open);
    assertThat(export()).isZero();
    executor.close();
    List<String> before = documented(ids.subList(0, ids.size() - open));
    Files.delete(database());

    assertThatThrownBy(() -> rebuild(server, Optional.empty()))
        .isInstanceOf(ExecutionRefusedException.class)
        .hasMessageContaining("--mirror-id");
    assertThat(database()).doesNotExist();
    try (Engine another = Engines.open(EngineChoice.inMemory())) {
      // Another server knows of nothing.
      MirrorRebuild rebuild = rebuild(another, Optional.of(mirrorId));
      assertThat(rebuild.projected()).isEqualTo(ids.size() - open);
      assertThat(rebuild.formerFile()).isNull();
    }

    assertThat(documented(ids.subList(0, ids.size() - open))).isEqualTo(before);
    assertThat(mirrorId()).isEqualTo(mirrorId);
  }

  @Test
  void aDamagedExportIsSaidAndTheOthersAreRead() throws Exception {
    perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    String damaged = perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    export();
    String mirrorId = mirrorId();
    executor.close();
    Files.delete(database());
    for (Path file : files("executions.db-histories")) {
      if (file.toString().contains(damaged)) {
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
      }
    }

    try (Engine another = Engines.open(EngineChoice.inMemory())) {
      MirrorRebuild rebuild = rebuild(another, Optional.of(mirrorId));

      assertThat(rebuild.projected()).isEqualTo(1);
      assertThat(rebuild.problems()).anyMatch(text -> text.contains(damaged));
    }
  }

  @Test
  void damagedPagesLoseOnlyWhatTheyMust() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(perform(Collections.nCopies(5, DISPENSE), false, ExecutionStatus.COMPLETED));
    }
    executor.close();
    change("PRAGMA wal_checkpoint(TRUNCATE)");
    List<String> before = contents();
    List<Integer> pages = leafPages("execution_steps");
    pages.addAll(leafPages("effect_ledger").subList(1, 2));
    damage(pages);
    assertThatThrownBy(() -> query("SELECT count(result) FROM execution_steps"))
        .hasMessageContaining("malformed");

    MirrorRebuild rebuild = rebuild();

    assertThat(rebuild.problems()).anyMatch(text -> text.contains("effect_ledger"));
    assertThat(query("PRAGMA integrity_check")).containsExactly("ok");
    assertThat(contents())
        .filteredOn(row -> row.startsWith("execution"))
        .isEqualTo(before.stream().filter(row -> row.startsWith("execution")).toList());
    long ledgerBefore = before.stream().filter(row -> row.startsWith("effect_ledger")).count();
    long ledgerAfter = contents().stream().filter(row -> row.startsWith("effect_ledger")).count();
    assertThat(ledgerAfter).isLessThan(ledgerBefore).isGreaterThan(ledgerBefore / 2);
    assertNoDifference(ids.size());
  }

  @Test
  void aFileThatIsNoDatabaseAnyMoreIsMadeAnew() throws Exception {
    String id = perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    export();
    String mirrorId = mirrorId();
    executor.close();
    damage(List.of(1));

    MirrorRebuild rebuild = rebuild(server, Optional.of(mirrorId));

    assertThat(rebuild.projected()).isEqualTo(1);
    assertThat(rebuild.problems()).isNotEmpty();
    assertThat(documented(List.of(id))).isNotEmpty();
    // Nobody knows which entries there were.
    assertThat(verifyAudit().isWhole()).isTrue();
    assertThat(query("SELECT what FROM audit_log ORDER BY audit_id"))
        .first()
        .asString()
        .startsWith("chained the audit log anew");
  }

  @Test
  void whileOthersWorkOnTheFileNothingIsDone() throws Exception {
    perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);

    assertThatThrownBy(this::rebuild)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("in use by another process");
    executor.close();
    EngineLocks locks = EngineLocks.beside(database());
    try (EngineLocks.Held held = locks.hold("living")) {
      assertThat(held).isNotNull();
      assertThatThrownBy(
              () ->
                  MirrorMaintenance.rebuild(
                      database(), EngineChoice.at(server.address()), Optional.empty(), "ada"))
          .isInstanceOf(ExecutionRefusedException.class)
          .hasMessageContaining("another process");
    }
    assertThat(files(".")).filteredOn(file -> file.toString().contains("rebuil")).isEmpty();
    assertThat(rebuild().projected()).isEqualTo(1);
  }

  @Test
  void aHistoryThatTheServerHasForgottenIsVerifiedFromItsExport() throws Exception {
    perform(List.of(DISPENSE), true, ExecutionStatus.COMPLETED);
    assertThat(export()).isEqualTo(1);
    executor.close();
    server.close();
    server = Engines.open(EngineChoice.inMemory());
    // The same server, as far as the mirror knows.
    try (Engine reached = Engines.open(EngineChoice.at(server.address()))) {
      change("UPDATE execution_details SET engine_id = '" + reached.id() + "'");
    }

    assertNoDifference(1);

    for (Path file : files("executions.db-histories")) {
      Files.delete(file);
    }
    MirrorVerification verification = verify();
    assertThat(verification.compared()).isZero();
    assertThat(verification.notCompared())
        .singleElement()
        .extracting(MirrorVerification.NotCompared::reason)
        .isEqualTo(MirrorVerification.Reason.HISTORY_GONE);
  }

  /** The last two of them are open. */
  private List<String> performAllKinds() throws Exception {
    List<String> ids = new ArrayList<>();
    ids.add(perform(List.of(DISPENSE, REST, DISPENSE), false, ExecutionStatus.COMPLETED));
    ids.add(perform(List.of(DISPENSE, BROKEN, DISPENSE), false, ExecutionStatus.FAILED));
    ids.add(perform(Collections.nCopies(30, DISPENSE), true, ExecutionStatus.COMPLETED));
    String decided = create(List.of(DISPENSE, DISPENSE));
    LostIntent.plant(database(), decided, 0, StepAction.PERFORM);
    executor.begin(decided, false);
    await().until(() -> !executor.queries().decisions(decided).isEmpty());
    executor.answer(
        decided, new Answer("1", 0, 1, StepAction.PERFORM, Choice.AGAIN, null, "ada", "saw it"));
    executor.await(decided);
    ids.add(decided);
    String cancelled = create(List.of(DISPENSE, LONG_REST));
    executor.begin(cancelled, false);
    await().until(() -> executor.queries().attempts(cancelled).size() == 2);
    executor.cancel(cancelled, "by ada");
    executor.await(cancelled);
    ids.add(cancelled);
    String resting = create(List.of(DISPENSE, LONG_REST));
    executor.begin(resting, false);
    await()
        .until(
            () ->
                executor.queries().attempts(resting).stream()
                        .filter(attempt -> attempt.endedAt() != null)
                        .count()
                    == 2);
    ids.add(resting);
    ids.add(create(List.of(DISPENSE)));
    return ids;
  }

  private void begin() {
    executor = WorkflowExecutor.open(database(), EngineChoice.at(server.address()));
    executor.registerHandler(
        "image",
        step -> {
          throw new IllegalStateException("The lamp is broken");
        });
  }

  private int export() throws IOException {
    try (MirrorDatabase mirror = MirrorDatabase.open(database())) {
      return new HistoryExports(
              mirror,
              ExecutionClient.temporalClient(
                  executor.engine().stubs(), executor.engine().namespace()),
              executor.engine().id())
          .exportClosed(100);
    }
  }

  private MirrorRebuild rebuild() {
    try (Engine engine = Engines.open(EngineChoice.at(server.address()))) {
      return rebuild(engine, Optional.empty());
    }
  }

  private MirrorRebuild rebuild(Engine engine, Optional<String> mirrorId) {
    return MirrorMaintenance.rebuild(database(), engine, mirrorId, "ada");
  }

  private MirrorVerification verify() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database());
        Engine engine = Engines.open(EngineChoice.at(server.address()))) {
      return MirrorMaintenance.verify(mirror, engine);
    }
  }

  private AuditVerification verifyAudit() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      return mirror.verifyAudit();
    }
  }

  private void assertNoDifference(int compared) {
    MirrorVerification verification = verify();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.notCompared()).isEmpty();
    assertThat(verification.compared()).isEqualTo(compared);
  }

  private String perform(List<UnitOp> unitOps, boolean dryRun, ExecutionStatus expected) {
    String id = create(unitOps);
    assertThat(executor.execute(id, dryRun).status()).isEqualTo(expected);
    return id;
  }

  private String create(List<UnitOp> unitOps) {
    return executor
        .createExecutionFromProtocol("test", null, null, "test", unitOps, Map.of())
        .executionId();
  }

  private String mirrorId() {
    try (MirrorDatabase mirror = MirrorDatabase.openReadOnly(database())) {
      return mirror.mirrorId();
    }
  }

  private List<String> documented(List<String> ids) throws SQLException {
    return contents().stream()
        .filter(row -> row.startsWith("executions|") || row.startsWith("execution_steps|"))
        .filter(row -> ids.stream().anyMatch(row::contains))
        .toList();
  }

  /** All rows of all tables; the index of the search and the head of the log are made of them. */
  private List<String> contents() throws SQLException {
    List<String> contents = new ArrayList<>();
    for (String table :
        query(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
                + " AND name NOT LIKE 'execution_search%' AND name <> 'audit_head' ORDER BY name")) {
      query("SELECT * FROM " + table).stream()
          .sorted()
          .forEach(row -> contents.add(table + "|" + row));
    }
    return contents;
  }

  private List<String> query(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement query = connection.createStatement();
        ResultSet rows = query.executeQuery(statement)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          columns.add(rows.getString(i));
        }
        values.add(columns.size() == 1 ? columns.get(0) : String.join("|", nulls(columns)));
      }
      return values;
    }
  }

  private static List<String> nulls(List<String> columns) {
    return columns.stream().map(String::valueOf).toList();
  }

  private void change(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        Statement change = connection.createStatement()) {
      change.execute(statement);
    }
  }

  /** The pages with rows of a table, but for its root. */
  private List<Integer> leafPages(String table) throws SQLException {
    List<Integer> pages =
        new ArrayList<>(
            query("SELECT pageno FROM dbstat WHERE pagetype = 'leaf' AND name = '" + table + "'")
                .stream()
                .map(Integer::valueOf)
                .toList());
    assertThat(pages).hasSizeGreaterThan(2);
    return pages;
  }

  private void damage(List<Integer> pages) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(database().toFile(), "rw")) {
      for (int page : pages) {
        byte[] garbage = new byte[4096];
        Arrays.fill(garbage, (byte) 0x5a);
        file.seek((page - 1) * 4096L);
        file.write(garbage);
      }
    }
  }

  private List<Path> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(name))) {
      return files.toList();
    }
  }

  private Path database() {
    return folder.resolve("executions.db");
  }
}

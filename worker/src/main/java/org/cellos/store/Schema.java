package org.cellos.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The tables, and how a file comes to have them.
 *
 * <p>{@code executions} and {@code execution_steps} are documented: other programs read them by
 * position, so no column is ever added. Everything more is in tables of this program, counted by
 * {@code PRAGMA user_version}.
 */
final class Schema {
  /** The version that this program writes. Raise it with every change of its own tables. */
  static final int VERSION = 8;

  static final int FIRST_WITH_AUDIT_CHAIN = 4;

  private static final List<String> EXECUTIONS_COLUMNS =
      List.of(
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
          "metadata");

  private static final List<String> STEPS_COLUMNS =
      List.of(
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

  private static final String EXECUTIONS =
      """
      TABLE IF NOT EXISTS executions (
        execution_id TEXT PRIMARY KEY,
        workflow_name TEXT,
        cell_line TEXT,
        vessel_id TEXT,
        operation_type TEXT,
        status TEXT,
        created_at TEXT,
        started_at TEXT,
        completed_at TEXT,
        error_message TEXT,
        metadata TEXT
      )""";

  private static final String EXECUTION_STEPS =
      """
      TABLE IF NOT EXISTS execution_steps (
        step_id TEXT PRIMARY KEY,
        execution_id TEXT,
        step_index INTEGER,
        name TEXT,
        operation_type TEXT,
        parameters TEXT,
        status TEXT,
        start_time TEXT,
        end_time TEXT,
        error_message TEXT,
        result TEXT,
        FOREIGN KEY (execution_id) REFERENCES executions(execution_id)
      )""";

  /** Written once, apart from dry_run. The large column is last: lists do not read that far. */
  private static final String EXECUTION_DETAILS =
      """
      TABLE IF NOT EXISTS execution_details (
        execution_id TEXT PRIMARY KEY REFERENCES executions(execution_id),
        fingerprint TEXT NOT NULL,
        engine_kind TEXT NOT NULL,
        engine_id TEXT NOT NULL,
        engine_address TEXT NOT NULL,
        engine_namespace TEXT NOT NULL,
        instruments TEXT NOT NULL,
        dry_run INTEGER,
        input TEXT NOT NULL
      )""";

  /** Apart from the details, because it changes with every record and they are long. */
  private static final String EXECUTION_PROGRESS =
      """
      TABLE IF NOT EXISTS execution_progress (
        execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
        run_ordinal INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        latest_at TEXT NOT NULL
      ) WITHOUT ROWID""";

  private static final String EXECUTION_RUNS =
      """
      TABLE IF NOT EXISTS execution_runs (
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        ordinal INTEGER NOT NULL,
        temporal_run_id TEXT NOT NULL,
        PRIMARY KEY (execution_id, ordinal),
        UNIQUE (execution_id, temporal_run_id)
      ) WITHOUT ROWID""";

  private static final String STEP_ATTEMPTS =
      """
      TABLE IF NOT EXISTS step_attempts (
        attempt_id INTEGER PRIMARY KEY,
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        step_index INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        action TEXT NOT NULL,
        attempt INTEGER NOT NULL,
        worker TEXT NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        outcome TEXT,
        error_code TEXT,
        error_message TEXT,
        temporal_run_id TEXT NOT NULL,
        activity_id TEXT NOT NULL,
        UNIQUE (execution_id, step_index, epoch, action, temporal_run_id, activity_id, attempt)
      )""";

  /** Of version 1, which could not tell the first attempts of two Temporal runs apart. */
  private static final List<String> ATTEMPTS_OF_VERSION_1 =
      List.of(
          "ALTER TABLE step_attempts RENAME TO step_attempts_1",
          "CREATE " + STEP_ATTEMPTS,
          """
          INSERT INTO step_attempts
          SELECT attempt_id, execution_id, step_index, epoch, action, attempt, worker, started_at,
            ended_at, outcome, error_code, error_message, '', attempt_id
          FROM step_attempts_1""",
          "DROP TABLE step_attempts_1");

  /** A step with a row here is final; without one, its status is what its attempts said. */
  private static final String STEP_OUTCOMES =
      """
      TABLE IF NOT EXISTS step_outcomes (
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        step_index INTEGER NOT NULL,
        error_code TEXT,
        closed_with_execution INTEGER NOT NULL,
        PRIMARY KEY (execution_id, step_index)
      ) WITHOUT ROWID""";

  /** What the newest record said of how far the execution is; it resumes from it. */
  private static final String EXECUTION_STATES =
      """
      TABLE IF NOT EXISTS execution_states (
        execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
        state TEXT NOT NULL
      )""";

  /** A truth of its own, unlike the mirror: what instruments were told. */
  private static final String EFFECT_LEDGER =
      """
      TABLE IF NOT EXISTS effect_ledger (
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        step_index INTEGER NOT NULL,
        action TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        owner TEXT NOT NULL,
        worker TEXT NOT NULL,
        intent_at TEXT NOT NULL,
        closed_at TEXT,
        outcome TEXT,
        PRIMARY KEY (execution_id, step_index, action, epoch)
      )""";

  private static final String DECISIONS =
      """
      TABLE IF NOT EXISTS decisions (
        decision_id INTEGER PRIMARY KEY,
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        step_index INTEGER NOT NULL,
        action TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        question TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        choice TEXT,
        amount_ml REAL,
        decided_by TEXT,
        reason TEXT,
        decided_at TEXT,
        UNIQUE (execution_id, step_index, action, epoch)
      )""";

  /** Who did what to an execution, when and why: a chain, see {@link AuditLog}. */
  private static final String AUDIT_LOG =
      """
      TABLE IF NOT EXISTS audit_log (
        audit_id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        execution_id TEXT NOT NULL,
        step_index INTEGER,
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        reason TEXT,
        request_id TEXT,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
      )""";

  /** One row: how many entries the audit log has, and the hash of the newest. */
  private static final String AUDIT_HEAD =
      """
      TABLE IF NOT EXISTS audit_head (
        head_id INTEGER PRIMARY KEY CHECK (head_id = 1),
        entries INTEGER NOT NULL,
        hash TEXT NOT NULL
      )""";

  /** Nothing of this program changes an entry; neither shall a hasty hand. */
  private static final List<String> AUDIT_TRIGGERS =
      List.of(
          """
          TRIGGER IF NOT EXISTS audit_log_updated BEFORE UPDATE ON audit_log BEGIN
            SELECT RAISE(ABORT, 'entries of the audit log are only ever added');
          END""",
          """
          TRIGGER IF NOT EXISTS audit_log_deleted BEFORE DELETE ON audit_log BEGIN
            SELECT RAISE(ABORT, 'entries of the audit log are only ever added');
          END""",
          // INSERT OR REPLACE removes a row without telling a DELETE trigger.
          """
          TRIGGER IF NOT EXISTS audit_log_replaced BEFORE INSERT ON audit_log
          WHEN EXISTS (SELECT * FROM audit_log WHERE audit_id = NEW.audit_id) BEGIN
            SELECT RAISE(ABORT, 'entries of the audit log are only ever added');
          END""");

  /** When the workers of this mirror were last heard of. */
  private static final String WORKERS =
      """
      TABLE IF NOT EXISTS workers (
        worker TEXT NOT NULL,
        engine_id TEXT NOT NULL,
        since TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        PRIMARY KEY (worker, engine_id)
      ) WITHOUT ROWID""";

  /** What keeps open executions from going on, as far as Temporal says so. */
  private static final String EXECUTION_TROUBLES =
      """
      TABLE IF NOT EXISTS execution_troubles (
        execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
        since TEXT NOT NULL,
        message TEXT NOT NULL
      ) WITHOUT ROWID""";

  /** Who has, or waits for, a robot or other equipment: rows of executions that have not ended. */
  private static final String LEASES =
      """
      TABLE IF NOT EXISTS leases (
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        need TEXT NOT NULL,
        priority TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        ranked_at TEXT NOT NULL,
        seen_at TEXT NOT NULL,
        granted_at TEXT,
        unit TEXT,
        PRIMARY KEY (execution_id, need)
      ) WITHOUT ROWID""";

  /** Executions whose instrument has paused by itself, and says why. */
  private static final String STEP_HOLDS =
      """
      TABLE IF NOT EXISTS step_holds (
        execution_id TEXT PRIMARY KEY REFERENCES execution_details(execution_id),
        step_index INTEGER NOT NULL,
        since TEXT NOT NULL,
        reason TEXT NOT NULL
      ) WITHOUT ROWID""";

  /** One row: which mirror this is, wherever its file is moved to. */
  private static final String MIRROR_IDENTITY =
      """
      TABLE IF NOT EXISTS mirror_identity (
        mirror_id TEXT PRIMARY KEY
      )""";

  /** What happened to the file as a whole: backups of it, and being restored from one. */
  private static final String MIRROR_EVENTS =
      """
      TABLE IF NOT EXISTS mirror_events (
        event_id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        what TEXT NOT NULL,
        note TEXT
      )""";

  /** Which histories of closed executions are in files, or nowhere any more. */
  private static final String HISTORY_EXPORTS =
      """
      TABLE IF NOT EXISTS history_exports (
        execution_id TEXT NOT NULL REFERENCES execution_details(execution_id),
        temporal_run_id TEXT NOT NULL,
        exported_at TEXT,
        PRIMARY KEY (execution_id, temporal_run_id)
      ) WITHOUT ROWID""";

  private static final List<String> TABLES =
      List.of(
          MIRROR_IDENTITY,
          EXECUTIONS,
          EXECUTION_STEPS,
          EXECUTION_DETAILS,
          EXECUTION_PROGRESS,
          EXECUTION_RUNS,
          STEP_ATTEMPTS,
          STEP_OUTCOMES,
          EXECUTION_STATES,
          EFFECT_LEDGER,
          DECISIONS,
          AUDIT_LOG,
          AUDIT_HEAD,
          WORKERS,
          EXECUTION_TROUBLES,
          MIRROR_EVENTS,
          HISTORY_EXPORTS,
          LEASES,
          STEP_HOLDS,
          SearchIndex.CHANGES);

  private static final String DURATION = "julianday(completed_at) - julianday(started_at)";

  /** Beyond the documented three: what makes lists, counts and open questions fast. */
  private static final List<String> INDICES =
      List.of(
          "INDEX IF NOT EXISTS idx_exec_status ON executions(status)",
          "INDEX IF NOT EXISTS idx_exec_created ON executions(created_at)",
          "INDEX IF NOT EXISTS idx_step_exec ON execution_steps(execution_id)",
          // All that filters ask for, in each order: to find or to count, no row has to be read.
          "INDEX IF NOT EXISTS idx_exec_newest ON executions"
              + "(created_at, execution_id, status, cell_line, vessel_id, operation_type)",
          "INDEX IF NOT EXISTS idx_exec_longest ON executions"
              + "("
              + DURATION
              + ", execution_id, status, cell_line, vessel_id, operation_type, created_at)",
          "INDEX IF NOT EXISTS idx_exec_count ON executions"
              + "(status, created_at, cell_line, vessel_id, operation_type, "
              + DURATION
              + ")",
          "INDEX IF NOT EXISTS idx_decision_open ON decisions(execution_id)"
              + " WHERE decided_at IS NULL",
          "INDEX IF NOT EXISTS idx_audit_exec ON audit_log(execution_id)",
          "INDEX IF NOT EXISTS idx_details_rerun"
              + " ON execution_details(json_extract(input, '$.rerun_of.execution_id'))"
              + " WHERE json_extract(input, '$.rerun_of.execution_id') IS NOT NULL");

  /** Of versions before 6. */
  private static final List<String> FORMER_INDICES =
      List.of("idx_exec_status_created", "idx_exec_filter", "idx_exec_duration");

  private Schema() {}

  /** The tables with what this program knows, parents before children; no index. */
  static List<String> tableNames() {
    return TABLES.stream()
        .filter(table -> !table.equals(SearchIndex.CHANGES))
        .map(Schema::name)
        .toList();
  }

  /** The table that has a row for each execution in this one; empty where there is none. */
  static String parentOf(String table) {
    return switch (table) {
      case "mirror_identity", "mirror_events", "audit_log", "audit_head", "workers", "executions" ->
          "";
      case "execution_steps", "execution_details" -> "executions";
      default -> "execution_details";
    };
  }

  static boolean hasRowId(String table) {
    return TABLES.stream()
        .filter(ddl -> name(ddl).equals(table))
        .noneMatch(ddl -> ddl.endsWith("WITHOUT ROWID"));
  }

  private static String name(String table) {
    return table.substring("TABLE IF NOT EXISTS ".length(), table.indexOf(" ("));
  }

  static int version(Sql sql) throws SQLException {
    return (int) sql.number("PRAGMA user_version");
  }

  /**
   * Refuses, before anything is changed, what another program or a newer version wrote.
   *
   * @throws StoreException saying what is wrong with the file and what to do
   */
  static void check(Sql sql, Path file) throws SQLException {
    // The version first: if another process migrates meanwhile, its tables are there as well.
    int version = version(sql);
    Set<String> tables = new HashSet<>(tables(sql));
    boolean isOurs = tables.contains("execution_details");
    boolean isEmpty = version == 0 && tables.isEmpty();
    if (!isEmpty && (!tables.contains("executions") || (version > 0 && !isOurs))) {
      throw otherProgram(file, "it has no executions of cellos");
    }
    if (version > VERSION) {
      throw new StoreException(
          file
              + " was written by a newer version of cellos (schema "
              + version
              + ", this one knows "
              + VERSION
              + "). Use that version, or name another file.");
    }
    checkColumns(sql, file, tables, "executions", EXECUTIONS_COLUMNS);
    checkColumns(sql, file, tables, "execution_steps", STEPS_COLUMNS);
  }

  /**
   * Adds what is missing, in one transaction; several processes may do so at once. Rows that are
   * there already stay as they are.
   */
  static void migrate(Sql sql, Path file) throws SQLException {
    if (version(sql) == VERSION) {
      return;
    }
    sql.execute("BEGIN IMMEDIATE");
    // Again, now that nobody else can change it.
    check(sql, file);
    int version = version(sql);
    if (version < VERSION) {
      if (version == 1) {
        for (String statement : ATTEMPTS_OF_VERSION_1) {
          sql.execute(statement);
        }
      }
      for (String table : TABLES) {
        sql.execute("CREATE " + table);
      }
      for (String index : FORMER_INDICES) {
        sql.execute("DROP INDEX IF EXISTS " + index);
      }
      chainAuditLog(sql);
      createIndicesAndTriggers(sql);
      SearchIndex.create(sql);
      sql.execute(
          """
          INSERT INTO mirror_identity (mirror_id)
          SELECT lower(hex(randomblob(8))) WHERE NOT EXISTS (SELECT * FROM mirror_identity)""");
      sql.execute("PRAGMA user_version = " + VERSION);
    }
    sql.execute("COMMIT");
  }

  private static void createIndicesAndTriggers(Sql sql) throws SQLException {
    for (String index : INDICES) {
      sql.execute("CREATE " + index);
    }
    for (String trigger : AUDIT_TRIGGERS) {
      sql.execute("CREATE " + trigger);
    }
  }

  /** Before version 4 the entries of the audit log had no hashes, and nobody repeated any. */
  private static void chainAuditLog(Sql sql) throws SQLException {
    if (!AuditLog.isChained(sql)) {
      sql.execute("ALTER TABLE audit_log ADD COLUMN request_id TEXT");
      chainAnew(sql);
    } else {
      AuditLog.begin(sql);
    }
  }

  /** Makes a chain of the entries of the audit log, whatever they were before. */
  static void chainAnew(Sql sql) throws SQLException {
    sql.execute("ALTER TABLE audit_log RENAME TO audit_log_unchained");
    sql.execute("CREATE " + AUDIT_LOG);
    AuditLog.chain(sql, "audit_log_unchained");
    sql.execute("DROP TABLE audit_log_unchained");
    createIndicesAndTriggers(sql);
  }

  /**
   * Gives a read-only connection empty stand-ins for the tables that the file lacks, so that the
   * same queries read a file of the Python original, or one that no writer has opened yet.
   */
  static void standIn(Sql sql) throws SQLException {
    Set<String> tables = new HashSet<>(tables(sql));
    for (String table : TABLES) {
      if (!tables.contains(name(table))) {
        sql.execute("CREATE TEMP " + table);
      }
    }
  }

  private static List<String> tables(Sql sql) throws SQLException {
    return sql.list(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
            + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        row -> row.getString(1));
  }

  private static void checkColumns(
      Sql sql, Path file, Set<String> tables, String table, List<String> documented)
      throws SQLException {
    if (!tables.contains(table)) {
      return;
    }
    List<String> missing = new ArrayList<>(documented);
    missing.removeAll(
        sql.list("SELECT name FROM pragma_table_info(?)", row -> row.getString(1), table));
    if (!missing.isEmpty()) {
      throw otherProgram(
          file, "its table " + table + " lacks the column " + String.join(", ", missing));
    }
  }

  private static StoreException otherProgram(Path file, String why) {
    return new StoreException(
        file + " belongs to another program: " + why + ". It is left as it is; name another file.");
  }
}

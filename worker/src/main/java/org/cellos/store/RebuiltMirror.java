package org.cellos.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.cellos.domain.AuditVerification;
import org.cellos.domain.EffectKey;
import org.cellos.domain.StepOutcome;
import org.jspecify.annotations.Nullable;

/**
 * A new file that is written beside a mirror and then takes its place. It begins with every row of
 * the former file that can be read; what histories say is put over that. While it is open, nobody
 * else can work on the former file. Not thread-safe.
 */
public final class RebuiltMirror implements AutoCloseable {
  private static final String LEDGER = "effect_ledger";
  private static final String ATTEMPTS = "step_attempts";

  /** Because there is one already, or because more is to be done. */
  private static final Set<String> NOT_COPIED =
      Set.of("mirror_identity", AuditLog.TABLE, AuditLog.HEAD_TABLE);

  private static final String SOMEBODY = "somebody, before the history file was rebuilt";
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Path file;
  private final Path draft;
  private final FormerMirror former;
  private final MirrorDatabase fresh;
  private final List<String> problems = new ArrayList<>();
  private @Nullable String brokenAudit;

  private RebuiltMirror(Path file, Path draft, FormerMirror former) {
    this.file = file;
    this.draft = draft;
    this.former = former;
    this.fresh = MirrorDatabase.openDraft(draft, Clock.systemUTC());
  }

  /**
   * Begins, with what the former file still tells.
   *
   * @param file the mirror's; may be damaged or missing
   * @throws StoreException if other processes work on it, or another program wrote it; nothing has
   *     changed then
   */
  public static RebuiltMirror begin(Path file) {
    FormerMirror former = FormerMirror.open(file);
    try {
      Path absolute = file.toAbsolutePath();
      Path draft =
          absolute.resolveSibling(
              absolute.getFileName() + ".rebuilt-" + FILE_TIME.format(Instant.now()));
      RebuiltMirror rebuilt = new RebuiltMirror(file, draft, former);
      try {
        rebuilt.takeOver();
        return rebuilt;
      } catch (RuntimeException e) {
        rebuilt.close();
        throw e;
      }
    } catch (RuntimeException e) {
      former.close();
      throw e;
    }
  }

  private void takeOver() {
    fresh
        .requireWriter()
        .transaction(
            sql -> {
              for (String table : Schema.tableNames()) {
                if (!NOT_COPIED.contains(table)) {
                  former.read(table, row -> insert(sql, table, row));
                }
              }
              takeOverAudit(sql);
              return true;
            });
    problems.addAll(former.problems());
    if (brokenAudit != null) {
      problems.add("The audit log is chained anew: " + brokenAudit);
    }
    former.mirrorId().ifPresent(this::identify);
  }

  /**
   * The entries as they are, with their chain; where that is broken, with a new one, of which an
   * entry says so.
   */
  private void takeOverAudit(Sql sql) throws SQLException {
    if (former.exists()) {
      AuditLog.forgetHead(sql);
    }
    boolean[] isChained = {true};
    former.read(
        AuditLog.TABLE,
        row -> {
          // A damaged file may be of an older version.
          isChained[0] = row.columns().containsKey("hash");
          AuditLog.carryOver(sql, row);
        });
    former.read(AuditLog.HEAD_TABLE, row -> AuditLog.carryOverHead(sql, row));
    AuditVerification.Break found = new AuditTrail(sql).verify().firstBreak();
    if (found != null) {
      brokenAudit =
          isChained[0] ? found.explanation() : "Its entries in the former file had no hashes.";
      Schema.chainAnew(sql);
    }
  }

  /** Which mirror the former file was; empty where that cannot be read. */
  public Optional<String> formerMirrorId() {
    return former.mirrorId();
  }

  /** Says which mirror this is. */
  public void identify(String mirrorId) {
    fresh
        .requireWriter()
        .transaction(sql -> sql.update("UPDATE mirror_identity SET mirror_id = ?", mirrorId));
  }

  public String mirrorId() {
    return fresh.mirrorId();
  }

  /** What is stored so far. */
  public MirrorRows rows() {
    return fresh.rows();
  }

  /** What was lost, one sentence each. */
  public List<String> problems() {
    return problems;
  }

  /** Whether all that the former file had of the ledger is here. */
  public boolean hasWholeLedger() {
    return former.isComplete(LEDGER);
  }

  /** Puts the rows of an execution in the place of those that there are. */
  public void replace(StoredExecution execution) {
    fresh
        .requireWriter()
        .transaction(
            sql -> {
              for (String table : StoredExecution.TABLES) {
                sql.update(
                    "DELETE FROM " + table + " WHERE execution_id = ?", execution.executionId());
                for (StoredRow row : execution.rows(table)) {
                  insert(sql, table, row);
                }
              }
              return true;
            });
  }

  /** Whether attempts of an execution may be missing here. */
  public boolean lacksAttempts(String executionId) {
    return !former.isComplete(ATTEMPTS)
        || fresh
            .requireWriter()
            .transaction(
                sql ->
                    sql.number(
                            "SELECT count(*) FROM step_attempts WHERE execution_id = ?",
                            executionId)
                        == 0);
  }

  /** Whether the ledger or the attempts know of this attempt. */
  public boolean knows(AttemptKey key) {
    return fresh
        .requireWriter()
        .transaction(
            sql ->
                sql.number(
                        """
                        SELECT count(*) FROM step_attempts
                        WHERE execution_id = ? AND temporal_run_id = ? AND activity_id = ?""",
                        key.effect().executionId(),
                        key.temporalRunId(),
                        key.activityId())
                    > 0);
  }

  /**
   * Adds an attempt, unless it is known.
   *
   * @param endedAt null if that is not known
   * @param outcome null if that is not known
   */
  public void addAttempt(
      AttemptKey key,
      String worker,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable StepOutcome outcome) {
    EffectKey effect = key.effect();
    StoredOutcome stored = outcome == null ? null : StoredOutcome.of(outcome);
    fresh
        .requireWriter()
        .transaction(
            sql ->
                sql.update(
                    """
                    INSERT INTO step_attempts
                      (execution_id, step_index, epoch, action, attempt, worker, started_at,
                       ended_at, outcome, error_code, error_message, temporal_run_id, activity_id)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT DO NOTHING""",
                    effect.executionId(),
                    effect.stepIndex(),
                    effect.epoch(),
                    effect.action().wireValue(),
                    key.attempt(),
                    worker,
                    StoredTime.write(startedAt),
                    endedAt == null ? null : StoredTime.write(endedAt),
                    stored == null ? null : stored.status().wireValue(),
                    stored == null ? null : stored.errorCode(),
                    stored == null ? null : stored.errorMessage(),
                    key.temporalRunId(),
                    key.activityId()));
  }

  /**
   * Notes in the ledger that an effect may have happened, unless the ledger knows of it or of a
   * later epoch. Its instrument will not be told again before a person has said what happened.
   *
   * @return whether it was noted
   */
  public boolean doubt(EffectKey effect) {
    return fresh
        .requireWriter()
        .transaction(
            sql ->
                sql.update(
                        """
                        INSERT INTO effect_ledger
                          (execution_id, step_index, action, epoch, owner, worker, intent_at)
                        SELECT ?1, ?2, ?3, ?4, 'rebuild', ?5, ?6 WHERE NOT EXISTS (
                          SELECT * FROM effect_ledger
                          WHERE execution_id = ?1 AND step_index = ?2 AND action = ?3
                            AND epoch >= ?4)""",
                        effect.executionId(),
                        effect.stepIndex(),
                        effect.action().wireValue(),
                        effect.epoch(),
                        SOMEBODY,
                        StoredTime.write(Instant.now()))
                    == 1);
  }

  /** Writes into the audit log who has made this mirror, and of what. */
  public void audit(String who, String what, @Nullable String reason) {
    fresh
        .requireWriter()
        .transaction(
            sql -> {
              Instant now = Instant.now();
              if (brokenAudit != null) {
                AuditLog.add(
                    sql,
                    now,
                    "",
                    null,
                    who,
                    "chained the audit log anew, up to here; before, the chain was broken",
                    brokenAudit);
              }
              AuditLog.add(sql, now, "", null, who, what, reason);
              return true;
            });
  }

  /**
   * Takes the place of the former file, which is kept beside it.
   *
   * @return where the former file is now; empty if there was none
   */
  public Optional<Path> takeItsPlace() {
    fresh
        .requireWriter()
        .transaction(
            sql -> {
              dropOrphans(sql);
              return true;
            });
    fresh.close();
    former.close();
    try {
      force(draft);
      Optional<Path> kept = keepFormer();
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      return kept;
    } catch (IOException e) {
      throw new StoreException(
          "The rebuilt file "
              + draft
              + " cannot be put in the place of "
              + file
              + ": check the permissions of the folder. ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  /** Rows whose execution could not be read and is in no history belong to nothing. */
  private void dropOrphans(Sql sql) throws SQLException {
    for (String table : Schema.tableNames()) {
      String parent = Schema.parentOf(table);
      if (parent.isEmpty()) {
        continue;
      }
      int dropped =
          sql.update(
              "DELETE FROM "
                  + table
                  + " WHERE execution_id NOT IN (SELECT execution_id FROM "
                  + parent
                  + ")");
      if (dropped > 0) {
        problems.add(
            dropped + " rows of " + table + " belong to executions that are lost; left out.");
      }
    }
  }

  /** There is no moment at which neither file has the mirror's name. */
  private Optional<Path> keepFormer() throws IOException {
    Path name = file.toAbsolutePath();
    Path kept =
        name.resolveSibling(
            name.getFileName() + ".before-rebuild-" + FILE_TIME.format(Instant.now()));
    // A file that could not be opened still has its write-ahead log.
    for (String suffix : List.of("-wal", "-shm", "-journal")) {
      Path part = name.resolveSibling(name.getFileName() + suffix);
      if (Files.exists(part)) {
        Files.move(part, name.resolveSibling(kept.getFileName() + suffix));
      }
    }
    if (!Files.exists(name)) {
      return Optional.empty();
    }
    try {
      Files.createLink(kept, name);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(name, kept);
    }
    return Optional.of(kept);
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void insert(Sql sql, String table, StoredRow row) throws SQLException {
    List<String> columns = new ArrayList<>(row.columns().keySet());
    sql.update(
        "INSERT OR IGNORE INTO "
            + table
            + " ("
            + String.join(", ", columns)
            + ") VALUES ("
            + "?, ".repeat(columns.size() - 1)
            + "?)",
        row.columns().values().toArray());
  }

  /** Gives up what has not taken its place. */
  @Override
  public void close() {
    fresh.close();
    former.close();
    for (String suffix : List.of("", "-wal", "-shm")) {
      try {
        Files.deleteIfExists(draft.resolveSibling(draft.getFileName() + suffix));
      } catch (IOException e) {
        // It says in its name what it is.
      }
    }
  }
}
